# SPDX-License-Identifier: Apache-2.0
"""Signals by which a segment shows itself: a bare name, or a comparison with a number."""

import operator
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_SIGNAL = re.compile(
    r"(?P<name>[a-z][a-z0-9_.-]*)(?:\s*(?P<sign>[<>]=?|[=!]=)\s*(?P<number>-?\d{1,15}(?:\.\d{1,9})?))?",
    re.ASCII,
)


class Signal(NamedTuple):
    """One signal: that something is so (no comparison), or how much there is of it."""

    name: str
    comparison: str | None = None
    number: float | None = None

    def holds(self, values: Mapping[str, object]) -> bool:
        """Whether the values of an install show the signal. A missing value does not."""
        value = values.get(self.name)
        if self.comparison is None or self.number is None:
            return bool(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return _COMPARISONS[self.comparison](value, self.number)


def parse_signal(text: str) -> Signal | None:
    """Return a signal such as ``sso`` or ``seats >= 50``; None where the text is neither."""
    found = _SIGNAL.fullmatch(text.strip())
    if found is None:
        return None
    number = found["number"]
    return Signal(found["name"], found["sign"], None if number is None else float(number))
