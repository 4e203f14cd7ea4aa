# SPDX-License-Identifier: Apache-2.0
"""Where tables and keys stand in the text of a declaration: TOML readers keep values only."""

import re

_HEADER = re.compile(r"""^\s*\[\s*([\w-]+)\s*\.\s*(?:"([^"]+)"|'([^']+)'|([\w-]+))\s*\]""")
_KEY = re.compile(r"""^\s*["']?([\w-]+)["']?\s*=""")


class Places:
    """Line numbers, counted from 1, of each ``[kind.name]`` and the keys below it."""

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, str, str], int] = {}
        table: tuple[str, str] | None = None
        inside = ""
        for number, line in enumerate(text.splitlines(), 1):
            if inside:
                inside = "" if inside in line else inside
                continue
            header, key = _HEADER.match(line), _KEY.match(line)
            if header:
                table = header[1], header[2] or header[3] or header[4]
                self._lines.setdefault((*table, ""), number)
            elif key and table:
                self._lines.setdefault((*table, key[1]), number)
            inside = _opens(line)

    def line(self, kind: str, name: str, key: str = "") -> int:
        """Return the line of a key, else of its table, else 0."""
        return self._lines.get((kind, name, key)) or self._lines.get((kind, name, "")) or 0


def _opens(line: str) -> str:
    """Return the quotes of a text of many lines that begins on this line and goes on."""
    for quotes in ('"""', "'''"):
        if line.count(quotes) == 1:
            return quotes
    return ""
