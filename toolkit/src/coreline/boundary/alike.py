# SPDX-License-Identifier: Apache-2.0
"""Files of the core that are nearly copies of a wrap's, found in a tree; kept between runs.

What is alike is in ``likeness``. The answer for a whole tree is kept by the contents of all its
files; where one has changed, the lines of the others are still known by their blobs.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from coreline.boundary.likeness import (
    Alike,
    Lines,
    Wrapped,
    is_code,
    lines_of,
    pack,
    sample_of,
    unpack,
)
from coreline.boundary.ownership import CORE
from coreline.sources.tree import Content, Entry, SourceTree

if TYPE_CHECKING:
    from coreline.sources.cache import FactCache

_Seen = tuple[Entry, Lines]

_ANSWERS = b"alike 1"
_LINES = b"lines 1"
"""Raised whenever other lines or other files are alike."""


class Watched:
    """A ``SourceTree`` that keeps the lines of the code that is read from it.

    A first run reads every file for its facts; reading all of them again would cost a tenth of it.

    Args:
        tree: reads the files.
        owners: the owner of each.
    """

    def __init__(self, tree: SourceTree, owners: Mapping[str, str]) -> None:
        self.label = tree.label
        self.space = tree.space
        self.seen: dict[tuple[str, bool], _Seen] = {}
        self._tree = tree
        # Where there is no wrap, nothing can be like it.
        self._owners = owners if any(owners.values()) else {}

    def entries(self) -> list[Entry]:
        """Return every path of the tree."""
        return self._tree.entries()

    def read(self, entries: Iterable[Entry]) -> Iterator[Content]:
        """Yield the content of each entry, and keep the lines of code."""
        for content in self._tree.read(entries):
            path = content.entry.path
            owner = self._owners.get(path)
            if owner is not None and content.data is not None and is_code(path):
                is_wrap = owner != CORE
                lines = (lines_of if is_wrap else sample_of)(content.data)
                # The entry may know by now that the content is no longer the blob's.
                self.seen[path, is_wrap] = content.entry, lines
            yield content


def find_alike(
    tree: Watched,
    entries: Sequence[Entry],
    owners: Mapping[str, str],
    cache: "FactCache | None",
) -> list[Alike]:
    """Return the files of the core that are nearly copies of a wrap's.

    Args:
        tree: reads the files that were not read from it already.
        entries: all files.
        owners: the owner of each.
        cache: what earlier runs found; None reads every file.
    """
    if not any(owners.values()):
        return []
    key = None if cache is None else _digest(entries, owners, tree.space)
    kept = None if cache is None or key is None else cache.opened(_ANSWERS).get(key)
    if kept is not None:
        try:
            return msgspec.msgpack.decode(kept, type=list[Alike])
        except msgspec.MsgspecError:
            pass
    found = _find(_Reader(tree, cache, tree.seen), entries, owners)
    if cache is not None:
        cache.save()
        if key is not None:
            cache.opened(_ANSWERS).put(key, msgspec.msgpack.encode(found))
            cache.save()
    return found


def _find(reader: "_Reader", entries: Iterable[Entry], owners: Mapping[str, str]) -> list[Alike]:
    files = [one for one in entries if is_code(one.path) and one.kind in ("file", "executable")]
    wrapped = _wrapped(reader, files, owners)
    core = [one for one in files if owners[one.path] == CORE]
    samples = reader.samples(core)
    near = [one for one in core if wrapped.may_hold(samples.get(one.path, frozenset()))]
    return wrapped.alike(reader.lines(near))


def wrapped_lines(
    tree: SourceTree,
    entries: Iterable[Entry],
    owners: Mapping[str, str],
    cache: "FactCache | None",
) -> Wrapped:
    """Return the lines of the files of the wraps, to compare others with."""
    files = [one for one in entries if is_code(one.path) and one.kind in ("file", "executable")]
    found = _wrapped(_Reader(tree, cache), files, owners)
    if cache is not None:
        cache.save()
    return found


def core_lines(
    tree: SourceTree,
    entries: Iterable[Entry],
    owners: Mapping[str, str],
    cache: "FactCache | None",
) -> Lines:
    """Return the lines of all files of the core together."""
    files = [
        one
        for one in entries
        if is_code(one.path) and one.kind in ("file", "executable") and owners[one.path] == CORE
    ]
    found = _Reader(tree, cache).lines(files)
    if cache is not None:
        cache.save()
    return frozenset[int]().union(*found.values())


def _wrapped(reader: "_Reader", files: Sequence[Entry], owners: Mapping[str, str]) -> Wrapped:
    return Wrapped(reader.lines([one for one in files if owners[one.path] != CORE]))


class _Reader:
    """Reads lines of files, from the cache where a blob is known."""

    def __init__(
        self,
        tree: SourceTree,
        cache: "FactCache | None",
        seen: Mapping[tuple[str, bool], _Seen] | None = None,
    ) -> None:
        self._tree = tree
        self._seen = seen or {}
        self._store = None if cache is None else cache.opened(_LINES)

    def lines(self, entries: Sequence[Entry]) -> dict[str, Lines]:
        """Return all lines of some files."""
        return self._read(entries, whole=True)

    def samples(self, entries: Sequence[Entry]) -> dict[str, Lines]:
        """Return a sample of the lines of some files."""
        return self._read(entries, whole=False)

    def _read(self, entries: Sequence[Entry], *, whole: bool) -> dict[str, Lines]:
        found: dict[str, Lines] = {}
        waiting: list[Entry] = []
        letter = ("w" if whole else "s") + self._tree.space
        for entry in entries:
            kept = None
            if self._store is not None and entry.blob is not None:
                kept = self._store.get(f"{letter}{entry.blob}{entry.stamp}")
            seen = self._seen.get((entry.path, whole))
            if kept is not None:
                found[entry.path] = unpack(kept)
            elif seen is not None:
                found[entry.path] = seen[1]
                self._keep(letter, *seen)
            else:
                waiting.append(entry)
        for content in self._tree.read(waiting):
            # A file that cannot be read is reported where the facts of all files are gathered.
            data, entry = content.data or b"", content.entry
            lines = found[entry.path] = lines_of(data) if whole else sample_of(data)
            if content.data is not None:
                self._keep(letter, entry, lines)
        return found

    def _keep(self, letter: str, entry: Entry, lines: Lines) -> None:
        if self._store is not None and entry.blob is not None:
            self._store.put(f"{letter}{entry.blob}{entry.stamp}", pack(lines))


def _digest(entries: Sequence[Entry], owners: Mapping[str, str], space: str) -> str | None:
    """Return what identifies a tree and its line; None where a content is not known by its blob."""
    rows = [f"{one.path}\0{one.blob}{one.stamp}" for one in entries if one.kind != "link"]
    if any(one.blob is None and is_code(one.path) for one in entries):
        return None
    whole = "\n".join([space, *rows, *owners.values()])
    return blake2b(whole.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
