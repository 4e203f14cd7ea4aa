# SPDX-License-Identifier: Apache-2.0
"""Lines and columns of bytes, as a report shows them."""

from typing import NamedTuple

LENGTH_MAX = 240
"""A line of code is cut to this many characters: minified files have lines of megabytes."""


class Place(NamedTuple):
    """A place in a file: line and column from 1 (in characters), and the line's text."""

    line: int
    column: int
    text: str


class Lines:
    """The lines of one file, counted as far as anyone asks.

    Args:
        data: the file; what is not UTF-8 is shown as U+FFFD.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._counted = 0
        self._line = 1

    def place(self, offset: int) -> Place:
        """Return where a byte stands. Costs least where offsets are asked for in order."""
        if offset < self._counted:
            self._counted, self._line = 0, 1
        self._line += self._data.count(b"\n", self._counted, offset)
        self._counted = offset
        # A line of megabytes is not looked at whole: a column beyond this reach is cut.
        reach = max(0, offset - _REACH)
        start = max(reach, self._data.rfind(b"\n", reach, offset) + 1)
        end = self._data.find(b"\n", offset, start + 4 * LENGTH_MAX)
        raw = self._data[start : end if end >= 0 else start + 4 * LENGTH_MAX]
        column = len(_shown(self._data[start:offset])) + 1
        text = _shown(raw).rstrip()[:LENGTH_MAX]
        return Place(self._line, column, text)


def _shown(raw: bytes) -> str:
    """Return the text of some bytes as an editor counts it: a byte order mark is no character."""
    return raw.decode("utf-8", "replace").removeprefix("\ufeff")


_REACH = 64 * 1024
