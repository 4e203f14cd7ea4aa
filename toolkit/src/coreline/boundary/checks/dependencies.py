# SPDX-License-Identifier: Apache-2.0
"""Each side may ship the third parties' packages that its lock files pin."""

from collections.abc import Iterator

from coreline.boundary.extension import Check
from coreline.boundary.model import Finding
from coreline.boundary.spdx.dependencies import dependency_findings, survey_of
from coreline.boundary.subject import Subject
from coreline.manifest.model import MANIFEST_NAME

_MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["web/**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
modules = ["acme_ee"]
"""
_LOCK = """{"lockfileVersion": 3, "packages": {
"node_modules/pad": {"version": "1.3.0", "license": "MIT"},
"node_modules/either": {"version": "1.0.0", "license": "(MIT OR GPL-3.0-or-later)"},
"node_modules/tool": {"version": "2.0.0", "dev": true, "license": "GPL-3.0-only"}
}}
"""


def _run(subject: Subject) -> Iterator[Finding]:
    yield from dependency_findings(survey_of(subject))


CHECK = Check(
    name="dependencies",
    sentence="Each side may ship the third parties' packages that its lock files pin.",
    run=_run,
    kept={MANIFEST_NAME: _MANIFEST, "web/package-lock.json": _LOCK},
    broken={
        MANIFEST_NAME: _MANIFEST,
        "web/package-lock.json": _LOCK.replace('"dev": true, ', ""),
    },
    path="web/package-lock.json",
    kind="dependency",
)
