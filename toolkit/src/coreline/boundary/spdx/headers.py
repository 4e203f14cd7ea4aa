# SPDX-License-Identifier: Apache-2.0
"""SPDX headers against the license of the side that a file is on."""

from collections.abc import Iterator

from coreline.boundary.expressions import agrees
from coreline.boundary.facts import Header
from coreline.boundary.model import Finding
from coreline.boundary.subject import Subject


def header_findings(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each file whose header states another license than its side has."""
    for path, facts in subject.facts.items():
        side = subject.side_spdx(path) if facts.header is not None else None
        if facts.header is not None and side is not None:
            fits = agrees(facts.header.expression, side)
            if not fits:
                yield _finding(subject, path, facts.header, side, is_expression=fits is not None)


def _finding(
    subject: Subject, path: str, header: Header, side: str, *, is_expression: bool
) -> Finding:
    owner = subject.side_name(path)
    if is_expression:
        message = f'The header says "{header.expression}", but {owner} is under "{side}".'
        hint = (
            "Give the file to the side whose license it has, or correct the header. For files "
            f'borrowed from others, say "{side} AND {header.expression}" in the manifest.'
        )
    else:
        message = f'The header\'s "{header.expression}" is no SPDX license expression.'
        hint = f'Write "{side}".'
    return Finding(
        check="spdx",
        path=path,
        line=header.line,
        kind="header",
        names=(header.expression,),
        message=message,
        hint=hint,
        text=f"SPDX-License-Identifier: {header.expression}",
    )
