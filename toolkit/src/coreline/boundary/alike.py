# SPDX-License-Identifier: Apache-2.0
"""Files of the core that are nearly copies of a wrap's, found in a tree; kept between runs.

What is alike is in ``likeness``. The answer for a whole tree is kept by the contents of all its
files; where one has changed, the lines of the others are still known by their blobs.
"""

from collections.abc import Iterable, Mapping, Sequence
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
from coreline.sources.tree import Entry, SourceTree

if TYPE_CHECKING:
    from coreline.sources.cache import FactCache

_ANSWERS = b"alike 1"
_LINES = b"lines 1"
"""Raised whenever other lines or other files are alike."""


def find_alike(
    tree: SourceTree,
    entries: Sequence[Entry],
    owners: Mapping[str, str],
    cache: "FactCache | None",
) -> list[Alike]:
    """Return the files of the core that are nearly copies of a wrap's.

    Args:
        tree: reads the files.
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
    found = _find(_Reader(tree, cache), entries, owners)
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


def _wrapped(reader: "_Reader", files: Sequence[Entry], owners: Mapping[str, str]) -> Wrapped:
    return Wrapped(reader.lines([one for one in files if owners[one.path] != CORE]))


class _Reader:
    """Reads lines of files, from the cache where a blob is known."""

    def __init__(self, tree: SourceTree, cache: "FactCache | None") -> None:
        self._tree = tree
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
            if kept is None:
                waiting.append(entry)
            else:
                found[entry.path] = unpack(kept)
        for content in self._tree.read(waiting):
            # A file that cannot be read is reported where the facts of all files are gathered.
            data, entry = content.data or b"", content.entry
            lines = found[entry.path] = lines_of(data) if whole else sample_of(data)
            if self._store is not None and entry.blob is not None and content.data is not None:
                self._store.put(f"{letter}{entry.blob}{entry.stamp}", pack(lines))
        return found


def _digest(entries: Sequence[Entry], owners: Mapping[str, str], space: str) -> str | None:
    """Return what identifies a tree and its line; None where a content is not known by its blob."""
    rows = [f"{one.path}\0{one.blob}{one.stamp}" for one in entries if one.kind != "link"]
    if any(one.blob is None and is_code(one.path) for one in entries):
        return None
    whole = "\n".join([space, *rows, *owners.values()])
    return blake2b(whole.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
