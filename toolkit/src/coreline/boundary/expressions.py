# SPDX-License-Identifier: Apache-2.0
"""Whether an SPDX license expression agrees with the one that the manifest gives a side.

The library that knows the SPDX list is only imported where two texts differ.
"""

import re
from functools import cache
from typing import NamedTuple, Protocol

from coreline.boundary.spdx.compatibility import EITHER, ROWS
from coreline.boundary.spdx_texts import named_licenses

_LENGTH_MAX = 400
"""A text longer than this is no license expression that anyone wrote by hand."""


class Parsed(NamedTuple):
    """A license expression, taken apart."""

    operator: str
    """``AND``, ``OR``, ``WITH``, or empty for a single license."""
    parts: "tuple[Parsed, ...]"
    """What it joins; of WITH the license and the exception."""
    text: str


class _Expression(Protocol):
    """What is used of a parsed expression; the library ships no types."""

    operator: str
    args: tuple["_Expression", ...]


class _Licensing(Protocol):
    def parse(self, expression: str) -> _Expression | None: ...

    def unknown_license_keys(self, expression: str) -> list[str]: ...

    def is_equivalent(self, one: _Expression, other: _Expression) -> bool: ...


@cache
def agrees(stated: str, side: str) -> bool | None:
    """Whether what a file states fits its side; None where it is no SPDX expression.

    It fits where both mean the same, where each license of the file is one of several that the
    side joins by AND (``Apache-2.0 AND BSD-3-Clause`` for a side with borrowed files), and where
    the file leaves a choice (OR) of which the side is a part.
    """
    if stated == side or stated in plain_operands(side):
        return True
    plain, wanted = _plainly(stated), _plainly(side)
    if plain is not None and wanted is not None:
        return _agrees_plainly(plain, wanted)
    parsed, expected = _parse(stated), _parse(side)
    if parsed is None or expected is None:
        return None
    if _licensing().is_equivalent(parsed, expected):
        return True
    allowed = _operands(expected, "AND")
    if all(part in allowed for part in _operands(parsed, "AND")):
        return True
    return str(expected) in _operands(parsed, "OR")


def plain_operands(side: str) -> list[str]:
    """Return the licenses that a side joins by AND, none where the expression is no such list."""
    is_plain = not re.search(r"[()]|\b(OR|WITH)\b", side)
    return side.split(" AND ") if is_plain else []


def as_expression(text: str) -> str | None:
    """Return the license expression that a free text means, such as ``MIT License``."""
    if _parse(text) is not None:
        return text
    names = named_licenses(text)
    return names[0] if len(names) == 1 else None


@cache
def parse(text: str) -> Parsed | None:
    """Take an expression apart; None where it is none, or nested beyond any that is written."""
    plain = _plainly(text)
    if plain is not None:
        return plain
    parsed = _parse(text)
    try:
        return None if parsed is None else _apart(parsed)
    except RecursionError:
        return None


def _apart(expression: _Expression) -> Parsed:
    operator = getattr(expression, "operator", "").strip()
    if operator:
        parts = tuple(_apart(one) for one in expression.args)
        return Parsed(operator, parts, str(expression))
    license_, _, exception = str(expression).partition(" WITH ")
    if not exception:
        return Parsed("", (), license_)
    both = (Parsed("", (), license_), Parsed("", (), exception))
    return Parsed("WITH", both, str(expression))


def current(spdx: str) -> str:
    """Return an id as the SPDX list has it today: GPL-2.0 and GPL-2.0+ are old names."""
    old = _OLD_GNU.match(spdx)
    if old is not None:
        return f"{old[1].upper()}GPL-{old[2]}-{'or-later' if old[3] else 'only'}"
    return spdx.removesuffix("+")


_OLD_GNU = re.compile(r"^(A|L|)GPL-(\d\.\d)(\+?)$", re.IGNORECASE)
_KNOWN = {spdx.lower(): spdx for row in ROWS for spdx in row.ids} | {
    one.lower(): one for one in EITHER
}


@cache
def _plainly(text: str) -> Parsed | None:
    """Take apart what nearly all expressions are: ids of the table, joined by one operator."""
    words = text.removeprefix("(").removesuffix(")").split()
    names, operators = words[::2], set(words[1::2])
    if len(words) % 2 == 0 or len(operators) > 1 or not operators <= {"AND", "OR"}:
        return None
    known = [_known(name) for name in names]
    parts = tuple(Parsed("", (), name) for name in known if name is not None)
    if len(parts) < len(names):
        return None
    return parts[0] if not operators else Parsed(operators.pop(), parts, text)


def _known(name: str) -> str | None:
    if re.fullmatch(r"LicenseRef-[A-Za-z0-9.-]+", name):
        return name
    return _KNOWN.get(current(name).lower()) if not name.endswith("+") or "GPL" in name else None


def _agrees_plainly(stated: Parsed, side: Parsed) -> bool:
    """Answer what ``agrees`` asks where both are plain."""
    own = {one.text for one in stated.parts} or {stated.text}
    allowed = {one.text for one in side.parts} or {side.text}
    if stated.operator == side.operator and own == allowed:
        return True
    if stated.operator == "OR":
        return not side.parts and side.text in own
    return side.operator != "OR" and own <= allowed


def without_version_choice(expression: str) -> str:
    """Return an expression without "only" and "or later", which a license text does not say."""
    for ending in ("-only", "-or-later", "+"):
        expression = expression.replace(ending, "")
    return expression


@cache
def _licensing() -> _Licensing:
    from license_expression import (  # type: ignore[import-untyped]  # It ships no types.
        get_spdx_licensing,
    )

    licensing: _Licensing = get_spdx_licensing()
    return licensing


@cache
def _parse(text: str) -> _Expression | None:
    from license_expression import ExpressionError, ExpressionParseError

    if len(text) > _LENGTH_MAX:
        return None
    licensing = _licensing()
    try:
        unknown = licensing.unknown_license_keys(text)
        parsed = licensing.parse(text)
    except (ExpressionError, ExpressionParseError, RecursionError):
        return None
    return parsed if all(_is_own(key) for key in unknown) else None


def _is_own(key: str) -> bool:
    """Whether a name outside the SPDX list is one that a document may define (SPDX annex D)."""
    return key.startswith(("LicenseRef-", "DocumentRef-"))


def _operands(expression: _Expression, operator: str) -> set[str]:
    if getattr(expression, "operator", "").strip() == operator:
        return {str(part) for part in expression.args}
    return {str(expression)}
