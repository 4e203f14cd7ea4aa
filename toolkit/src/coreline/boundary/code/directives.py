# SPDX-License-Identifier: Apache-2.0
"""Conditional compilation by lines that begin with ``#``: C, C++ and C#.

Read from the lines themselves: a grammar loses track of them where macros break its rules.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

from coreline.boundary.code.conditions import flag_in
from coreline.boundary.code.guards import DEAD

_DIRECTIVE = re.compile(
    rb"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b((?:\\\r?\n|[^\n])*)",
    re.MULTILINE,
)
_DEFINED = re.compile(r"\bdefined\b\s*\(?\s*(\w+)\s*\)?")
_NOTES = re.compile(r"/\*.*?\*/|//.*", re.DOTALL)
# What compilers and operating systems define, and versions of what is compiled against: code for
# them is no option of whoever builds the product.
_GIVEN = re.compile(
    r"^_|VERSION|_(GE|GT|LE|LT|OR_GREATER)$|^(WIN(32|64|DOWS)?|LINUX|UNIX|APPLE|DARWIN|MACOS|MSVC"
    r"|FREEBSD|OPENBSD|NETBSD|SOLARIS|NDEBUG|DEBUG|TRACE|RELEASE|HAVE_\w+|NET(\d|STANDARD|COREAPP"
    r"|FRAMEWORK)\w*|PG\d+\w*|BSD|HPUX|AIX|HASINCLUDE)$"
)
_NAME = re.compile(r"\b[A-Za-z_]\w*\b")
_DEPTH_MAX = 1000
_TEXT_MAX = 2000


class _Part(NamedTuple):
    start: int
    guard: str | None


def conditions(data: bytes) -> Callable[[int], str | None]:
    """Return what says which guard holds at an offset: ``flag NAME``, ``probe`` or none."""
    parts = [_Part(0, None)]
    stack: list[tuple[str | None, str | None]] = []
    for match in _DIRECTIVE.finditer(data):
        word, text = match[1].decode(), match[2][:_TEXT_MAX].decode("utf-8", "replace")
        if word in ("if", "ifdef", "ifndef"):
            if len(stack) < _DEPTH_MAX:
                guard = None if _is_once(data, match, word, text) else _guard(word, text)
                stack.append((guard, guard))
        elif word == "endif" and stack:
            stack.pop()
        elif stack and word != "endif":
            # What is behind ``else`` is reached by the same question.
            first = stack[-1][0]
            alive = None if first == DEAD else first
            stack[-1] = (first, alive if word == "else" else _guard(word, text) or alive)
        parts.append(_Part(match.end(), _whole([guard for _, guard in stack])))
    starts = [part.start for part in parts]
    return lambda offset: parts[max(0, bisect_right(starts, offset) - 1)].guard


def _whole(guards: list[str | None]) -> str | None:
    if DEAD in guards:
        return DEAD
    return next((guard for guard in reversed(guards) if guard is not None), None)


def _is_once(data: bytes, match: "re.Match[bytes]", word: str, text: str) -> bool:
    """Whether it is the guard of a header against being included twice."""
    names = _NAME.findall(_DEFINED.sub(r"\1", text))
    if word != "ifndef" and "!" not in text:
        return False
    following = data[match.end() : match.end() + 300].lstrip()
    return (
        bool(names)
        and re.match(rb"#[ \t]*define[ \t]+" + re.escape(names[0].encode()) + rb"\b", following)
        is not None
    )


def _guard(word: str, text: str) -> str | None:
    bare = _NOTES.sub(" ", text.replace("\\\n", " ")).strip()
    if "__has_include" in bare:
        return "probe"
    if word in ("if", "elif") and bare.strip("()") in ("0", "false"):
        return DEAD
    plain = _DEFINED.sub(r"\1", bare)
    if all(_GIVEN.search(name) for name in _NAME.findall(plain)):
        return None
    if word.endswith("def"):
        return f"flag {plain.split()[0][:60]}" if plain else None
    kept = " && ".join(
        part
        for part in re.split(r"&&|\|\|", plain)
        if not any(_GIVEN.search(name) for name in _NAME.findall(part))
    )
    return flag_in(kept, lambda _: True)
