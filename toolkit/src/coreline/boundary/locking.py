# SPDX-License-Identifier: Apache-2.0
"""Lock files as a language: their packages are facts, and those of a wrap are references.

What the readers in ``locks/`` share is here too. A lock file is data from elsewhere: whatever is
wrong with it ends as trouble of that file, never as an error of the run.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple, TypeVar

import msgspec

from coreline.boundary.extension import Example, Language, Lock, Source
from coreline.boundary.facts import FileFacts, Locked, Reference, Trouble
from coreline.boundary.names import normalize
from coreline.boundary.text import LENGTH_MAX

PACKAGES_MAX = 50_000
"""More packages than this are no lock of a product; the rest is trouble, not memory."""

T = TypeVar("T")


def language_of(lock: Lock) -> Language:
    """Return a lock format as a language whose files are always read."""

    def extract(source: Source) -> FileFacts:
        return facts_of(source, lock)

    return Language(
        name=lock.name,
        sentence=lock.sentence,
        version=lock.version,
        extract=extract,
        examples=tuple(Example(one.code) for one in lock.examples),
        filenames=lock.filenames,
        always=True,
    )


def facts_of(source: Source, lock: Lock) -> FileFacts:
    """Return what a lock file pins, and which of it is a wrap's."""
    try:
        packages = tuple(islice(lock.read(source.data), PACKAGES_MAX + 1))
    except (ValueError, RecursionError, msgspec.MsgspecError):
        return FileFacts(trouble=Trouble(1, f"no valid {lock.name}"))
    if len(packages) > PACKAGES_MAX:
        return FileFacts(trouble=Trouble(1, f"pins more than {PACKAGES_MAX:,} packages"))
    ours = [one for one in packages if source.hits and normalize(one.name) in source.names.packages]
    lines = source.data.split(b"\n") if ours else []
    return FileFacts(
        packages=tuple(one for one in packages if one not in ours) if ours else packages,
        references=tuple(_reference(lines, one) for one in ours),
    )


def _reference(lines: list[bytes], package: Locked) -> Reference:
    text = lines[package.line - 1].decode("utf-8", "replace").rstrip()[:LENGTH_MAX]
    return Reference(
        line=package.line,
        column=max(0, text.find(package.name)) + 1,
        form="build",
        module=package.name,
        text=text,
    )


def decode(data: bytes, kind: type[T]) -> T:
    """Return JSON as a type; what the type does not name is passed over.

    Raises:
        msgspec.MsgspecError: it is no JSON or of another shape.
        RecursionError: it is nested too deeply.
    """
    return msgspec.json.decode(data, type=kind)


class Lines:
    """The lines of keys that are asked for in the order of the file, at one pass over it.

    Args:
        data: JSON as the tools write it, with a space after each colon.
        opening: the bracket that the values of the keys begin with.
    """

    def __init__(self, data: bytes, opening: bytes) -> None:
        self._data = data
        self._opening = b": " + opening
        self._at = 0
        self._line = 1

    def of(self, key: str) -> int:
        """Return the line of the next place of a JSON key; the last one where there is none."""
        found = self._data.find(msgspec.json.encode(key) + self._opening, self._at)
        if found >= 0:
            self._line += self._data.count(b"\n", self._at, found)
            self._at = found
        return self._line


class Block(NamedTuple):
    """One ``[[package]]`` of a lock in TOML, with the tables below it."""

    line: int
    text: str

    def value(self, key: str) -> str:
        """Return the string of a key, empty where there is none."""
        match = re.search(rf'^{key} = "([^"\n]*)"', self.text, re.MULTILINE)
        return match[1] if match else ""

    def raw(self, key: str) -> str | None:
        """Return what is written for a key of any type, over several lines where it is a list."""
        match = re.search(rf"^{key} = (\[[^\]]*\]|[^\n]*)", self.text, re.MULTILINE)
        return match[1] if match else None


def blocks(data: bytes, table: str = "package") -> Iterator[Block]:
    """Yield the packages of a lock in TOML.

    The tools write these files and nobody else, always in the same way: reading lines is thirty
    times faster than parsing TOML, and cannot be nested.

    Raises:
        ValueError: it is no UTF-8.
    """
    text = data.decode("utf-8").replace("\r\n", "\n")
    head, *rest = re.split(rf"^\[\[{table}\]\]\n", text, flags=re.MULTILINE)
    line = head.count("\n") + 1
    if not rest and text.strip() and "=" not in text:
        raise ValueError("no TOML")
    for one in rest:
        yield Block(line + 1, one)
        line += one.count("\n") + 1


def is_dev_group(name: str) -> bool:
    """Whether a group of dependencies is, by its name, for developers alone."""
    return _DEV_GROUP.search(name.lower()) is not None


_DEV_GROUP = re.compile(
    r"(^|[-_.])(dev|develop|development|tests?|testing|lint|linting|linters?|format|docs?|typing|"
    r"types|ci|mypy|release|bench|benchmarks?|debug|style|coverage|qa|checks?)([-_.]|$)"
)


def reached(roots: Iterable[str], edges: Mapping[str, Iterable[str]]) -> set[str]:
    """Return what can be reached from some roots."""
    seen: set[str] = set()
    waiting = list(roots)
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting.extend(edges.get(one, ()))
    return seen


def rows(data: bytes) -> list[str]:
    """Return the lines of a text, as everything else counts them.

    Raises:
        ValueError: it is no UTF-8.
    """
    return data.decode("utf-8").replace("\r\n", "\n").split("\n")


def strings(value: object) -> list[str]:
    """Return the texts of a list, or of one text."""
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
