# SPDX-License-Identifier: Apache-2.0
"""Filter trees: from the tree of a private state to the tree of its core.

A pure function of the tree and the folder that it lies in. Folders that are wholly core are taken
over by their id without being read, folders without core are left out without being read. Trees
are read in rounds, one round a level, so that git answers thousands of questions at once.
"""

from collections.abc import Callable, Iterable, Iterator

from coreline.manifest.claims import Line
from coreline.publish.folders import Folders
from coreline.sources.objects import FOLDER_MODES, tree_entries
from coreline.sources.packs import ObjectWriter

Read = Callable[[Iterable[bytes]], Iterator[bytes]]
"""Objects of the repository by their ids, in order."""

# What becomes of an entry: it is left out, kept as it is, or a folder to go into (its path).
_DROP = 0
_KEEP = 1
_Action = int | str
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
        self._actions: dict[str, dict[bytes, _Action]] = {}
        self._last: dict[str, bytes] = {}

    def filter(self, roots: Iterable[bytes]) -> list[bytes | None]:
        """Return the core of each whole tree; None where nothing of it is core."""
        wanted = list(roots)
        levels: list[list[tuple[_Place, bytes]]] = []
        places = [("", root) for root in dict.fromkeys(wanted) if ("", root) not in self._done]
        while places:
            levels.append(list(zip(places, self._read(name for _, name in places), strict=True)))
            below = dict.fromkeys(self._below(levels[-1]))
            places = [place for place in below if place not in self._done]
        for level in reversed(levels):
            for place, data in level:
                self._done[place] = self._core_of(place[0], place[1], data)
        return [self._done["", root] for root in wanted]

    def _below(self, level: list[tuple[_Place, bytes]]) -> Iterator[_Place]:
        """Yield the folders that have to be read for the next level."""
        for (folder, _), data in level:
            actions = self._actions.setdefault(folder, {})
            for head, name in tree_entries(data):
                action = actions.get(head)
                if action is None:
                    action = actions[head] = self._decide(folder, head)
                if isinstance(action, str):
                    yield action, name

    def _decide(self, folder: str, head: bytes) -> _Action:
        mode, _, name = head[:-1].partition(b" ")
        text = name.decode("utf-8", "surrogateescape")
        path = f"{folder}/{text}" if folder else text
        if mode + b" " not in FOLDER_MODES:
            return _KEEP if self._line.side(path) == "core" else _DROP
        extent = self._folders.extent(path)
        if extent == "mixed":
            return path
        return _KEEP if extent == "core" else _DROP

    def _core_of(self, folder: str, tree: bytes, data: bytes) -> bytes | None:
        actions = self._actions[folder]
        kept: list[bytes] = []
        for head, name in tree_entries(data):
            action = actions[head]
            if isinstance(action, str):
                core = self._done[action, name]
                if core is not None:
                    kept += (head, core)
            elif action == _KEEP:
                kept += (head, name)
        body = b"".join(kept)
        if not body:
            return None
        if body == data:
            return tree
        name = self._writer.add(b"tree", body, like=self._last.get(folder))
        self._last[folder] = name
        return name
