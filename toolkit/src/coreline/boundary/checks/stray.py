# SPDX-License-Identifier: Apache-2.0
"""No file of the core is a copy of a wrap's, or lies in a folder that is named like a wrap's.

What a file says of its own license is looked at by the check ``spdx``.
"""

import re
from collections.abc import Iterator

from coreline.boundary.extension import Check
from coreline.boundary.likeness import Alike, is_code
from coreline.boundary.model import Finding
from coreline.boundary.overlaying import overlays
from coreline.boundary.subject import Subject
from coreline.manifest.claims import Claim
from coreline.manifest.model import MANIFEST_NAME

_MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**"]
[wraps.enterprise]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
"""
_LINES = "".join(f"total_{n} = count(seats, {n})\n" for n in range(40))

# Names that vendors give to folders of their own terms. Others ("cloud", "server") are common
# words, and a core may have such a folder beside the wrap's.
_LIKE_A_WRAP = re.compile(r"ee|enterprise|premium|pro|commercial|proprietary|paid|licensed", re.I)


def _run(subject: Subject) -> Iterator[Finding]:
    laid_over = _laid_over(subject) if subject.alike else set()
    for one in subject.alike:
        if subject.is_core(one.path) and (one.path, one.twin) not in laid_over:
            yield _copy(subject, one)
    yield from _folders(subject)


def _copy(subject: Subject, one: Alike) -> Finding:
    return Finding(
        check="stray",
        path=one.path,
        kind="stray",
        names=(one.twin,),
        message=f"{one.share:.0%} of its lines ({one.lines}) stand in {one.twin} too, which is of "
        f"{subject.side_name(one.twin)}.",
        hint="One is a copy of the other. Remove a copy of the wrap from the core; let a wrap that "
        "copied the core import it.",
    )


def _laid_over(subject: Subject) -> set[tuple[str, str]]:
    """Return the files of the core that a wrap's replace in a build, each with the wrap's.

    A file that replaces another begins as a copy of it; the check ``overlays`` says so.
    """
    found = overlays(subject.world, subject.manifest)
    return {pair for overlay in found for pair in overlay.replaced.items()}


def _folders(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each folder of the core that has the name of a wrap's."""
    last = {top.rpartition("/")[2]: wrap for top, wrap in subject.tops.items()}
    named = {name: wrap for name, wrap in last.items() if _LIKE_A_WRAP.fullmatch(name)}
    if not named:
        return
    inside = re.compile(rf"(?:^|/)({'|'.join(map(re.escape, sorted(named)))})/")
    found: dict[str, list[str]] = {}
    for path, claim in subject.claims.items():
        match = inside.search(path)
        if match is None or not is_code(path) or not isinstance(claim, Claim):
            continue
        # A pattern that names the folder has decided.
        if claim.side == "core" and not inside.search(claim.pattern):
            found.setdefault(path[: match.end(1)], []).append(path)
    for folder, paths in found.items():
        wrap = named[folder.rpartition("/")[2]]
        yield Finding(
            check="stray",
            path=paths[0],
            kind="stray",
            names=(folder,),
            message=f"{folder}/ is named like a folder of the wrap {wrap}, and is the core's "
            f"({len(paths)} {'files' if len(paths) > 1 else 'file'} of code).",
            hint=f'Add "{folder}/**" to the side that it belongs to: a pattern that names it.',
        )


CHECK = Check(
    name="stray",
    sentence="No file of the core is a copy of a wrap's or in a folder named like a wrap's.",
    run=_run,
    kept={
        MANIFEST_NAME: _MANIFEST,
        "src/a.py": "import acme\n" + _LINES.replace("count(seats, ", "other(tables, "),
        "ee/fleet.py": _LINES,
    },
    broken={
        MANIFEST_NAME: _MANIFEST,
        "src/renamed.py": "# Ours.\nimport acme\n" + _LINES.replace("    ", "\t"),
        "ee/fleet.py": "# Copyright Acme.\n" + _LINES,
    },
    path="src/renamed.py",
    kind="stray",
)
