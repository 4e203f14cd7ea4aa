# SPDX-License-Identifier: Apache-2.0
"""Every file of the core that can name a wrap could be read and understood."""

from collections.abc import Iterator

from coreline.boundary.extension import Check
from coreline.boundary.model import Finding
from coreline.boundary.subject import Subject
from coreline.manifest.model import MANIFEST_NAME

_MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
modules = ["acme_ee"]
"""


def _run(subject: Subject) -> Iterator[Finding]:
    for unreadable in subject.unreadable:
        yield Finding(
            check="coverage",
            path=unreadable.path,
            line=unreadable.line,
            kind="unreadable",
            message=f"Not analyzed: {unreadable.reason}. Whether the line holds here is unknown.",
            hint="Make the file readable (fetch it, mend its syntax), then check again.",
        )


CHECK = Check(
    name="coverage",
    sentence="Every file of the core that can name a wrap could be read and understood.",
    run=_run,
    kept={MANIFEST_NAME: _MANIFEST, "src/a.py": "def broken(:\n"},
    broken={MANIFEST_NAME: _MANIFEST, "src/a.py": "class (((\n acme_ee . ) = =\n"},
    path="src/a.py",
    kind="unreadable",
)
