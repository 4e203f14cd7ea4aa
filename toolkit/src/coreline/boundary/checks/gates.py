# SPDX-License-Identifier: Apache-2.0
"""The core asks for no entitlement: gates stand in the wrap."""

from collections.abc import Iterator

from coreline.boundary.extension import Check
from coreline.boundary.facts import Reference
from coreline.boundary.model import Finding
from coreline.boundary.subject import Subject, is_test
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
paths = ["ee/**"]
"""
_SDK = ("entitled", "requires")
"""The gates of the SDK itself."""
_GATE = 'from coreline_sdk import Coreline\nif Coreline("acme").entitled("fleet"):\n    pass\n'


def _run(subject: Subject) -> Iterator[Finding]:
    for path, gate in subject.gates:
        # A test asks on nobody's behalf: it limits no user of the core.
        if subject.is_core(path) and not is_test(path):
            yield _finding(path, gate)


def _finding(path: str, gate: Reference) -> Finding:
    feature = f" to {gate.names[0]}" if gate.names else ""
    by = "" if gate.module in _SDK else f" ({gate.module})"
    return Finding(
        check="gates",
        path=path,
        line=gate.line,
        column=gate.column,
        kind="gate",
        guard=gate.guard,
        names=gate.names,
        message=f"The core asks whether a customer is entitled{feature}{by}.",
        hint="Ask in the wrap, and let the core call whatever registered itself at a door.",
        grade="tight",
        text=gate.text,
    )


CHECK = Check(
    name="gates",
    sentence="The core asks for no entitlement: gates stand in the wrap.",
    run=_run,
    follows="file",
    kept={MANIFEST_NAME: _MANIFEST, "src/a.py": "import acme\n", "ee/gate.py": _GATE},
    broken={MANIFEST_NAME: _MANIFEST, "src/a.py": _GATE, "ee/b.py": ""},
    path="src/a.py",
    kind="gate",
)
