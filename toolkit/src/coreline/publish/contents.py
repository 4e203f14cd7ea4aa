# SPDX-License-Identifier: Apache-2.0
"""Which contents (blobs) ever lay at a core path of a history, and which at any other path."""

import posixpath
from collections.abc import Iterable, Iterator

from coreline.manifest.claims import Line
from coreline.publish.private import Reader
from coreline.publish.settled import Settled
from coreline.sources.objects import parse_commit, parse_row, tree_rows

_Place = tuple[str, bytes]


class Contents:
    """Collects ids of blobs by the sides of the paths that they lay at.

    Args:
        line: the claims.
        read: the private repository's objects.
    """

    def __init__(self, line: Line, read: Reader) -> None:
        self._line = line
        self._settled = Settled(line)
        self._read = read
        self._seen: set[tuple[str, bytes]] = set()
        self._sides: dict[str, bool] = {}
        self._links: set[tuple[str, bytes]] = set()
        self.core: set[bytes] = set()
        self.other: set[bytes] = set()

    def collect(self, commits: Iterable[bytes]) -> None:
        """Look through the whole trees of commits."""
        roots = dict.fromkeys(parse_commit(data).tree for data in self._read(commits))
        places: list[_Place] = [("", root) for root in roots]
        while places:
            places = list(dict.fromkeys(self._below(places)))

    def links_out(self) -> list[str]:
        """Return the core's links that name something of the wrap, as "link → target"."""
        links = sorted(self._links)
        contents = self._read(name for _, name in links)
        found: list[str] = []
        for (path, _), data in zip(links, contents, strict=True):
            target = data.decode("utf-8", "surrogateescape")
            named = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            if self._line.side(named) == "wrap" or self._line.side(f"{named}/-") == "wrap":
                found.append(f"{path} → {target}")
        return found

    def _below(self, places: list[_Place]) -> Iterator[_Place]:
        for (folder, _), data in zip(places, self._read(name for _, name in places), strict=True):
            for entry in map(parse_row, tree_rows(data)):
                path = folder + entry.name
                if entry.is_folder:
                    place = (f"{path}/", entry.target)
                    if self._is_new(place):
                        yield place
                elif not entry.is_submodule:
                    core = self._is_core(path)
                    (self.core if core else self.other).add(entry.target)
                    if core and entry.is_link:
                        self._links.add((path, entry.target))

    def _is_new(self, place: _Place) -> bool:
        """Whether a folder has to be read: a settled one only once for each side."""
        folder, name = place
        key = (self._settled.side(folder) or folder, name)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _is_core(self, path: str) -> bool:
        known = self._sides.get(path)
        if known is None:
            known = self._sides[path] = self._line.side(path) == "core"
        return known
