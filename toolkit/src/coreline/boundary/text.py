# SPDX-License-Identifier: Apache-2.0
"""Lines and columns of bytes, as a report shows them."""

from bisect import bisect_right
from typing import NamedTuple

LENGTH_MAX = 240
"""A line of code is cut to this many characters: minified files have lines of megabytes."""


class Place(NamedTuple):
    """A place in a file: line and column from 1 (in characters), and the line's text."""

    line: int
    column: int
    text: str


class Lines:
    """The lines of one file, found once.

    Args:
        data: the file; what is not UTF-8 is shown as U+FFFD.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._starts: list[int] | None = None

    def place(self, offset: int) -> Place:
        """Return where a byte stands."""
        starts = self._begin()
        number = bisect_right(starts, offset)
        start = starts[number - 1]
        end = starts[number] - 1 if number < len(starts) else len(self._data)
        # A character has at most four bytes, so more of the line is never shown.
        raw = self._data[start : min(end, start + 4 * LENGTH_MAX)]
        column = len(self._data[start:offset].decode("utf-8", "replace")) + 1
        return Place(number, column, raw.decode("utf-8", "replace").rstrip()[:LENGTH_MAX])

    def _begin(self) -> list[int]:
        if self._starts is None:
            self._starts = [0]
            at = self._data.find(b"\n")
            while at >= 0:
                self._starts.append(at + 1)
                at = self._data.find(b"\n", at + 1)
        return self._starts
