# SPDX-License-Identifier: Apache-2.0
"""Headers against the license of the side that a file is on: SPDX tags, and terms in words.

Where a header and the manifest differ, the header is the truth about the file: whoever reads the
file alone has nothing else.
"""

import re
from collections.abc import Iterator

from coreline.boundary.expressions import agrees, without_version_choice
from coreline.boundary.facts import Header
from coreline.boundary.model import Finding
from coreline.boundary.spdx.judging import judge, uses_of
from coreline.boundary.spdx_texts import is_open
from coreline.boundary.subject import Subject, is_test


def header_findings(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each file whose header states another license than its side has."""
    for path, facts in subject.facts.items():
        header = facts.header or facts.terms
        side = subject.side_spdx(path) if header is not None else None
        if header is None or side is None:
            continue
        if facts.header is None:
            if not _may_stand(subject, path, header, side):
                yield _finding(subject, path, header, side, True, "")
            continue
        fits = agrees(header.expression, side)
        # A wrap may hold what others gave to everybody. A core says which licenses it has.
        may_stand = is_open(header.expression) and not subject.is_core(path) and fits is not None
        if not fits and not (may_stand and _may_stand(subject, path, header, side)):
            tag = f"SPDX-License-Identifier: {header.expression}"
            yield _finding(subject, path, header, side, fits is not None, tag)


def borrowed(subject: Subject) -> Iterator[tuple[str, Header]]:
    """Yield the files whose header states other terms that the side may pass on.

    Such files are mostly somebody else's; the line holds in them. What tests hold is not shipped.
    """
    for path, facts in subject.facts.items():
        header = facts.header or facts.terms
        side = subject.side_spdx(path) if header is not None else None
        if header is None or side is None or is_test(path):
            continue
        if facts.header is not None and (subject.is_core(path) or not is_open(header.expression)):
            continue
        if not _fits(header.expression, side) and _is_borrowed(subject, path, header, side):
            yield path, header


def _may_stand(subject: Subject, path: str, header: Header, side: str) -> bool:
    """Whether a header is of the side's own terms, or of others' that the side may pass on."""
    if _is_template(path, header) or _fits(header.expression, side):
        return True
    return _is_borrowed(subject, path, header, side)


def _is_template(path: str, header: Header) -> bool:
    """Whether a file is what scripts put at the beginning of others: it has nothing to license."""
    return header.is_alone and _TEMPLATE.search(path.rpartition("/")[2]) is not None


_TEMPLATE = re.compile(r"licen[sc]e|copyright|header|boilerplate", re.IGNORECASE)


def _fits(stated: str, side: str) -> bool:
    """Whether words mean the side's license. They know no name of a vendor's own terms."""
    if not is_open(stated) and not is_open(side):
        return True
    return bool(agrees(stated, side)) or bool(
        agrees(without_version_choice(stated), without_version_choice(side))
    )


def _is_borrowed(subject: Subject, path: str, header: Header, side: str) -> bool:
    """Whether a side may pass on a file of other terms, and the terms are no other side's."""
    if _other_side(subject, path, header.expression) is not None:
        return False
    verdicts = {judge(header.expression, use).verdict for use in uses_of(side)}
    return verdicts <= {"yes", "conditions"}


def _other_side(subject: Subject, path: str, stated: str) -> str | None:
    """Return the side whose license a header states, None where it is no other side's."""
    manifest = subject.manifest
    if subject.is_core(path):
        if is_open(stated):
            return None
        wraps = {name: wrap.spdx for name, wrap in manifest.wraps.items()}
        exact = [name for name, spdx in wraps.items() if agrees(stated, spdx)]
        closed = [name for name, spdx in wraps.items() if not is_open(spdx)]
        chosen = exact or (closed if len(closed) == 1 else [])
        return f"the wrap {chosen[0]}" if chosen else None
    return "the core" if agrees(stated, manifest.core.spdx) else None


def _finding(
    subject: Subject, path: str, header: Header, side: str, is_expression: bool, text: str
) -> Finding:
    owner, stated = subject.side_name(path), header.expression
    other = _other_side(subject, path, stated) if is_expression else None
    shown = "is proprietary" if stated == "LicenseRef-Proprietary" else f'says "{stated}"'
    if not is_expression:
        message = f'The header\'s "{stated}" is no SPDX license expression.'
        hint = f'Write "{side}".'
    elif other is not None:
        message = f'The header {shown}, as {other} is, but {owner} is under "{side}".'
        hint = f"Give the file to {other} in the manifest, or correct the header."
    else:
        message = f'The header {shown}, but {owner} is under "{side}".'
        hint = (
            "Give the file to the side whose license it has, or correct the header. For files "
            f'borrowed from others, say "{side} AND {stated}" in the manifest.'
        )
    return Finding(
        check="spdx",
        path=path,
        line=header.line,
        kind="header",
        names=(stated,),
        message=message,
        hint=hint,
        text=text,
    )
