# SPDX-License-Identifier: Apache-2.0
"""The directives of ``go.mod`` and ``go.work`` (Go Modules Reference, "go.mod files")."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`\n]*`|//[^\n]*|=>|[()]|[^\s()"`]+')
_LINES_MAX = 200_000


class Directive(NamedTuple):
    """One line of a file, those in a block with the block's word."""

    line: int
    verb: str
    """``module``, ``require``, ``replace`` …"""
    words: tuple[str, ...]
    """What follows, without quotes and comments."""

    @property
    def replacement(self) -> tuple[str, str] | None:
        """The module that is replaced and what replaces it; None where nothing is."""
        if "=>" not in self.words:
            return None
        at = self.words.index("=>")
        old, new = self.words[:at], self.words[at + 1 :]
        return (old[0], new[0]) if old and new else None


def directives(text: str) -> Iterator[Directive]:
    """Yield the directives of a file. What is none of them is passed over."""
    block = ""
    for number, raw in enumerate(text.split("\n", _LINES_MAX), 1):
        words = [_unquote(one) for one in _TOKEN.findall(raw) if not one.startswith("//")]
        if not words:
            continue
        if block and words[0] == ")":
            block = ""
        elif block:
            yield Directive(number, block, tuple(words))
        elif len(words) > 1 and words[1] == "(":
            block = words[0]
        else:
            yield Directive(number, words[0], tuple(words[1:]))


def _unquote(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] in '"`' and word[-1] == word[0] else word


def is_local(path: str) -> bool:
    """Whether a replacement is a folder and not a module."""
    return path.startswith(("./", "../", "/")) or path in (".", "..")
