# SPDX-License-Identifier: Apache-2.0
"""The comment that a file begins with, whatever its language, as words with their lines.

Knows how comments of most languages look, not which language a file is of: a header stands before
any code, so the first line that is no comment ends it.
"""

import re
from bisect import bisect_right
from typing import NamedTuple

LINES_MAX = 80
"""A header that begins further down is none."""

ALONE_MAX = 12
"""So many lines are short."""

_BLOCKS = (
    ("/*", "*/"),
    ("<!--", "-->"),
    ('"""', '"""'),
    ("'''", "'''"),
    ("{#", "#}"),
    ("{{/*", "*/}}"),
    ("<%--", "--%>"),
    ("<%#", "%>"),
    ("(*", "*)"),
    ("{-", "-}"),
    ("=begin", "=end"),
    ("#=", "=#"),
    ("@*", "*@"),
)
_LINES = ("#", "//", "--", ";", "%", "dnl ", "rem ", "REM ", "@rem ", "..", "!", "'", "*")
# What may stand before a header without being code that it could speak of.
_BEFORE = re.compile(
    r"""<\?(php|xml).*|<!doctype.*|["'](use \w+)["'];?|@charset.*|"""
    r"""(<(template|script|style)[^>]*>)?|package [\w.]+;?|declare\(strict_types.*""",
    re.IGNORECASE,
)
WORD = re.compile(r"[a-z0-9]+(?:\.[a-z0-9]+)*")


class Comment(NamedTuple):
    """The words of a comment in lower case, joined by single spaces, and where lines begin."""

    words: str
    starts: tuple[int, ...]
    lines: tuple[int, ...]
    is_alone: bool
    """Whether the file is this short comment and nothing else."""

    def line(self, offset: int) -> int:
        """Return the line of the file where an offset in the words stands."""
        return self.lines[max(0, bisect_right(self.starts, offset) - 1)] if self.lines else 1


def first_comment(head: bytes) -> Comment:
    """Return the comment that some bytes begin with; empty where they begin with anything else."""
    words: list[str] = []
    starts: list[int] = []
    numbers: list[int] = []
    length = 1
    rows, is_all = _comment_lines(head.decode("utf-8", "replace"))
    for number, text in rows:
        found = " ".join(WORD.findall(text.lower()))
        if found:
            words.append(found)
            starts.append(length)
            numbers.append(number)
            length += len(found) + 1
    is_alone = is_all and len(rows) < ALONE_MAX
    return Comment(f" {' '.join(words)} ", tuple(starts), tuple(numbers), is_alone)


def _comment_lines(text: str) -> tuple[list[tuple[int, str]], bool]:
    """Return the lines of the comment with their numbers, and whether nothing follows it."""
    found: list[tuple[int, str]] = []
    closing = ""
    for number, raw in enumerate(text.split("\n", LINES_MAX)[:LINES_MAX], 1):
        line = raw.strip().lstrip("\ufeff")
        if not closing:
            opened = next((pair for pair in _BLOCKS if line.startswith(pair[0])), None)
            if opened is not None:
                closing, line = opened[1], line[len(opened[0]) :]
            elif line.startswith(_LINES):
                found.append((number, line))
                continue
            elif _BEFORE.fullmatch(line):
                continue
            else:
                return found, False
        inside, closed, _ = line.partition(closing)
        found.append((number, inside))
        if closed:
            closing = ""
    return found, True
