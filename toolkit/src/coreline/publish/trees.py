# SPDX-License-Identifier: Apache-2.0
"""Filter trees: from the tree of a private state to the tree of its core.

A pure function of the tree and the folder that it lies in. Folders that are wholly core are taken
over by their id without being read, folders without core are left out without being read. Trees
are read in rounds, one round a level, so that git answers thousands of questions at once.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import compress

from coreline.manifest.claims import Claim, Line
from coreline.publish.folders import Folders
from coreline.publish.plain import PlainTrees
from coreline.sources.objects import parse_row, tree_rows
from coreline.sources.packs import ObjectWriter

Read = Callable[[Iterable[bytes]], Iterator[bytes]]
"""Objects of the repository by their ids, in order."""

# What becomes of an entry: it is left out, kept as it is, or a folder to go into.
_DROP = 0
_KEEP = 1
_ENTER = 2
# An entry as it stands in its tree. Most entries of a state were in the state before, so what
# becomes of one is looked up and seldom decided; whole trees are looked up in one call.
_Row = bytes
_Place = tuple[str, bytes]


class TreeFilter:
    """The line applied to trees.

    Args:
        line: the claims.
        folders: the same claims, asked about folders.
        read: the private repository's objects.
        writer: where new trees go.
        plain: folders that are core to the last file; they are not read.
    """

    def __init__(
        self,
        line: Line,
        folders: Folders,
        read: Read,
        writer: ObjectWriter,
        plain: PlainTrees | None = None,
    ) -> None:
        self._plain = plain
        self._line = line
        self._folders = folders
        self._read = read
        self._writer = writer
        self._done: dict[_Place, bytes | None] = {}
        self._actions: dict[str, dict[_Row, int]] = {}
        self._heads: dict[str, dict[bytes, int]] = {}
        self._last: dict[str, bytes] = {}
        self.unclaimed: set[str] = set()
        """Files and whole folders that were left out because no side claims them."""

    def filter(self, roots: Iterable[bytes]) -> list[bytes | None]:
        """Return the core of each whole tree; None where nothing of it is core."""
        wanted = list(roots)
        # Entries of one run are much alike; those of all runs would fill the memory.
        self._actions.clear()
        levels: list[list[tuple[_Place, list[_Row]]]] = []
        places = [("", root) for root in dict.fromkeys(wanted) if ("", root) not in self._done]
        while places:
            contents = self._read(name for _, name in places)
            levels.append(list(zip(places, map(tree_rows, contents), strict=True)))
            below = dict.fromkeys(self._below(levels[-1]))
            places = [place for place in below if not self._is_done(place)]
        for level in reversed(levels):
            for place, rows in level:
                self._done[place] = self._core_of(place, rows)
        return [self._done["", root] for root in wanted]

    def _is_done(self, place: _Place) -> bool:
        if place in self._done:
            return True
        if self._plain is None or not self._plain.has(*place):
            return False
        self._done[place] = place[1]
        return True

    def _below(self, level: list[tuple[_Place, list[_Row]]]) -> Iterator[_Place]:
        """Decide what is new, and yield the folders that have to be read for the next level."""
        for (folder, _), rows in level:
            actions = self._actions.setdefault(folder, {})
            found = list(map(actions.get, rows))
            if None in found:
                actions.update(
                    (row, self._action(folder, row)) for row in rows if row not in actions
                )
                found = list(map(actions.get, rows))
            if _ENTER in found:
                for row, action in zip(rows, found, strict=True):
                    if action == _ENTER:
                        yield _inner(folder, row), row[-20:]

    def _action(self, folder: str, row: _Row) -> int:
        """Return what becomes of an entry: its id says nothing, its mode and name say all."""
        heads = self._heads.setdefault(folder, {})
        known = heads.get(row[:-20])
        if known is None:
            known = heads[row[:-20]] = self._decide(folder, row)
        return known

    def _decide(self, folder: str, row: _Row) -> int:
        entry = parse_row(row)
        path = f"{folder}/{entry.name}" if folder else entry.name
        if not entry.is_folder:
            claim = self._line.claim(path)
            if not isinstance(claim, Claim):
                self.unclaimed.add(path)
            if entry.is_submodule and self._line.side(f"{path}/-") == "wrap":
                # It stands for a folder, and what is below it is the wrap's.
                return _DROP
            return _KEEP if self._line.side(path) == "core" else _DROP
        extent = self._folders.extent(path)
        if extent == "closed":
            self.unclaimed.add(f"{path}/")
        if extent == "mixed":
            return _ENTER
        return _KEEP if extent == "core" else _DROP

    def _core_of(self, place: _Place, rows: list[_Row]) -> bytes | None:
        folder, tree = place
        found = list(map(self._actions[folder].__getitem__, rows))
        if _ENTER in found:
            kept = [
                core
                for row, action in zip(rows, found, strict=True)
                if action and (core := row if action == _KEEP else self._entered(folder, row))
            ]
        else:
            kept = list(compress(rows, found))
        if not kept:
            return None
        if kept == rows:
            return tree
        name = self._writer.add(b"tree", b"".join(kept), like=self._last.get(folder))
        self._last[folder] = name
        return name

    def _entered(self, folder: str, row: _Row) -> _Row | None:
        core = self._done[_inner(folder, row), row[-20:]]
        return None if core is None else row[:-20] + core


def _inner(folder: str, row: _Row) -> str:
    name = parse_row(row).name
    return f"{folder}/{name}" if folder else name
