# SPDX-License-Identifier: Apache-2.0
"""Which language a file is of: by its name, or by the ``#!`` line of one whose name says none."""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from coreline.boundary.extension import Language
from coreline.manifest.globs import segment_regex

_LINE_MAX = 256


class Kinds:
    """The languages, by the names of their files.

    Args:
        languages: all languages.
    """

    def __init__(self, languages: Sequence[Language]) -> None:
        self._by_suffix = {suffix: one for one in languages for suffix in one.suffixes}
        self._exact = {name: one for one in languages for name in one.filenames if "*" not in name}
        names = [(name, one) for one in languages for name in one.filenames if "*" in name]
        self._wild = [
            (_Pattern.of(name), name.endswith("*"), one) for name, one in names if "/" not in name
        ]
        placed = [(*name.rpartition("/"), one) for name, one in names if "/" in name]
        self._placed = [(f"{folder}/", _Pattern.of(name), one) for folder, _, name, one in placed]
        self._placed_endings = tuple({pattern.end for _, pattern, _ in self._placed})
        self._folders = [(folder, one) for one in languages for folder in one.folders]
        # Nearly no name begins like one of these, or has the suffix of a pattern.
        self._open = [row for row in self._wild if row[1]]
        self._beginnings = tuple({pattern.begin for pattern, _, _ in self._open})
        self._closed: dict[str, list[tuple[_Pattern, bool, Language]]] = defaultdict(list)
        for row in self._wild:
            if not row[1]:
                self._closed[_suffix(row[0].end)].append(row)
        self._known: dict[str, Language | None] = {}
        self._by_interpreter = {name: one for one in languages for name in one.interpreters}

    def of_script(self, data: bytes) -> Language | None:
        """Return the language of a script by its ``#!`` line; None where it has none."""
        if not data.startswith(b"#!"):
            return None
        line = data[2:_LINE_MAX].partition(b"\n")[0].decode("utf-8", "replace")
        for word in line.split():
            name = word.rpartition("/")[2]
            if name == "env" or word.startswith("-") or "=" in word:
                continue
            # ``python3.12`` is python.
            return self._by_interpreter.get(name.rstrip("0123456789."))
        return None

    def of(self, path: str) -> Language | None:
        """Return the language of a path; None for text of any other kind."""
        for folder, one in self._folders:
            if folder in path and path[: path.rfind("/")].endswith(folder):
                return one
        name = path[path.rfind("/") + 1 :].lower()
        if name.endswith(self._placed_endings):
            language = self._exact.get(name) or self._of_folder(path, name)
            if language is not None:
                return language
        try:
            return self._known[name]
        except KeyError:
            language = self._known[name] = self._of_name(name)
            return language

    def _of_name(self, name: str) -> Language | None:
        language = self._exact.get(name)
        suffix = _suffix(name)
        by_suffix = self._by_suffix.get(suffix)
        if language is None:
            language = self._of_pattern(name, suffix, by_suffix)
        return by_suffix if language is None else language

    def _of_pattern(self, name: str, suffix: str, by_suffix: Language | None) -> Language | None:
        """Return the language of a pattern: ``license-mit``, but license-check.ts is code."""
        rows = self._closed.get(suffix, [])
        is_code = by_suffix is not None and by_suffix.header_line_max is None
        if not is_code and name.startswith(self._beginnings):
            # The first one that a language names decides, whichever kind it is of.
            rows = [row for row in self._wild if row in rows or row[1]]
        return next((one for pattern, _, one in rows if pattern.matches(name)), None)

    def _of_folder(self, path: str, name: str) -> Language | None:
        """Return the language of the files of a folder, such as ``.github/workflows``."""
        for folder, pattern, one in self._placed:
            at = path.rfind(folder)
            if at >= 0 and (at == 0 or path[at - 1] == "/") and pattern.matches(name):
                return one
        return None


def _suffix(name: str) -> str:
    return name[name.rfind(".") :]


class _Pattern(NamedTuple):
    """A name with stars. Nearly all have one, for which no expression is compiled."""

    begin: str
    end: str
    glob: str

    @classmethod
    def of(cls, glob: str) -> "_Pattern":
        return cls(glob.partition("*")[0], glob.rpartition("*")[2], glob)

    def matches(self, name: str) -> bool:
        if not name.startswith(self.begin) or not name.endswith(self.end):
            return False
        if self.glob.count("*") > 1:
            return _regex(self.glob).fullmatch(name) is not None
        return len(name) >= len(self.begin) + len(self.end)


@cache
def _regex(glob: str) -> re.Pattern[str]:
    return re.compile(segment_regex(glob))
