# SPDX-License-Identifier: Apache-2.0
"""The license that package metadata declares, against the side that the package is on."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from coreline.boundary.expressions import agrees, plain_operands, without_version_choice
from coreline.boundary.facts import EMPTY, Declared
from coreline.boundary.languages.license_text import TEXT_FIELD
from coreline.boundary.model import Finding
from coreline.boundary.spdx.judging import readable
from coreline.boundary.spdx_texts import is_open, speaks_proprietary
from coreline.boundary.subject import Subject, is_example, is_test

_CLOSED = re.compile(r"proprietary|commercial|^unlicensed$|all rights reserved", re.I)
_POINTS_TO = re.compile(r"^see licen[sc]e in ['\"<]?([^'\"<>\s]+)", re.I)
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
        for field, said in _by_field(facts.declared).items():
            # Several licenses in one field are a choice (composer.json, pom.xml, gemspecs).
            is_choice = "classifiers" not in field and any(fits(one.value, side) for one in said)
            for declared in () if is_choice else said:
                if not fits(declared.value, side):
                    yield _finding(subject, path, declared, side)
            for declared in said:
                yield from _pointed(subject, path, declared, side)


def _by_field(declared: Iterable[Declared]) -> dict[str, list[Declared]]:
    found: dict[str, list[Declared]] = defaultdict(list)
    for one in declared:
        if one.field != TEXT_FIELD:
            found[one.field].append(one)
    return found


def _pointed(subject: Subject, path: str, declared: Declared, side: str) -> Iterator[Finding]:
    """Follow ``SEE LICENSE IN x``: the file has to be there, and of the package's own side."""
    match = _POINTS_TO.match(declared.value)
    if match is None:
        return
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), match[1]))
    if target not in subject.claims:
        said = f"points to {target}, which does not exist: nothing says the terms"
        yield _contradicts(path, declared, said, "Add the file, or declare the license itself.")
        return
    texts = [one.value for one in subject.facts.get(target, EMPTY).declared]
    if subject.is_core(path) != subject.is_core(target):
        said = f"points to {target}, which is of {subject.side_name(target)}"
        yield _contradicts(path, declared, said, f"Point to a text of {subject.side_name(path)}.")
    elif texts and not fits(texts[0], side):
        said = f'points to {target}, a text of {texts[0]}, but the side is under "{side}"'
        yield _contradicts(path, declared, said, f'Point to a text of "{side}".')


def _contradicts(path: str, declared: Declared, said: str, hint: str) -> Finding:
    return Finding(
        check="spdx",
        path=path,
        line=declared.line,
        kind="metadata",
        names=(declared.field, declared.value),
        message=f"{declared.field} {said}.",
        hint=hint,
        text=declared.text,
    )


def fits(value: str, side: str) -> bool:
    """Whether a license that metadata declares is what a side has, or says nothing against it."""
    if value in plain_operands(side) or _POINTS_ELSEWHERE.match(value):
        return True
    if value.startswith("License ::"):
        return _classifier_fits(value, side)
    if _CLOSED.search(value):
        return not is_open(side)
    expression = readable(value)
    if expression is None:
        return not (speaks_proprietary(value) and is_open(side))
    stated, expected = without_version_choice(expression), without_version_choice(side)
    return bool(agrees(expression, side)) or bool(agrees(stated, expected))


def _classifier_fits(value: str, side: str) -> bool:
    """Compare a trove classifier, which only says whether a license is open."""
    if "OSI Approved" in value:
        return is_open(side)
    return not ("Proprietary" in value and is_open(side))


def _finding(subject: Subject, path: str, declared: Declared, side: str) -> Finding:
    said = f'says "{declared.value}", but {subject.side_name(path)} is under "{side}"'
    hint = f'Declare "{side}", or give the package to the other side.'
    return _contradicts(path, declared, said, hint)
