# SPDX-License-Identifier: Apache-2.0
"""The names by which code reaches a wrap: modules that the core must not know, packages it sells.

A Python module's name depends on the folder that programs start from, which no file states. So the
imports of the repository itself are asked first: the longest name under which a wrap's folder is
imported is its name.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from coreline.proposal.metadata import packages
from coreline.proposal.model import Evidence, Owner
from coreline.proposal.survey import Survey, folders_above
from coreline.proposal.vocabulary import ABOUT, FOREIGN

_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+([A-Za-z_][\w.]*)", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_]\w*")
# A folder of tests or scripts is no module that a core could come to need.
_ASIDE = frozenset(["tests", "test", "docs", "scripts", "migrations", "src", "lib", "bin"])
_ASIDE_PARTS = _ASIDE - {"src", "lib"}
# What a folder is named, not what anybody installs.
_UNNAMED = frozenset(
    ["frontend", "backend", "web", "app", "api", "ui", "server", "client", "website"]
)
_PUBLISHED = re.compile(r"@?[\w.-]+(?:/[\w.-]+)?")

Named = Mapping[str, Evidence]


def wrap_modules(
    survey: Survey, owners: Mapping[str, Owner], decided: Mapping[str, Owner]
) -> dict[str, Named]:
    """Return, for each wrap, the names under which its code is imported, with why."""
    found: dict[str, dict[str, Evidence]] = defaultdict(dict)
    imported = _imported(survey)
    packaged = {path.rpartition("/")[0] for path in survey.paths if path.endswith("/__init__.py")}
    for path in sorted(survey.heads):
        wrap = owners[path]
        folder = next((one for one in folders_above(path) if one in decided), None)
        if wrap is None or folder is None:
            continue
        if path.endswith((".py", ".pyi")) and not _ASIDE_PARTS & set(path.split("/")[:-1]):
            for name in _python(path, folder, packaged, imported):
                found[wrap].setdefault(name, _evidence(name, path, imported))
        elif path.endswith(".go"):
            for name, evidence in _go(survey, folder):
                found[wrap].setdefault(name, evidence)
    for package in packages(survey):
        owner = owners.get(package.path)
        if owner is not None and package.kind == "npm" and _PUBLISHED.fullmatch(package.name):
            evidence = Evidence(package.path, 1, f"the npm package {package.name}")
            found[owner].setdefault(package.name, evidence)
    taken: set[str] = set()
    return {wrap: _untaken(_outermost(found[wrap]), taken) for wrap in sorted(found)}


def side_packages(survey: Survey, owners: Mapping[str, Owner]) -> dict[Owner, Named]:
    """Return, for each side, the distributions that its metadata names, with why."""
    found: dict[Owner, dict[str, Evidence]] = defaultdict(dict)
    taken: dict[str, Owner] = {}
    for package in packages(survey):
        published = package.kind in ("python", "npm", "cargo", "gem") and not package.private
        published = published and package.name not in _UNNAMED
        aside = FOREIGN | ABOUT | _ASIDE | {"e2e-tests"}
        if (
            published
            and _PUBLISHED.fullmatch(package.name)
            and not (aside & set(package.folder.split("/")))
        ):
            owner = owners.get(package.path)
            # A name is of one side: of the one whose metadata is nearer to the root (PEP 503).
            if taken.setdefault(re.sub(r"[-_.]+", "-", package.name).lower(), owner) == owner:
                says = f"the {package.kind} package {package.name}"
                found[owner].setdefault(package.name, Evidence(package.path, 1, says))
    return dict(found)


def _untaken(names: Named, taken: set[str]) -> Named:
    """Leave out names that another wrap has, and take the rest."""
    own = {name: evidence for name, evidence in names.items() if name not in taken}
    taken.update(own)
    return own


def _imported(survey: Survey) -> dict[str, str]:
    """Return every dotted name, and every prefix of one, that Python files import, and where."""
    found: dict[str, str] = {}
    for path, head in survey.heads.items():
        if path.endswith(".py"):
            for name in set(_IMPORT.findall(head)):
                while name and name not in found:
                    found[name] = path
                    name = name.rpartition(".")[0]
    return found


def _python(
    path: str, folder: str, packaged: set[str], imported: Mapping[str, str]
) -> Iterator[str]:
    """Yield the name of the outermost module of a wrap that a file belongs to."""
    parts = path.split("/")[:-1]
    depth = folder.count("/")
    # From the wrap's own folder inwards: the first that is imported, or is a package at all.
    for end in range(depth, len(parts) + 1):
        if not _NAME.fullmatch(parts[end - 1]) or parts[end - 1] in _ASIDE:
            continue
        for start in range(end):
            name = ".".join(parts[start:end])
            if name in imported and all(_NAME.fullmatch(part) for part in parts[start:end]):
                yield name
                return
        if "/".join(parts[:end]) in packaged:
            yield ".".join(_package_parts(parts[:end], packaged))
            return


def _package_parts(parts: list[str], packaged: set[str]) -> list[str]:
    start = len(parts) - 1
    while start > 0 and "/".join(parts[:start]) in packaged:
        start -= 1
    return parts[start:]


def _evidence(name: str, path: str, imported: Mapping[str, str]) -> Evidence:
    if name in imported:
        return Evidence(imported[name], 0, f"imports {name}")
    return Evidence(path, 0, f"a file of the package {name}")


def _go(survey: Survey, folder: str) -> Iterator[tuple[str, Evidence]]:
    """Yield the import path of a wrap's folder in the Go module around it."""
    around = [p for p in packages(survey) if p.kind == "go" and folder.startswith(p.folder)]
    for module in around[-1:]:
        rest = folder[len(module.folder) : -1]
        name = f"{module.name}/{rest}" if rest else module.name
        yield name, Evidence(module.path, 1, f"module {module.name}")


def _outermost(names: Mapping[str, Evidence]) -> Named:
    """Leave out names inside another one: ``ee.sso`` where ``ee`` is named."""

    def inside(name: str, others: Iterable[str]) -> bool:
        return any(name.startswith((other + ".", other + "/")) for other in others)

    return {name: names[name] for name in sorted(names) if not inside(name, names)}
