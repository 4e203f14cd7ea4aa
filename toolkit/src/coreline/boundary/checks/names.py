# SPDX-License-Identifier: Apache-2.0
"""The core reads no setting, variable, table, message or flag that only a wrap defines."""

from collections.abc import Iterator

from coreline.boundary.extension import Check
from coreline.boundary.grade import grade_of_reference
from coreline.boundary.model import Finding
from coreline.boundary.subject import Resolved, Subject, is_test
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
paths = ["enterprise/**"]
"""
_SETUP = "def setup(settings):\n    settings.FLEET_SIZE_MAX = 100\n"
_WHAT = {
    "setting": "the setting {}",
    "environment": "the environment variable {}",
    "table": "the table {}",
    "message": "the message {}",
    "flag": "the flag {}",
    "declared": "{}",
}


def _run(subject: Subject) -> Iterator[Finding]:
    for resolved in subject.references:
        if subject.is_core(resolved.path) and resolved.reference.form == "name":
            yield _finding(subject, resolved)


def _finding(subject: Subject, resolved: Resolved) -> Finding:
    path, reference, meant = resolved
    kind = subject.world.names.defined.get(meant.name, ("", "declared"))[1]
    guard = "" if reference.guard is None else f", guarded by {reference.guard}"
    return Finding(
        check="names",
        path=path,
        line=reference.line,
        column=reference.column,
        kind="test" if is_test(path) else "name",
        guard=reference.guard,
        names=(meant.name,),
        message=f"Uses {_WHAT[kind].format(meant.name)}, which only the wrap {meant.wrap} "
        f"defines{_where(subject, meant.name)}{guard}.",
        hint="Define it in the core, or let the wrap hand over its value at a door of the core.",
        grade=grade_of_reference(reference),
        text=reference.text,
    )


def _where(subject: Subject, name: str) -> str:
    """Return the first place where a file of the wrap defines a name."""
    for one in subject.world.definitions:
        if one.definition.name == name:
            return f" ({one.path}:{one.definition.line})"
    return ""


CHECK = Check(
    name="names",
    sentence="The core reads no setting, variable, table, message or flag that only a wrap "
    "defines.",
    run=_run,
    follows="file",
    kept={
        MANIFEST_NAME: _MANIFEST,
        "src/acme/app.py": "from acme import settings\nsize = settings.FLEET_SIZE_MAX\n",
        "src/acme/settings.py": "FLEET_SIZE_MAX = 10\n",
        "enterprise/acme_enterprise/config.py": _SETUP,
    },
    broken={
        MANIFEST_NAME: _MANIFEST,
        "src/acme/app.py": "from acme import settings\nsize = settings.FLEET_SIZE_MAX\n",
        "enterprise/acme_enterprise/config.py": _SETUP,
    },
    path="src/acme/app.py",
    kind="name",
)
