# SPDX-License-Identifier: Apache-2.0
"""The trees of many commits, each read once, and sums over them.

Two commits mostly differ in a few files. Whatever adds up over files is therefore added up folder
by folder, and a folder that did not change is not looked at again. Reading is left to a function.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Literal

from coreline.boundary.check import owner_of
from coreline.boundary.extension import Language
from coreline.boundary.history.code import is_code
from coreline.boundary.kinds import Kinds
from coreline.manifest.claims import Line
from coreline.sources.objects import EMPTY_TREE, tree_rows

Read = Callable[[Iterable[bytes]], Iterator[bytes]]
"""Trees of the repository by their ids, in order."""

Place = tuple[str, bytes]
"""A folder, ``""`` for the root, and the tree that it is in some commit."""

_Kind = Literal["file", "link", "submodule"]
_FOLDER, _LINK, _FILE = 0o040000, 0o120000, 0o100000


class File:
    """One content at one path; most commits share it with the ones before."""

    __slots__ = (
        "blob",
        "claim",
        "is_code",
        "key",
        "kind",
        "language",
        "number",
        "owner",
        "path",
        "won",
    )

    def __init__(self, path: str, blob: bytes, kind: _Kind, line: Line, kinds: Kinds) -> None:
        self.path = path
        self.blob = blob
        self.kind = kind
        self.won, self.claim = line.outcome(path)
        self.owner = owner_of(self.claim)
        self.language: Language | None = kinds.of(path)
        self.is_code = kind == "file" and is_code(path)
        reader = "link" if kind == "link" else "" if self.language is None else self.language.name
        # What the facts of a file depend on beside the names.
        self.key = f"{blob.hex()}{'w' if self.owner else 'c'}{reader}"
        self.number = 0


class Forest:
    """The trees of some commits.

    Args:
        line: gives each path its side.
        kinds: give each path its language.
        read: reads trees.
    """

    def __init__(self, line: Line, kinds: Kinds, read: Read) -> None:
        self._line = line
        self._kinds = kinds
        self._read = read
        self._rows: dict[str, dict[bytes, File | Place]] = {}
        self._trees: dict[Place, list[File | Place]] = {("", EMPTY_TREE): []}
        self._levels: list[list[Place]] = []
        self.files: list[File] = []
        """Each different content of each path."""

    def grow(self, roots: Iterable[bytes]) -> None:
        """Read the trees of some commits, a level of folders at a time."""
        level: list[Place] = [("", root) for root in dict.fromkeys(roots)]
        level = [place for place in level if place not in self._trees]
        for depth in count():
            if not level:
                break
            if depth == len(self._levels):
                self._levels.append([])
            self._levels[depth] += level
            below: dict[Place, None] = {}
            for place, data in zip(level, self._read(tree for _, tree in level), strict=True):
                self._trees[place] = entries = self._entries(place[0], tree_rows(data))
                below.update(dict.fromkeys(one for one in entries if type(one) is tuple))
            level = [place for place in below if place not in self._trees]

    def _entries(self, folder: str, rows: list[bytes]) -> list[File | Place]:
        known = self._rows.setdefault(folder, {})
        found = list(map(known.get, rows))
        if None in found:
            for row in rows:
                if row not in known:
                    known[row] = self._entry(folder, row)
        return [known[row] for row in rows]

    def _entry(self, folder: str, row: bytes) -> File | Place:
        mode, _, raw = row[:-21].partition(b" ")
        name = raw.decode("utf-8", "surrogateescape")
        path = f"{folder}/{name}" if folder else name
        bits = int(mode, 8) & 0o170000
        if bits == _FOLDER:
            return path, row[-20:]
        kind: _Kind = "file" if bits == _FILE else "link" if bits == _LINK else "submodule"
        file = File(path, row[-20:], kind, self._line, self._kinds)
        file.number = len(self.files)
        self.files.append(file)
        return file

    def levels(self) -> Iterator[list[Place]]:
        """Yield all folders, those of one depth together, the deepest first."""
        yield [("", EMPTY_TREE)]
        yield from reversed(self._levels)

    def entries(self, place: Place) -> Sequence[File | Place]:
        """Return what a folder holds."""
        return self._trees[place]

    def sums(self, values: Sequence[int]) -> dict[bytes, int]:
        """Return a sum over the files of each root.

        Args:
            values: of each file, by its number.
        """
        done: dict[Place, int] = {("", EMPTY_TREE): 0}
        for level in reversed(self._levels):
            for place in level:
                entries = self._trees[place]
                done[place] = sum(
                    values[one.number] if isinstance(one, File) else done[one] for one in entries
                )
        return {tree: total for (folder, tree), total in done.items() if not folder}

    def chosen(self, flags: Sequence[bool]) -> dict[bytes, tuple[File, ...]]:
        """Return the files of each root that are flagged, in the order of their paths."""
        done: dict[Place, tuple[File, ...]] = {("", EMPTY_TREE): ()}
        for level in reversed(self._levels):
            for place in level:
                found: list[File] = []
                for one in self._trees[place]:
                    if isinstance(one, File):
                        if flags[one.number]:
                            found.append(one)
                    else:
                        found += done[one]
                done[place] = tuple(found)
        return {tree: files for (folder, tree), files in done.items() if not folder}

    def all_of(self, root: bytes) -> list[File]:
        """Return every file of a root, in the order that git lists them."""
        found: list[File] = []
        self._collect(("", root), found)
        return found

    def _collect(self, place: Place, found: list[File]) -> None:
        for one in self._trees[place]:
            if isinstance(one, File):
                found.append(one)
            else:
                self._collect(one, found)
