# SPDX-License-Identifier: Apache-2.0
"""Write new objects into git's object store: a pack with its index, or a few loose objects.

Git's own writers cost a process and read back and inflate everything they are given. Here each
object's id is computed as it is added, so the index follows without another pass. Formats:
gitformat-pack(5), pack version 2 and index version 2. What is written becomes visible to git at
once or not at all: the index is renamed into place last, after both files are on disk.
"""

import hashlib
import os
import re
import zlib
from binascii import crc32
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from struct import pack
from typing import NamedTuple

from coreline.sources.objects import object_id

_KIND_NUMBER = {b"commit": 1, b"tree": 2, b"blob": 3, b"tag": 4}
_OFS_DELTA = 6
# A chain of deltas is read from its end: a longer one costs every reader.
_CHAIN_MAX = 16
# Up to this many objects are cheaper to have loose than in a pack of their own.
_LOOSE_MAX = 24
# Squeezing what is shorter takes longer than reading it back ever saves.
_STORED_MAX = 512


class _Written(NamedTuple):
    offset: int
    crc: int


class ObjectWriter:
    """Collects new objects and stores them together.

    Args:
        objects: the ``objects`` folder of the store.
    """

    def __init__(self, objects: Path) -> None:
        self._objects = objects
        self._bodies: dict[bytes, tuple[bytes, bytes, bytes | None]] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._bodies

    def __len__(self) -> int:
        return len(self._bodies)

    def body(self, name: bytes) -> bytes | None:
        """Return an object that was added and is not stored yet."""
        found = self._bodies.get(name)
        return None if found is None else found[1]

    def add(self, kind: bytes, body: bytes, like: bytes | None = None) -> bytes:
        """Add an object and return its id (20 bytes).

        Args:
            kind: ``commit``, ``tree`` or ``tag``.
            body: the object without git's header.
            like: the id of an object of the same kind added before, probably similar.
        """
        name = object_id(kind, body)
        self._bodies.setdefault(name, (kind, body, like))
        return name

    def store(self) -> None:
        """Put everything that was added into the store, on disk when this returns."""
        if len(self._bodies) <= _LOOSE_MAX:
            for name, (kind, body, _) in self._bodies.items():
                _write_loose(self._objects, name.hex(), kind, body)
        else:
            self._write_pack()
        self._bodies.clear()

    def _write_pack(self) -> None:
        chunks = [b"PACK" + pack(">II", 2, len(self._bodies))]
        written: dict[bytes, _Written] = {}
        depths: dict[bytes, int] = {}
        offset = len(chunks[0])
        for name, (kind, body, like) in self._bodies.items():
            entry = None
            if like is not None and like in written and depths[like] < _CHAIN_MAX:
                entry = _delta_entry(self._bodies[like][1], body, offset - written[like].offset)
            depths[name] = 0 if entry is None or like is None else depths[like] + 1
            if entry is None:
                entry = _head(_KIND_NUMBER[kind], len(body)) + _squeeze(body)
            written[name] = _Written(offset, crc32(entry))
            chunks.append(entry)
            offset += len(entry)
        content = b"".join(chunks)
        checksum = hashlib.sha1(content, usedforsecurity=False).digest()
        folder = self._objects / "pack"
        folder.mkdir(parents=True, exist_ok=True)
        stem = folder / f"pack-{checksum.hex()}"
        _write_file(stem.with_suffix(".pack"), content + checksum)
        _write_file(stem.with_suffix(".idx"), _index(written, checksum))
        _sync_folder(folder)


def _squeeze(body: bytes) -> bytes:
    """Return data as zlib wants it (RFC 1950); short data as one stored block (RFC 1951 3.2.4)."""
    size = len(body)
    if size < _STORED_MAX:
        block = b"\x78\x01\x01" + pack("<HH", size, size ^ 0xFFFF)
        return block + body + pack(">I", zlib.adler32(body))
    # A window of 4 KiB and small tables: setting up the full ones costs more than the commit.
    squeeze = zlib.compressobj(6, zlib.DEFLATED, 12, 4)
    return squeeze.compress(body) + squeeze.flush()


def _head(kind: int, size: int) -> bytes:
    first = kind << 4 | size & 15
    size >>= 4
    out = bytearray()
    while size:
        out.append(first | 0x80)
        first = size & 0x7F
        size >>= 7
    out.append(first)
    return bytes(out)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _distance(number: int) -> bytes:
    """Return the offset of a delta's base, in the encoding of its own that git uses."""
    out = [number & 0x7F]
    number >>= 7
    while number:
        number -= 1
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(reversed(out))


def _delta_entry(base: bytes, body: bytes, distance: int) -> bytes | None:
    """Return a pack entry that says what differs, or None where that is most of the object.

    Two states of one folder mostly differ in some ids (then they have the same size), or by an
    entry that came or went (then they share the beginning and the end).
    """
    if len(base) == len(body):
        changes = list(_changes(base, body))
    else:
        limit = min(len(base), len(body))
        start = _common(base, body, limit)
        changes = [(start, len(body) - _common(base[::-1], body[::-1], limit - start))]
    if 2 * sum(b - a for a, b in changes) > len(body):
        return None
    delta = [_varint(len(base)), _varint(len(body))]
    at = 0
    for first, last in changes:
        delta.append(_copy(at, first - at))
        delta += (_insert(body[i : min(i + 127, last)]) for i in range(first, last, 127))
        at = last
    # What follows the last change lies as far from the end in both.
    delta.append(_copy(at + len(base) - len(body), len(body) - at))
    data = b"".join(delta)
    return _head(_OFS_DELTA, len(data)) + _distance(distance) + _squeeze(data)


def _changes(one: bytes, other: bytes) -> Iterator[tuple[int, int]]:
    """Yield where two contents of the same size differ, short gaps of likeness included."""
    differing = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    for run in _DIFFERING.finditer(differing.to_bytes(len(one), "big")):
        yield run.span()


_DIFFERING = re.compile(rb"[^\0]+(?:\0{1,8}[^\0]+)*")


def _insert(piece: bytes) -> bytes:
    return bytes([len(piece)]) + piece


def _common(one: bytes, other: bytes, limit: int) -> int:
    """Return how many bytes two contents share from their beginning."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _copy(offset: int, size: int) -> bytes:
    """Return the instructions that copy a piece of the base, 64 KiB less one at a time."""
    out = bytearray()
    while size:
        step = min(size, 0xFFFF)
        out += b"\xbf" + pack("<IH", offset, step)
        offset, size = offset + step, size - step
    return bytes(out)


def _index(written: dict[bytes, _Written], checksum: bytes) -> bytes:
    names = sorted(written)
    counts = [0] * 256
    for name in names:
        counts[name[0]] += 1
    body = b"".join(
        [
            b"\xfftOc" + pack(">I", 2),
            pack(">256I", *accumulate(counts)),
            b"".join(names),
            pack(f">{len(names)}I", *(written[name].crc for name in names)),
            # A pack of one run stays far below 2 GiB, where offsets would need a second table.
            pack(f">{len(names)}I", *(written[name].offset for name in names)),
            checksum,
        ]
    )
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def _write_loose(objects: Path, name: str, kind: bytes, body: bytes) -> None:
    path = objects / name[:2] / name[2:]
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_file(path, zlib.compress(b"%b %d\0" % (kind, len(body)) + body, 1))
        _sync_folder(path.parent)


def _write_file(path: Path, content: bytes) -> None:
    temporary = path.with_name(f"tmp_{os.getpid()}_{path.name}")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.chmod(0o444)
    temporary.replace(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
