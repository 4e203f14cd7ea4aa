# SPDX-License-Identifier: Apache-2.0
"""Globs of the manifest: matching many paths against many patterns, and which is more specific.

``*`` is any run of characters within one folder, ``**`` any number of whole folders, ``?`` one
character other than a slash. Everything else is literal, brackets and parentheses too: folders
named ``[id]`` and ``(app)`` are common in web frameworks, character classes in claims are not.
A pattern without a wildcard that names a folder does not claim what is in it: write ``folder/**``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache


def to_regex(pattern: str) -> str:
    """Return the regular expression, to be used with ``fullmatch``, of one glob."""
    parts = pattern.split("/")
    out: list[str] = []
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if part == "**":
            out.append(".*" if last else "(?:[^/]+/)*")
        else:
            segment = "".join(_ONE.get(char) or re.escape(char) for char in part)
            out.append(segment if last else segment + "/")
    return "(?s:" + "".join(out) + ")"


_ONE = {"*": "[^/]*", "?": "[^/]"}


@lru_cache(maxsize=4096)
def covers(wide: str, narrow: str) -> bool:
    """Whether every path that ``narrow`` matches is matched by ``wide`` too.

    Sound, and complete for patterns as people write them: a wildcard of ``narrow`` is only taken
    as covered by a wildcard of ``wide`` that is at least as broad.
    """
    return _covers(tuple(wide.split("/")), tuple(narrow.split("/")))


def _covers(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    if not wide:
        return not narrow
    if wide[0] == "**":
        if len(wide) == 1:
            # A trailing ** stands for at least one more segment.
            return bool(narrow)
        return _covers(wide[1:], narrow) or (bool(narrow) and _covers(wide, narrow[1:]))
    if not narrow or narrow[0] == "**":
        return False
    return _covers_segment(wide[0], narrow[0]) and _covers(wide[1:], narrow[1:])


def _covers_segment(wide: str, narrow: str) -> bool:
    if not wide:
        return not narrow
    if wide[0] == "*":
        return _covers_segment(wide[1:], narrow) or (
            bool(narrow) and _covers_segment(wide, narrow[1:])
        )
    if not narrow or narrow[0] == "*":
        return False
    if wide[0] != "?" and wide[0] != narrow[0]:
        return False
    return _covers_segment(wide[1:], narrow[1:])


class GlobSet:
    """Patterns compiled once, for one pass over many paths.

    Patterns are kept under the folder they literally begin with, so a path is only tried against
    those that can match it: the cost grows with the depth of a path, not with the patterns.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._exact: dict[str, int] = {}
        self._under: dict[str, list[tuple[int, re.Pattern[str] | None]]] = defaultdict(list)
        for number, pattern in enumerate(patterns):
            if "*" not in pattern and "?" not in pattern:
                self._exact.setdefault(pattern, number)
                continue
            folder = _literal_folder(pattern)
            rest = pattern[len(folder) :]
            compiled = None if rest == "**" else re.compile(to_regex(rest))
            self._under[folder].append((number, compiled))

    def matches(self, path: str) -> list[int]:
        """Return the numbers of the patterns that match a path, in no particular order."""
        found: list[int] = []
        exact = self._exact.get(path)
        if exact is not None:
            found.append(exact)
        for folder in _folders(path):
            for number, compiled in self._under.get(folder, ()):
                if compiled is None or compiled.fullmatch(path, len(folder)):
                    found.append(number)
        return found


def _literal_folder(pattern: str) -> str:
    """Return the leading folders of a pattern that hold no wildcard, with a slash at the end."""
    wildcard = min(i for i in (pattern.find("*"), pattern.find("?")) if i >= 0)
    return pattern[: pattern.rfind("/", 0, wildcard) + 1]


def _folders(path: str) -> Iterator[str]:
    yield ""
    slash = path.find("/")
    while slash >= 0:
        yield path[: slash + 1]
        slash = path.find("/", slash + 1)
