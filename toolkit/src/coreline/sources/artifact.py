# SPDX-License-Identifier: Apache-2.0
"""An artifact as a tree of files: listed in one pass, read in another, never unpacked to disk.

What is wrong with the archive is kept beside the files: an entry that cannot be read, a name that
leads out, two contents under one name. Nothing of it stops the reading of the others.
"""

import hashlib
import io
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from coreline.sources.archive import Archive, Walk
from coreline.sources.tree import SIZE_MAX, Content, Entry, EntryKind
from coreline.sources.unpack.images import OPAQUE, WHITEOUT
from coreline.sources.unpack.limits import (
    NESTED_BYTES_MAX,
    NESTED_DEPTH_MAX,
    ArchiveError,
    Budget,
)
from coreline.sources.unpack.member import Member, held

TROUBLES_MAX = 1000
"""Of one artifact; more of them say nothing new."""

NESTED = "!/"
"""What stands between an archive's path and the paths in it."""


class Trouble(NamedTuple):
    """Something that is wrong with an archive."""

    path: str
    """The entry; empty for the whole archive."""
    reason: str
    is_harmful: bool = True
    """Whether it can mislead or hurt who unpacks the archive; else it is only not read."""


class Troubles(list[Trouble]):
    """What is wrong with an archive, up to a number that a person can read."""

    def append(self, trouble: Trouble, /) -> None:
        """Add one more."""
        if len(self) < TROUBLES_MAX:
            super().append(trouble)


class Listed(NamedTuple):
    """One file of an artifact."""

    entry: Entry
    number: int
    """Its place in the archive."""
    size: int
    layer: str = ""
    is_buried: bool = False
    """Whether a later layer hides it. It is shipped all the same."""


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
            self._listed = _List(self.troubles).of(self._numbered(self.troubles))
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

    def _numbered(self, troubles: "Troubles") -> Iterator[tuple[Member, int]]:
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
        self, members: Iterator[Member], budget: Budget, depth: int, troubles: "Troubles"
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


class _List:
    """Makes the list of files from the entries as they come."""

    def __init__(self, troubles: "Troubles") -> None:
        self._troubles = troubles
        self._found: dict[str, Listed] = {}
        self._buried: list[Listed] = []
        self._folded: dict[str, str] = {}
        self._children: dict[str, set[str]] = defaultdict(set)
        self._opaque: set[tuple[str, str]] = set()

    def of(self, members: Iterable[tuple[Member, int]]) -> list[Listed]:
        """Return the files: those that are visible, and those that a later layer hides."""
        for member, number in members:
            if member.warning:
                self._troubles.append(Trouble(member.path, member.warning))
            if member.kind == "whiteout":
                self._white_out(member.path, member.layer)
            else:
                self._add(member, number)
        for one in self._buried:
            # Its path may be another file's by now.
            path = f"{one.layer}{NESTED}{one.entry.path}"
            hidden = one._replace(entry=one.entry._replace(path=path), is_buried=True)
            self._found.setdefault(path, hidden)
        return sorted(self._found.values(), key=lambda one: one.number)

    def _add(self, member: Member, number: int) -> None:
        path = member.path
        listed = self._listed(member, number)
        before = self._found.get(path)
        if before is not None and before.layer != listed.layer:
            self._buried.append(before)
        elif before is not None and before.entry.blob != listed.entry.blob:
            reason = "two entries of this name have different contents"
            self._troubles.append(Trouble(path, reason))
            # Which of them counts depends on who unpacks: both are looked at.
            hidden = f"{path}{NESTED}{before.number}"
            self._found[hidden] = before._replace(entry=before.entry._replace(path=hidden))
        folded = self._folded.setdefault(path.casefold(), path)
        if folded != path:
            reason = f"it differs from {folded!r} in letter case alone"
            self._troubles.append(Trouble(path, reason, is_harmful=False))
        self._found[path] = listed
        if listed.layer:
            self._place(path)

    def _listed(self, member: Member, number: int) -> Listed:
        if member.kind == "hardlink":
            target = self._found.get(member.target)
            if target is None:
                reason = f"a hard link to {member.target[:200]!r}, which is not in the archive"
                self._troubles.append(Trouble(member.path, reason))
                return Listed(Entry(member.path, "file", None), number, 0, member.layer)
            # Its content is where the other's is.
            entry = target.entry._replace(path=member.path)
            return Listed(entry, target.number, target.size, member.layer)
        if member.kind == "link":
            return Listed(Entry(member.path, "link", None), number, 0, member.layer)
        kind: EntryKind = "executable" if member.kind == "executable" else "file"
        if member.kind == "other" or member.trouble:
            is_harmful = member.kind == "other"
            self._troubles.append(Trouble(member.path, member.trouble, is_harmful))
            return Listed(Entry(member.path, kind, None), number, member.size, member.layer)
        blob = None
        try:
            blob = _blob(member)
        except ArchiveError as error:
            # The others may be right; a stream that is broken says so again.
            self._troubles.append(Trouble(member.path, str(error)))
        return Listed(Entry(member.path, kind, blob), number, member.size, member.layer)

    def _white_out(self, path: str, layer: str) -> None:
        """Hide what earlier layers have at a path, or below the folder of an opaque mark."""
        folder, _, name = path.rpartition("/")
        if name != OPAQUE:
            self._hide(_join(folder, name.removeprefix(WHITEOUT)), layer)
        elif (layer, folder) not in self._opaque:
            self._opaque.add((layer, folder))
            for child in list(self._children.get(folder, ())):
                self._hide(_join(folder, child), layer)

    def _hide(self, path: str, layer: str) -> None:
        waiting = [path]
        while waiting:
            one = waiting.pop()
            listed = self._found.get(one)
            if listed is not None and listed.layer != layer:
                self._buried.append(self._found.pop(one))
                folder, _, name = one.rpartition("/")
                self._children[folder].discard(name)
            waiting += [_join(one, child) for child in self._children.get(one, ())]

    def _place(self, path: str) -> None:
        """Remember a file below each of its folders."""
        while path:
            folder, _, name = path.rpartition("/")
            if name in self._children[folder]:
                return
            self._children[folder].add(name)
            path = folder


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _blob(member: Member) -> str:
    """Return git's id of a content, read a piece at a time."""
    digest = hashlib.sha1(b"blob %d\0" % member.size, usedforsecurity=False)
    for piece in member.contents():
        digest.update(piece)
    return digest.hexdigest()


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
