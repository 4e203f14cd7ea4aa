# SPDX-License-Identifier: Apache-2.0
"""What a repository shows without saying: how its tests are run, its doors, its wrap's features.

Nothing is run to find out.
"""

import re
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from coreline.proposal.metadata import Package, line_of, packages
from coreline.proposal.model import Evidence, Owner
from coreline.proposal.product import Said
from coreline.proposal.survey import Survey
from coreline.proposal.vocabulary import FOREIGN, slug

_TEST_TARGET = re.compile(r"^(?:test|tests)\b[^:=\n]*:(?!=)", re.MULTILINE)
_NO_TEST = re.compile(r"no test specified")
# Folders of a module that say how code is laid out, not what it does.
_LAYOUT = frozenset(
    [
        *("api", "apps", "assets", "base", "bin", "client", "common", "components", "config"),
        *("conf", "constants", "context", "controllers", "core", "css", "data", "db", "dist"),
        *(
            "docs",
            "errors",
            "features",
            "fixtures",
            "forms",
            "generated",
            "graphql",
            "handlers",
            "helpers",
        ),
        *("hooks", "i18n", "images", "img", "internal", "layouts", "lib", "libs", "locale"),
        *("locales", "management", "middleware", "middlewares", "migrations", "mixins", "mocks"),
        *("models", "modules", "node_modules", "pages", "partials", "plugins", "public"),
        *("resolvers", "resources", "router", "routes", "schemas", "scripts", "scss"),
        *("serializers", "server", "services", "settings", "shared", "signals", "sql", "src"),
        *("static", "store", "stores", "storage", "styles", "tasks", "templates"),
        *("templatetags", "test", "testing", "tests", "types", "typings", "ui", "util", "utils"),
        *("vendor", "views", "web", "webapp", "workers", "ws"),
    ]
)
FEATURES_MAX = 8


class Suggestion(NamedTuple):
    """A part of a wrap that looks like a feature."""

    name: str
    wrap: str
    folder: str
    """Without a slash at its end."""


def test_commands(survey: Survey, owners: Mapping[str, Owner]) -> list[Said]:
    """Return the commands that evidently test the core: the root's, else its packages'."""
    found = [said for said in _all_tests(survey) if owners.get(said.evidence.path) is None]
    at_root = [said for said in found if "/" not in said.evidence.path]
    return at_root[:1] or list({said.name: said for said in reversed(found)}.values())[::-1][:4]


def _all_tests(survey: Survey) -> Iterator[Said]:
    for path in ("Makefile", "makefile", "GNUmakefile"):
        text = survey.texts.get(path, "")
        target = _TEST_TARGET.search(text)
        if target:
            line = text.count("\n", 0, target.start()) + 1
            yield Said("make test", Evidence(path, line, f"the target {target[0].strip()}"))
    if ".rspec" in survey.paths:
        yield Said("bundle exec rspec", Evidence(".rspec", 0, "settings of RSpec"))
    for package in packages(survey):
        if package.folder.count("/") <= 1 and not package.folder.startswith("."):
            command = _test_of(survey, package)
            if command is not None:
                yield command


def _test_of(survey: Survey, package: Package) -> Said | None:
    folder = shlex.quote(package.folder[:-1]) if package.folder else ""
    if not folder.isprintable():
        return None
    text = survey.texts[package.path]
    script = package.scripts.get("test", "")
    if script and not _NO_TEST.search(script):
        command = f"npm --prefix {folder} test" if folder else "npm test"
        evidence = Evidence(package.path, line_of(text, '"test"'), f"the script test: {script}")
        return Said(command, evidence)
    if "tox" in package.tools and not folder:
        return Said("tox", Evidence(package.path, 1, "settings of tox"))
    if "pytest" in package.tools:
        command = f"python -m pytest {folder}".rstrip()
        return Said(command, Evidence(package.path, line_of(text, "pytest"), "settings of pytest"))
    if package.kind == "go" and not folder:
        return Said("go test ./...", Evidence(package.path, 1, "a Go module"))
    if package.kind == "cargo" and not folder:
        return Said("cargo test", Evidence(package.path, 1, "a Cargo package"))
    return None


def doors(survey: Survey, owners: Mapping[str, Owner], product: str) -> list[Said]:
    """Return the entry-point groups of the product that packages of a wrap attach to."""
    found: dict[str, Said] = {}
    for package in packages(survey):
        for group in package.entry_points:
            if owners.get(package.path) is not None and slug(group).startswith(slug(product)):
                line = line_of(survey.texts[package.path], group)
                evidence = Evidence(package.path, line, f"{package.name} attaches to {group}")
                found.setdefault(group, Said(f"entry-point:{group}", evidence))
    return list(found.values())


def suggested_features(
    survey: Survey, owners: Mapping[str, Owner], decided: Mapping[str, Owner], modules: set[str]
) -> list[Suggestion]:
    """Return the folders of each wrap's code that are named after what they do."""
    children: dict[str, dict[str, bool]] = defaultdict(dict)
    for path in survey.heads:
        if owners[path] is not None:
            parts = path.split("/")
            for depth in range(1, len(parts) - 1):
                children["/".join(parts[:depth]) + "/"][parts[depth]] = True
    found: dict[tuple[str, str], Suggestion] = {}
    for folder in _roots(children, decided, modules):
        wrap = decided.get(folder) or next(
            (owner for around, owner in decided.items() if owner and folder.startswith(around)),
            None,
        )
        for child in _parts(folder, children):
            name = slug(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", child.rpartition("/")[2]))
            if wrap and name and name not in _LAYOUT and name[0].isalpha():
                found.setdefault((wrap, name), Suggestion(name, wrap, folder + child))
    return _limited(list(found.values()))


def _parts(folder: str, children: Mapping[str, Mapping[str, bool]]) -> Iterator[str]:
    """Yield the folders in a folder; where one only collects others, those."""
    for child in sorted(children[folder]):
        if child in ("features", "modules", "packages", "plugins"):
            yield from (f"{child}/{inner}" for inner in sorted(children[f"{folder}{child}/"]))
        else:
            yield child


def _limited(found: list[Suggestion]) -> list[Suggestion]:
    """Keep some for each wrap, and name those apart that two wraps have."""
    counts = Counter(suggestion.name for suggestion in found)
    kept: dict[str, list[Suggestion]] = defaultdict(list)
    for one in found:
        if len(kept[one.wrap]) < FEATURES_MAX:
            name = one.name if counts[one.name] == 1 else f"{one.wrap}-{one.name}"
            kept[one.wrap].append(one._replace(name=name))
    return [one for wrap in kept.values() for one in wrap]


def _roots(
    children: Mapping[str, Mapping[str, bool]], decided: Mapping[str, Owner], modules: set[str]
) -> list[str]:
    """Return the folders whose children are parts: the wrap's modules, else the wrap itself."""
    last = {module.rpartition(".")[2].rpartition("/")[2] for module in modules}
    aside = FOREIGN | {"tests", "test", "spec", "e2e-tests", "docs", "changelog"}
    wraps = [folder for folder, owner in decided.items() if owner is not None]
    known = [
        folder
        for folder in sorted(children)
        if folder[:-1].rpartition("/")[2] in last
        and any(folder.startswith(wrap) for wrap in wraps)
        and not aside & set(folder.split("/"))
    ]
    named = {wrap for wrap in wraps for folder in known if folder.startswith(wrap)}
    return known + [
        wrap for wrap in wraps if wrap not in named and not aside & set(wrap.split("/"))
    ]
