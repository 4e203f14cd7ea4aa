# SPDX-License-Identifier: Apache-2.0
"""Which public commit stands for which private one: a file that grows by proven runs.

A run is written after its commits were filtered, stored and proven, and carries a checksum over
itself and everything before it. A run that was cut short by a kill or a power failure is dropped
when the file is next opened, and done again: ids are a pure function of the commits and the line,
so the same ids come out.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from struct import calcsize, iter_unpack, pack, unpack_from
from typing import NamedTuple

_MAGIC = b"coreline ledger 1\n"
_HEAD = ">20sI"
_ENTRY = ">20s20sB"
_NONE = bytes(20)
_Row = tuple[bytes, bytes, int]
_SUM_SIZE = 32
# More tips than this only make git's command longer.
_TIPS_MAX = 256
# As many rows are searched in the file as it is; whoever asks for more gets all of them in memory.
_SEARCHED_MAX = 16


class Entry(NamedTuple):
    """What became of one private commit.

    ``public`` stands for it in the public history: its own rewritten commit or, where it was
    pruned, its nearest published ancestor; None where there is none.
    """

    private: bytes
    public: bytes | None
    pruned: bool


class Ledger:
    """The map from private to public commits, kept in a file.

    Args:
        path: the file; made with its folder when the first run is added.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        # Rows as the file has them: a run that adds one commit reads a few of many thousands, so
        # those of earlier runs stay bytes until many are asked for.
        self._rows: dict[bytes, _Row] = {}
        self._data = b""
        self._runs: list[tuple[int, int]] = []
        self._searched = 0
        self._private: dict[bytes, bytes] = {}
        self._asked_back = 0
        self._checksum = hashlib.sha256(_MAGIC).digest()
        self._size = 0
        self.tips: list[bytes] = []
        """Private commits whose whole ancestry is in the ledger, the newest last."""
        self._load()

    def __contains__(self, private: object) -> bool:
        return isinstance(private, bytes) and self._row(private) is not None

    def __len__(self) -> int:
        self._read_all()
        return len(self._rows)

    def __iter__(self) -> Iterator[Entry]:
        self._read_all()
        return map(_entry, self._rows.values())

    def get(self, private: bytes) -> Entry | None:
        """Return what became of a private commit, if it is known."""
        row = self._row(private)
        return None if row is None else _entry(row)

    def private_of(self, public: bytes) -> bytes | None:
        """Return the private commit that a public one was made from, if it is known."""
        if self._private:
            return self._private.get(public)
        self._asked_back += 1
        if not self._runs or self._asked_back > _SEARCHED_MAX:
            self._private = {e.public: e.private for e in self if e.public and not e.pruned}
            return self._private.get(public)
        recent = (row[0] for row in self._rows.values() if row[1] == public and not row[2])
        return next(recent, None) or self._search_back(public)

    def _search_back(self, public: bytes) -> bytes | None:
        size = calcsize(_ENTRY)
        for start, end in self._runs:
            at = self._data.find(public, start, end)
            while at >= 0:
                private, _, pruned = unpack_from(_ENTRY, self._data, at - len(public))
                if (at - start) % size == len(public) and not pruned:
                    return bytes(private)
                at = self._data.find(public, at + 1, end)
        return None

    def _row(self, private: bytes) -> _Row | None:
        row = self._rows.get(private)
        if row is None and self._runs:
            self._searched += 1
            if self._searched > _SEARCHED_MAX:
                self._read_all()
                return self._rows.get(private)
            return self._search(private)
        return row

    def _search(self, private: bytes) -> _Row | None:
        size = calcsize(_ENTRY)
        for start, end in self._runs:
            at = self._data.find(private, start, end)
            while at >= 0:
                # The same bytes may stand elsewhere: a public commit may have a private one's id.
                if (at - start) % size == 0:
                    row: _Row = unpack_from(_ENTRY, self._data, at)
                    return row
                at = self._data.find(private, at + 1, end)
        return None

    def _read_all(self) -> None:
        if self._runs:
            later = self._rows
            self._rows = {}
            for start, end in self._runs:
                self._rows.update(
                    (row[0], row) for row in iter_unpack(_ENTRY, self._data[start:end])
                )
            self._rows.update(later)
            self._runs, self._data = [], b""

    def add(self, entries: Iterable[Entry], tip: bytes | None) -> None:
        """Add a proven run; it is on disk when this returns.

        Args:
            entries: commits after all of their parents.
            tip: the private commit whose ancestry is whole with this run, if any.
        """
        run = [(entry.private, entry.public or _NONE, int(entry.pruned)) for entry in entries]
        body = pack(_HEAD, tip or _NONE, len(run)) + b"".join(pack(_ENTRY, *row) for row in run)
        checksum = hashlib.sha256(self._checksum + body).digest()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("r+b" if self._size else "wb") as file:
            # Whatever a killed run left behind the last whole one is overwritten.
            file.truncate(self._size)
            file.seek(self._size)
            file.write((b"" if self._size else _MAGIC) + body + checksum)
            file.flush()
            os.fsync(file.fileno())
            self._size = file.tell()
        self._rows.update((row[0], row) for row in run)
        self._private.clear()
        self._take(tip, checksum)

    def forget(self) -> None:
        """Begin anew, because the objects that the ledger speaks of are gone."""
        self._path.unlink(missing_ok=True)
        self._rows.clear()
        self._private.clear()
        self._runs, self._data = [], b""
        self.tips.clear()
        self._checksum = hashlib.sha256(_MAGIC).digest()
        self._size = 0

    def _take(self, tip: bytes | None, checksum: bytes) -> None:
        if tip is not None:
            self.tips = [*(known for known in self.tips if known != tip), tip][-_TIPS_MAX:]
        self._checksum = checksum

    def _load(self) -> None:
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return
        if not data.startswith(_MAGIC):
            return
        at = self._size = len(_MAGIC)
        while at + calcsize(_HEAD) <= len(data):
            tip, count = unpack_from(_HEAD, data, at)
            end = at + calcsize(_HEAD) + count * calcsize(_ENTRY)
            checksum = hashlib.sha256(self._checksum + data[at:end]).digest()
            if data[end : end + _SUM_SIZE] != checksum:
                return
            self._data = data
            self._runs.append((at + calcsize(_HEAD), end))
            self._take(None if tip == _NONE else tip, checksum)
            at = self._size = end + _SUM_SIZE


def _entry(row: _Row) -> Entry:
    private, public, pruned = row
    return Entry(private, None if public == _NONE else public, bool(pruned))
