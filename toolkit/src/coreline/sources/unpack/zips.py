# SPDX-License-Identifier: Apache-2.0
"""Zip files read entry by entry (PKWARE's APPNOTE 6.3), by their central directory.

The directory is believed in nothing: what an entry really unpacks to is counted, and entries that
lie over each other, or over the directory, are a bomb or a trap for readers that go by the other
list.
"""

import bz2
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from coreline.sources.unpack.limits import (
    CHUNK_BYTES,
    DIRECTORY_BYTES_MAX,
    ArchiveError,
    Budget,
)
from coreline.sources.unpack.member import Member, MemberKind, clean, leads_out

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")

_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_END_REACH = 65_536 + _END.size
_UTF8 = 0x800
_ENCRYPTED = 0x1
_TARGET_MAX = 4096


class _Entry(NamedTuple):
    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    offset: int


def walk_zip(file: BinaryIO, budget: Budget) -> Iterator[Member]:
    """Yield the entries of a zip file.

    Args:
        file: the whole file, which can be sought in.
        budget: what the entries and their contents count against.

    Raises:
        ArchiveError: it is broken or crosses a limit.
    """
    start, before, directory = _directory(file)
    # Something may stand before the archive, such as a program that unpacks it.
    entries = [one._replace(offset=one.offset + before) for one in _entries(directory, budget)]
    _refuse_overlaps(entries, start)
    for entry in entries:
        if not entry.name.endswith(b"/"):
            yield _member(file, entry, budget)


def _directory(file: BinaryIO) -> tuple[int, int, bytes]:
    """Return where the central directory is, how much stands before the archive, its bytes."""
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - _END_REACH))
    tail = file.read(_END_REACH)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise ArchiveError("it has no central directory")
    *_, size, offset, _ = _END.unpack_from(tail, at)
    end = length - len(tail) + at
    if 0xFFFFFFFF in (size, offset):
        size, offset, end = _directory64(file, end)
    if size > DIRECTORY_BYTES_MAX:
        raise ArchiveError(f"its central directory has {size:,} bytes")
    start = end - size
    if start < 0 or offset > start:
        raise ArchiveError("its central directory lies outside of it")
    file.seek(start)
    return start, start - offset, file.read(size)


def _directory64(file: BinaryIO, end: int) -> tuple[int, int, int]:
    if end < 20 + _END64.size:
        raise ArchiveError("its central directory lies outside of it")
    file.seek(end - 20)
    locator = file.read(20)
    if not locator.startswith(b"PK\x06\x07"):
        raise ArchiveError("its central directory is broken")
    at = struct.unpack("<4sIQI", locator)[2]
    if at > end - 20 - _END64.size:
        raise ArchiveError("its central directory lies outside of it")
    file.seek(at)
    fields = _END64.unpack(file.read(_END64.size))
    return fields[8], fields[9], at


def _entries(directory: bytes, budget: Budget) -> Iterator[_Entry]:
    at = 0
    while at < len(directory):
        if directory[at : at + 4] != b"PK\x01\x02" or len(directory) - at < _ENTRY.size:
            raise ArchiveError("its central directory is broken")
        budget.entry()
        fields = _ENTRY.unpack_from(directory, at)
        _, _, _, flags, method, _, _, crc, packed, size, names, extras, comments = fields[:13]
        attributes, offset = fields[15], fields[16]
        at += _ENTRY.size
        name = directory[at : at + names]
        extra = directory[at + names : at + names + extras]
        size, packed, offset = _wide(extra, size, packed, offset)
        at += names + extras + comments
        yield _Entry(name, flags, method, crc, packed, size, attributes >> 16, offset)


def _wide(extra: bytes, *values: int) -> tuple[int, int, int]:
    """Return size, packed size and offset, from the ZIP64 field where they do not fit."""
    at = 0
    wide = b""
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 1:
            wide = extra[at + 4 : at + 4 + length]
        at += 4 + length
    out: list[int] = []
    for value in values:
        if value == 0xFFFFFFFF and len(wide) >= 8:
            value, wide = struct.unpack_from("<Q", wide)[0], wide[8:]
        out.append(value)
    return out[0], out[1], out[2]


