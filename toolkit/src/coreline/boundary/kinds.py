# SPDX-License-Identifier: Apache-2.0
"""Which language a file is of: by its name, or by the ``#!`` line of one whose name says none."""

import re
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
        # Nearly no name begins or ends like one of these, which is asked first.
        wild = [pattern for pattern, _, _ in self._wild]
        self._beginnings = tuple({one.begin for one in wild if one.begin})
        self._endings = tuple({one.end for one in wild if not one.begin})
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
        language = self._exact.get(name)
        if language is None and name.endswith(self._placed_endings):
            language = self._of_folder(path, name)
        if language is None and (name.startswith(self._beginnings) or name.endswith(self._endings)):
            language = self._of_pattern(name)
        if language is None:
            language = self._by_suffix.get(name[name.rfind(".") :])
        return language

    def _of_pattern(self, name: str) -> Language | None:
        """Return the language of a pattern: ``license-mit``, but license-check.ts is code."""
        by_suffix = self._by_suffix.get(name[name.rfind(".") :])
        is_code = by_suffix is not None and by_suffix.header_line_max is None
        for pattern, is_open, one in self._wild:
            if pattern.matches(name) and not (is_open and is_code):
                return one
        return None

    def _of_folder(self, path: str, name: str) -> Language | None:
        """Return the language of the files of a folder, such as ``.github/workflows``."""
        for folder, pattern, one in self._placed:
            at = path.rfind(folder)
            if at >= 0 and (at == 0 or path[at - 1] == "/") and pattern.matches(name):
                return one
        return None


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
