# SPDX-License-Identifier: Apache-2.0
"""No file of the core is replaced, by path, by a file of a wrap when the product is built."""

from collections.abc import Iterator

from coreline.boundary.extension import Check
from coreline.boundary.model import Finding
from coreline.boundary.overlaying import Overlay, overlays
from coreline.boundary.subject import Subject
from coreline.manifest.model import MANIFEST_NAME

_MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["app/**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
"""
_DECLARED = f"""{_MANIFEST}
[[wraps.ee.overlays]]
wrap = "ee/app"
core = "app"
"""


def _run(subject: Subject) -> Iterator[Finding]:
    for overlay in overlays(subject.world, subject.manifest):
        for path, by in sorted(overlay.replaced.items()):
            if subject.is_core(path):
                yield _finding(overlay, path, by)


def _finding(overlay: Overlay, path: str, by: str) -> Finding:
    core = overlay.core or "."
    hint = "Give the core a door (a hook, an entry point) where the wrap adds what it changes here"
    if overlay.said_by:
        said = f" as {overlay.said_by} does"
        hint += (
            f'; until then declare [[wraps.{overlay.wrap}.overlays]] wrap = "{overlay.folder}", '
            f'core = "{core}"'
        )
    else:
        said = ""
    return Finding(
        check="overlays",
        path=path,
        kind="overlay",
        names=(by,),
        message=f"{by}, which is of the wrap {overlay.wrap}, replaces this file where "
        f"{overlay.folder}/ is laid over {core}/{said}.",
        hint=f"{hint}.",
        grade="tight",
    )


CHECK = Check(
    name="overlays",
    sentence="No file of the core is replaced by a file of a wrap when the product is built.",
    run=_run,
    follows="paths",
    kept={
        MANIFEST_NAME: _DECLARED,
        "app/notes.rb": "class Notes\nend\n",
        "ee/app/fleet.rb": "class Fleet\nend\n",
    },
    broken={
        MANIFEST_NAME: _DECLARED,
        "app/notes.rb": "class Notes\nend\n",
        "ee/app/notes.rb": "class Notes\n  FLEET = 1\nend\n",
    },
    path="app/notes.rb",
    kind="overlay",
)
