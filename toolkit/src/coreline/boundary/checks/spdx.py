# SPDX-License-Identifier: Apache-2.0
"""Headers, license texts and package metadata say what the manifest says."""

from collections.abc import Iterator

from coreline.boundary.extension import Check
from coreline.boundary.model import Finding
from coreline.boundary.spdx.headers import header_findings
from coreline.boundary.spdx.metadata import metadata_findings
from coreline.boundary.spdx.texts import text_findings
from coreline.boundary.subject import Subject
from coreline.manifest.model import MANIFEST_NAME

_MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**", "LICENSE"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
"""
_TAG = "SPDX-License-" + "Identifier:"


def _run(subject: Subject) -> Iterator[Finding]:
    yield from header_findings(subject)
    yield from metadata_findings(subject)
    yield from text_findings(subject)


CHECK = Check(
    name="spdx",
    sentence="Headers, license texts and package metadata say what the manifest says.",
    run=_run,
    kept={
        MANIFEST_NAME: _MANIFEST,
        "LICENSE": 'All content under the "ee/" folder is licensed under "ee/LICENSE".\n',
        "src/a.py": f"# {_TAG} Apache-2.0\n",
        "ee/b.py": f"# {_TAG} LicenseRef-Acme\n",
    },
    broken={
        MANIFEST_NAME: _MANIFEST,
        "src/a.py": f"# {_TAG} LicenseRef-Acme\n",
        "ee/b.py": f"# {_TAG} LicenseRef-Acme\n",
    },
    path="src/a.py",
    kind="header",
)
