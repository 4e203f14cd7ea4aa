# SPDX-License-Identifier: Apache-2.0
"""The core asks for no entitlement: gates stand in the wrap."""

from collections.abc import Iterator

from coreline.boundary.declared import gate
from coreline.boundary.extension import Check
from coreline.boundary.facts import Reference
from coreline.boundary.model import Finding
from coreline.boundary.subject import Subject, is_test
from coreline.boundary.world import Defined
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
    for path, asked in subject.gates:
        # A test asks on nobody's behalf: it limits no user of the core.
        if subject.is_core(path) and not is_test(path):
            yield _finding(path, asked)
    declared = {gate(one).name for one in subject.manifest.core.gates}
    for found in subject.own_gates:
        if subject.is_core(found.path) and gate(found.definition.name).name not in declared:
            yield _own(found)


def _own(found: Defined) -> Finding:
    name = found.definition.name
    return Finding(
        check="gates",
        path=found.path,
        line=found.definition.line,
        kind="gate",
        names=(name,),
        message=f"{name} looks like a license check of the core's own.",
        hint=f'Move it to the wrap. Until then declare it, core.gates = ["{name}"], so that what '
        "asks it is found; or give it a name that says what it is.",
        grade="tight",
    )


def _finding(path: str, asked: Reference) -> Finding:
    feature = f" to {asked.names[0]}" if asked.names else ""
    by = "" if asked.module in _SDK else f" ({asked.module})"
    return Finding(
        check="gates",
        path=path,
        line=asked.line,
        column=asked.column,
        kind="gate",
        guard=asked.guard,
        names=asked.names,
        message=f"The core asks whether a customer is entitled{feature}{by}.",
        hint="Ask in the wrap, and let the core call whatever registered itself at a door.",
        grade="tight",
        text=asked.text,
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
