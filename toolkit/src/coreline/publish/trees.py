# SPDX-License-Identifier: Apache-2.0
"""Filter trees: from the tree of a private state to the tree of its core.

A pure function of the tree and the folder that it lies in. Folders that are wholly core are taken
over by their id without being read, folders without core are left out without being read. Trees
are read in rounds, one round a level, so that git answers thousands of questions at once.
"""

from collections.abc import Callable, Iterable, Iterator

from coreline.manifest.claims import Line
from coreline.publish.folders import Folders
from coreline.sources.objects import parse_row, tree_rows
from coreline.sources.packs import ObjectWriter

Read = Callable[[Iterable[bytes]], Iterator[bytes]]
"""Objects of the repository by their ids, in order."""

# What becomes of an entry: it is left out, kept as it is, or a folder to go into (its path).
_DROP = 0
_KEEP = 1
_Action = int | str
# An entry as it stands in its tree. Most entries of a state were in the state before, so what
# becomes of one is looked up and seldom decided.
_Row = bytes
_Place = tuple[str, bytes]


class TreeFilter:
    """The line applied to trees.

    Args:
        line: the claims.
        folders: the same claims, asked about folders.
        read: the private repository's objects.
        writer: where new trees go.
    """

    def __init__(self, line: Line, folders: Folders, read: Read, writer: ObjectWriter) -> None:
        self._line = line
        self._folders = folders
        self._read = read
        self._writer = writer
        self._done: dict[_Place, bytes | None] = {}
        self._actions: dict[str, dict[_Row, _Action]] = {}
        self._last: dict[str, bytes] = {}

    def filter(self, roots: Iterable[bytes]) -> list[bytes | None]:
        """Return the core of each whole tree; None where nothing of it is core."""
        wanted = list(roots)
        levels: list[list[tuple[_Place, list[_Row]]]] = []
        places = [("", root) for root in dict.fromkeys(wanted) if ("", root) not in self._done]
        while places:
            contents = self._read(name for _, name in places)
            levels.append(list(zip(places, map(tree_rows, contents), strict=True)))
            below = dict.fromkeys(self._below(levels[-1]))
            places = [place for place in below if place not in self._done]
        for level in reversed(levels):
            for place, rows in level:
                self._done[place] = self._core_of(place, rows)
        return [self._done["", root] for root in wanted]

    def _below(self, level: list[tuple[_Place, list[_Row]]]) -> Iterator[_Place]:
        """Decide what is new, and yield the folders that have to be read for the next level."""
        for (folder, _), rows in level:
            actions = self._actions.setdefault(folder, {})
            for row in rows:
                action = actions.get(row)
                if action is None:
                    action = actions[row] = self._decide(folder, row)
                if isinstance(action, str):
                    yield action, row[-20:]

    def _decide(self, folder: str, row: _Row) -> _Action:
        entry = parse_row(row)
        path = f"{folder}/{entry.name}" if folder else entry.name
        if not entry.is_folder:
            return _KEEP if self._line.side(path) == "core" else _DROP
        extent = self._folders.extent(path)
        if extent == "mixed":
            return path
        return _KEEP if extent == "core" else _DROP

    def _core_of(self, place: _Place, rows: list[_Row]) -> bytes | None:
        folder, tree = place
        actions = self._actions[folder]
        kept: list[bytes] = []
        for row in rows:
            action = actions[row]
            if action == _KEEP:
                kept.append(row)
            elif isinstance(action, str):
                core = self._done[action, row[-20:]]
                if core is not None:
                    kept.append(row[:-20] + core)
        if not kept:
            return None
        if kept == rows:
            return tree
        name = self._writer.add(b"tree", b"".join(kept), like=self._last.get(folder))
        self._last[folder] = name
        return name
