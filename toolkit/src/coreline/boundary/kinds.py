# SPDX-License-Identifier: Apache-2.0
"""Which language a file is of: by its name, or by the ``#!`` line of one whose name says none."""

import re
from collections.abc import Sequence

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
            (_regex(name), name.endswith("*"), one) for name, one in names if "/" not in name
        ]
        self._placed = [
            (name[: name.rindex("/") + 1], _regex(name[name.rindex("/") + 1 :]), one)
            for name, one in names
            if "/" in name
        ]
        self._placed_endings = tuple({name.rpartition("*")[2] for name, _ in names if "/" in name})
        self._folders = [(folder, one) for one in languages for folder in one.folders]
        # Nearly no name begins or ends like one of these, which is asked first.
        wild = [name.partition("*") for name, _ in names if "/" not in name]
        self._beginnings = tuple({begin for begin, _, _ in wild if begin})
        self._endings = tuple({end for begin, _, end in wild if not begin})

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
        for regex, is_open, one in self._wild:
            if regex.fullmatch(name) and not (is_open and is_code):
                return one
        return None

    def _of_folder(self, path: str, name: str) -> Language | None:
        """Return the language of the files of a folder, such as ``.github/workflows``."""
        for folder, regex, one in self._placed:
            at = path.rfind(folder)
            if at >= 0 and (at == 0 or path[at - 1] == "/") and regex.fullmatch(name):
                return one
        return None


def _regex(name: str) -> re.Pattern[str]:
    return re.compile(segment_regex(name))
