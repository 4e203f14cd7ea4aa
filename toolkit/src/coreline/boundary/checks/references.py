# SPDX-License-Identifier: Apache-2.0
"""The core does not refer to a wrap: not by import, not by string, not in its build."""

import posixpath
from collections.abc import Iterator

from coreline.boundary.beyond.resolving import Beyond, HelperPlace
from coreline.boundary.builds.guards import PATHS_GUARD
from coreline.boundary.extension import Check
from coreline.boundary.facts import Reference
from coreline.boundary.grade import grade_of_reference
from coreline.boundary.layout import PYTHON_SUFFIXES
from coreline.boundary.model import Finding, Kind
from coreline.boundary.subject import Resolved, Subject, is_test
from coreline.manifest.model import MANIFEST_NAME, Grade

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
modules = ["acme_ee"]
"""


def _run(subject: Subject) -> Iterator[Finding]:
    for resolved in subject.references:
        # What nobody claims is a finding already, and what ties too.
        if subject.is_core(resolved.path) and resolved.reference.form != "name":
            yield _finding(resolved)
    for helper in Beyond(subject.world).helpers:
        if subject.is_core(helper.path) and not is_test(helper.path):
            yield _helper(helper)


def _finding(resolved: Resolved) -> Finding:
    path, reference, meant = resolved
    kind = _kind(path, reference)
    grade = grade_of_reference(reference)
    return Finding(
        check="references",
        path=path,
        line=reference.line,
        column=reference.column,
        kind=kind,
        guard=reference.guard,
        names=(meant.name, *reference.names),
        message=f"{_verb(kind, reference).format(meant.name)}, which is of the wrap "
        f"{meant.wrap}{_guarded(reference)}.",
        hint=_hint(kind, reference.guard, grade),
        grade=grade,
        text=reference.text,
    )


def _helper(helper: HelperPlace) -> Finding:
    reference = helper.reference
    declare = (
        f'declare it, [[wraps.{helper.wrap}.lookups]] call = "{helper.call}", core = '
        f'"{helper.core}", wrap = "{helper.into}", so that its calls are found'
    )
    door = "Let the wrap register what it replaces at a door of the core"
    return Finding(
        check="references",
        path=helper.path,
        line=reference.line,
        column=reference.column,
        kind="lookup",
        guard=reference.guard,
        names=(helper.call, helper.into),
        message=f"{helper.call} finds the mirror of a module of the core in {helper.into}, which "
        f"is of the wrap {helper.wrap}{_guarded(reference)}.",
        hint=f"{door}." if helper.is_declared else f"{door}; until then {declare}.",
        grade="tight",
        text=reference.text,
    )


def _kind(path: str, reference: Reference) -> Kind:
    if is_test(path):
        return "test"
    if reference.form == "path":
        return "string" if path.endswith(PYTHON_SUFFIXES) else "build"
    is_passed_on = reference.exported or posixpath.basename(path) == "__init__.py"
    if reference.form == "static" and is_passed_on and reference.names:
        return "re-export"
    return reference.form


_VERBS: dict[Kind, str] = {
    "static": "Imports {}",
    "local": "Imports {} when a function is called",
    "type-only": "Imports {} for its types",
    "re-export": "Passes on {}",
    "dynamic": "Looks up {}",
    "lookup": "By way of a helper, finds {}",
    "string": "Names {}",
    "build": "Needs {} to be built or installed",
    "link": "Links to {}",
    "test": "A test of the core refers to {}",
}


def _verb(kind: Kind, reference: Reference) -> str:
    is_mention = kind == "build" and not reference.needed
    return "Its build names {}" if is_mention else _VERBS[kind]


def _guarded(reference: Reference) -> str:
    if reference.guard is None:
        return ""
    if reference.guard == "try":
        return ", and does without it where it is missing"
    if reference.guard.startswith("target "):
        return f", for those who ask for the {reference.guard}"
    if reference.guard == PATHS_GUARD:
        return ", only where files of the wrap change"
    return f", guarded by {reference.guard}"


_BUILD_HINTS: dict[Grade, str] = {
    "broken": "Let the core be built, installed and tested without it; a step that needs both goes "
    "to a file of its own, which the manifest gives to the wrap.",
    "tight": "Leave it to a build of the wrap that starts from what the core's build made.",
}


def _hint(kind: Kind, guard: str | None, grade: Grade) -> str:
    if kind == "test":
        return "Move the test to the wrap."
    if kind == "type-only":
        return "Describe what the core needs by a Protocol of its own."
    if kind == "build":
        return _BUILD_HINTS[grade]
    if grade == "broken":
        return "Turn the dependence around: let the wrap register itself at a door of the core."
    if guard is not None:
        return "Replace the guard by a door (an entry-point group, a hook) that any wrap can use."
    return "Let the wrap bring this name with it, through a door of the core."


CHECK = Check(
    name="references",
    sentence="The core does not refer to a wrap: not by import, not by string, not in its build.",
    run=_run,
    follows="file",
    kept={
        MANIFEST_NAME: _MANIFEST,
        "src/acme/app.py": "from acme import plugins\n# acme_ee plugs in there.\n",
        "ee/acme_ee/__init__.py": "import acme\n",
    },
    broken={
        MANIFEST_NAME: _MANIFEST,
        "src/acme/app.py": "from acme_ee import fleet\n",
        "ee/acme_ee/__init__.py": "import acme\n",
    },
    path="src/acme/app.py",
    kind="static",
)
