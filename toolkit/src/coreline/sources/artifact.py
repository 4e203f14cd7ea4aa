# SPDX-License-Identifier: Apache-2.0
"""An artifact as a tree of files: listed in one pass, read in another, never unpacked to disk.

What is wrong with the archive is kept beside the files: an entry that cannot be read, a name that
leads out, two contents under one name. Nothing of it stops the reading of the others.
"""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

from coreline.sources.archive import Archive, Walk
from coreline.sources.listing import NESTED, Listed, Listing, Trouble, Troubles
from coreline.sources.tree import SIZE_MAX, Content, Entry
from coreline.sources.unpack.limits import (
    NESTED_BYTES_MAX,
    NESTED_DEPTH_MAX,
    ArchiveError,
    Budget,
)
from coreline.sources.unpack.member import Member, held


class ArtifactTree:
    """The files of an artifact, as a ``SourceTree``.

    Args:
        path: the file, or the folder of an image.
        label: as the user wrote it.
        archive: the format.
        archives: all formats, for archives inside this one.
        walk: reads it.
    """

    space = "g"

    def __init__(
        self, path: Path, label: str, archive: Archive, archives: Sequence[Archive], walk: Walk
    ) -> None:
        self.label = label
        self.archive = archive
        self.troubles = Troubles()
        self._path = path
        self._archives = archives
        self._endings = tuple(suffix for one in archives for suffix in one.suffixes)
        self._walk = walk
        self._listed: list[Listed] | None = None
        self._sources: dict[str, int] = {}

    def entries(self) -> list[Entry]:
        """Return every file, in the order of the archive."""
        return [one.entry for one in self.listed()]

    def listed(self) -> list[Listed]:
        """Return every file with what the archive says of it."""
        if self._listed is None:
            self._listed = Listing(self.troubles).of(self._numbered(self.troubles))
            self._sources = {one.entry.path: one.number for one in self._listed}
        return self._listed

    def read(self, entries: Iterable[Entry]) -> Iterator[Content]:
        """Yield the content of each entry: in one pass where they are asked for in their order."""
        self.listed()
        waiting = list(entries)
        at = 0
        while at < len(waiting):
            before = at
            for member, number in self._numbered(Troubles()):
                if self._sources.get(waiting[at].path) != number:
                    continue
                content = _content(waiting[at], member)
                # Hard links are several names of one content.
                while at < len(waiting) and self._sources.get(waiting[at].path) == number:
                    yield content._replace(entry=waiting[at])
                    at += 1
                if at == len(waiting):
                    return
            if at == before:
                yield Content(waiting[at], None, "not in the archive any more", is_failure=True)
                at += 1

    def _numbered(self, troubles: Troubles) -> Iterator[tuple[Member, int]]:
        """Yield every file, those of archives inside included, with its number."""
        number = 0
        try:
            with self._opened() as file:
                budget = Budget(_size(self._path))
                for member in self._nested(self._walk(file, budget), budget, 1, troubles):
                    yield member, number
                    number += 1
        except ArchiveError as error:
            troubles.append(Trouble("", str(error)))
        except OSError as error:
            troubles.append(Trouble("", f"it cannot be read: {error.strerror}"))

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        if self._path.is_dir():
            yield io.BytesIO()
            return
        with self._path.open("rb") as file:
            yield file

    def _nested(
        self, members: Iterator[Member], budget: Budget, depth: int, troubles: Troubles
    ) -> Iterator[Member]:
        for member in members:
            fitting = self._formats_inside(member)
            if not fitting:
                yield member
                continue
            if depth >= NESTED_DEPTH_MAX or member.size > NESTED_BYTES_MAX:
                reason = "an archive inside the artifact that is too large or too deep to be read"
                troubles.append(Trouble(member.path, reason, is_harmful=False))
                yield member
                continue
            try:
                data = b"".join(member.contents())
            except ArchiveError as error:
                yield member._replace(trouble=str(error))
                continue
            yield member._replace(contents=held(data))
            try:
                inner = _chosen(fitting, partial(io.BytesIO, data))
                walk = iter(()) if inner is None else inner.walk(io.BytesIO(data), budget)
                for one in self._nested(walk, budget, depth + 1, troubles):
                    yield one._replace(
                        path=f"{member.path}{NESTED}{one.path}", layer=one.layer or member.layer
                    )
            except ArchiveError as error:
                troubles.append(Trouble(member.path, f"an archive inside: {error}", False))

    def _formats_inside(self, member: Member) -> list[Archive]:
        if member.kind not in ("file", "executable") or member.trouble:
            return []
        name = member.path.lower()
        if not name.endswith(self._endings):
            return []
        return [one for one in self._archives if name.endswith(one.suffixes)]


def _size(path: Path) -> int:
    """Return the packed size of an artifact in bytes; of a folder, that of its files."""
    if not path.is_dir():
        return path.stat().st_size
    return sum(one.lstat().st_size for one in path.rglob("*") if one.is_file())


def _content(entry: Entry, member: Member) -> Content:
    if member.kind == "link":
        return Content(entry, os.fsencode(member.target))
    if member.trouble:
        return Content(entry, None, member.trouble)
    if member.size > SIZE_MAX:
        return Content(entry, None, f"{member.size / 1e6:.0f} MB: larger than 16 MiB")
    try:
        return Content(entry, b"".join(member.contents()))
    except ArchiveError as error:
        return Content(entry, None, str(error))


def find_artifact(path: Path, label: str) -> ArtifactTree | None:
    """Return a file or folder as an artifact, None where it is none.

    Args:
        path: where it is.
        label: as the user wrote it.
    """
    archives = load_archives()
    if path.is_dir():
        for archive in archives:
            walk = None if archive.folder is None else archive.folder(path)
            if walk is not None:
                return ArtifactTree(path, label, archive, archives, walk)
        return None
    name = path.name.lower()
    fitting = [one for one in archives if name.endswith(one.suffixes)]
    if not fitting or not path.is_file():
        return None
    try:
        chosen = _chosen(fitting, lambda: path.open("rb"))
    except OSError:
        # Whoever reads it will say why that is not possible.
        chosen = fitting[-1]
    return None if chosen is None else ArtifactTree(path, label, chosen, archives, chosen.walk)


def _chosen(fitting: Sequence[Archive], opened: Callable[[], BinaryIO]) -> Archive | None:
    """Return which of several formats a file is of: one that knows its own, else the plain one."""
    for one in fitting:
        if one.is_kind is not None:
            with opened() as file:
                if one.is_kind(file):
                    return one
    return next((one for one in fitting if one.is_kind is None), None)


def load_archives() -> list[Archive]:
    """Load every format of artifact."""
    from coreline.extensions import load
    from coreline.sources import archives

    return list(load(archives, "ARCHIVE", Archive))