def _refuse_overlaps(entries: list[_Entry], start: int) -> None:
    """Refuse entries that share bytes: a few kilobytes would stand for gigabytes."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.offset):
        if entry.offset < end:
            raise ArchiveError("entries of it lie over each other")
        end = entry.offset + _LOCAL.size + len(entry.name) + entry.packed
    if end > start:
        raise ArchiveError("an entry of it reaches into the central directory")


def _member(file: BinaryIO, entry: _Entry, budget: Budget) -> Member:
    encoding = "utf-8" if entry.flags & _UTF8 else "cp437"
    try:
        text = entry.name.decode("utf-8")
    except UnicodeDecodeError:
        text = entry.name.decode(encoding, "surrogateescape")
    path, warning = clean(text)
    kind: MemberKind = "executable" if entry.mode & 0o100 else "file"
    trouble = target = ""
    if entry.flags & _ENCRYPTED:
        trouble = "it is encrypted"
    elif entry.method not in (0, 8, 12):
        trouble = f"compressed by method {entry.method}, which is not read"
    elif entry.mode & 0o170000 == 0o120000 and entry.size <= _TARGET_MAX:
        kind = "link"
        target = b"".join(_contents(file, entry, budget)).decode("utf-8", "surrogateescape")
        if leads_out(path, target):
            warning = warning or f"a link that leads out of the archive: {target[:200]!r}"
    return Member(
        path, kind, entry.size, lambda: _contents(file, entry, budget), target, trouble, warning
    )


def _contents(file: BinaryIO, entry: _Entry, budget: Budget) -> Iterator[bytes]:
    """Yield the content of an entry, and refuse one that is not as the directory says."""
    file.seek(entry.offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
        raise ArchiveError(f"the entry {entry.name[:200]!r} is not where the directory says")
    fields = _LOCAL.unpack(head)
    if file.read(fields[9]) != entry.name:
        raise ArchiveError(f"the entry {entry.name[:200]!r} has another name in its own header")
    file.seek(fields[10], os.SEEK_CUR)
    crc = size = 0
    for piece in _unpacked(file, entry):
        budget.unpacked(len(piece))
        crc, size = zlib.crc32(piece, crc), size + len(piece)
        if size > entry.size:
            raise ArchiveError(f"the entry {entry.name[:200]!r} is larger than it says")
        yield piece
    if (size, crc) != (entry.size, entry.crc):
        raise ArchiveError(f"the entry {entry.name[:200]!r} is not what the directory says")


def _unpacked(file: BinaryIO, entry: _Entry) -> Iterator[bytes]:
    # Another entry may be read before this one is done, so the place is kept here.
    at, left = file.tell(), entry.packed
    decode = _decoder(entry.method)
    while left > 0:
        file.seek(at)
        packed = file.read(min(left, CHUNK_BYTES // 4))
        if not packed:
            raise ArchiveError("it ends in the middle")
        at, left = at + len(packed), left - len(packed)
        yield from decode(packed)


def _decoder(method: int) -> Callable[[bytes], Iterator[bytes]]:
    if method == 0:
        return lambda packed: iter([packed])
    return _inflate() if method == 8 else _bunzip()


def _inflate() -> Callable[[bytes], Iterator[bytes]]:
    decoder = zlib.decompressobj(-15)

    def some(packed: bytes) -> Iterator[bytes]:
        while packed:
            try:
                yield decoder.decompress(packed, CHUNK_BYTES)
            except zlib.error as error:
                raise ArchiveError(f"its compression is broken: {error}") from error
            packed = decoder.unconsumed_tail

    return some


def _bunzip() -> Callable[[bytes], Iterator[bytes]]:
    decoder = bz2.BZ2Decompressor()

    def some(packed: bytes) -> Iterator[bytes]:
        while not decoder.eof and (packed or not decoder.needs_input):
            try:
                yield decoder.decompress(packed, CHUNK_BYTES)
            except (OSError, EOFError) as error:
                raise ArchiveError(f"its compression is broken: {error}") from error
            packed = b""

    return some
