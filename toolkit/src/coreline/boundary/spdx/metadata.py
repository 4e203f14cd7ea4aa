# SPDX-License-Identifier: Apache-2.0
"""The license that package metadata declares, against the side that the package is on."""

import re
from collections.abc import Iterator

from coreline.boundary.expressions import (
    agrees,
    as_expression,
    plain_operands,
    without_version_choice,
)
from coreline.boundary.facts import Declared
from coreline.boundary.languages.license_text import TEXT_FIELD
from coreline.boundary.model import Finding
from coreline.boundary.spdx_texts import is_open, speaks_proprietary
from coreline.boundary.subject import Subject, is_example, is_test

_CLOSED = re.compile(r"proprietary|commercial|^unlicensed$|all rights reserved", re.I)
_POINTS_ELSEWHERE = re.compile(r"^see licen[sc]e", re.I)


def metadata_findings(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each declared license that contradicts the side of its file.

    Packages inside tests are inputs of the tests and declare what they like; those of examples are
    for others to fill in.
    """
    for path, facts in subject.facts.items():
        side = subject.side_spdx(path) if facts.declared else None
        if side is None or is_test(path) or is_example(path):
            continue
        for declared in facts.declared:
            if declared.field != TEXT_FIELD and not fits(declared.value, side):
                yield _finding(subject, path, declared, side)


def fits(value: str, side: str) -> bool:
    """Whether a license that metadata declares is what a side has, or says nothing against it."""
    if value in plain_operands(side) or _POINTS_ELSEWHERE.match(value):
        return True
    if value.startswith("License ::"):
        return _classifier_fits(value, side)
    expression = as_expression(value)
    if expression is None:
        is_closed = bool(_CLOSED.search(value)) or speaks_proprietary(value)
        return not (is_closed and is_open(side))
    if _CLOSED.search(value):
        return not is_open(side)
    stated, expected = without_version_choice(expression), without_version_choice(side)
    return bool(agrees(expression, side)) or bool(agrees(stated, expected))


def _classifier_fits(value: str, side: str) -> bool:
    """Compare a trove classifier, which only says whether a license is open."""
    if "OSI Approved" in value:
        return is_open(side)
    return not ("Proprietary" in value and is_open(side))


def _finding(subject: Subject, path: str, declared: Declared, side: str) -> Finding:
    owner = subject.side_name(path)
    return Finding(
        check="spdx",
        path=path,
        line=declared.line,
        kind="metadata",
        names=(declared.field, declared.value),
        message=f'{declared.field} says "{declared.value}", but {owner} is under "{side}".',
        hint=f'Declare "{side}", or give the package to the other side.',
        text=declared.text,
    )
