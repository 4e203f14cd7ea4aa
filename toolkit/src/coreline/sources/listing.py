# SPDX-License-Identifier: Apache-2.0
"""The list of an artifact's files, made from its entries as they come, and what is wrong with them.

Layers of an image hide what is below them, hard links are other names of a content, and an archive
can hold one name twice. Reading the entries is left to the formats.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from coreline.sources.tree import Entry, EntryKind
from coreline.sources.unpack.images import OPAQUE, WHITEOUT
from coreline.sources.unpack.limits import ArchiveError
from coreline.sources.unpack.member import Member

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


class Listing:
    """Makes the list of files from the entries as they come."""

    def __init__(self, troubles: Troubles) -> None:
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
