# SPDX-License-Identifier: Apache-2.0
"""Tar files read in one pass, any stream of them (POSIX.1-2017 pax, ustar, GNU).

Python's own reader keeps every entry and reads extended headers of any size into memory; here one
entry is held at a time. What a plain file does not hold (sparse files, devices) is said.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol, runtime_checkable

from coreline.sources.unpack.limits import (
    HEADER_BYTES_MAX,
    NAME_BYTES_MAX,
    ArchiveError,
    Budget,
    Stream,
    chunks,
    exactly,
)
from coreline.sources.unpack.member import Member, MemberKind, clean, leads_out

_BLOCK = 512
_ZERO = bytes(_BLOCK)
_KINDS: dict[bytes, MemberKind] = {
    b"0": "file",
    b"\0": "file",
    b"7": "file",
    b"1": "hardlink",
    b"2": "link",
    b"3": "other",
    b"4": "other",
    b"6": "other",
    b"S": "file",
}
_WHAT = {b"3": "a character device", b"4": "a block device", b"6": "a FIFO"}


class _Header(NamedTuple):
    name: bytes
    mode: int
    size: int
    kind: bytes
    target: bytes
    raw: bytes


def walk_tar(stream: Stream, budget: Budget) -> Iterator[Member]:
    """Yield the entries of a tar file.

    Args:
        stream: the file, unpacked.
        budget: what the entries count against.

    Raises:
        ArchiveError: it is broken or crosses a limit.
    """
    extended: dict[str, bytes] = {}
    body = _Body(stream)
    while (header := _header(body)) is not None:
        budget.entry()
        if header.kind in b"LKxgX" and header.kind:
            extended |= _extension(header, body)
            continue
        if header.kind == b"S" and header.raw[482]:
            _skip_sparse_map(body)
        member, size = _member(header, extended, body)
        extended = {}
        body.begin(size)
        if header.kind != b"5":
            yield member
        body.finish()


@runtime_checkable
class Skipping(Protocol):
    """A stream that can pass over bytes without reading them."""

    def skip(self, size: int, /) -> None:
        """Pass over so many bytes; an ``ArchiveError`` where there are fewer."""
        ...


class _Body:
    """The stream, and how much of the current entry is still to be read."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._left = 0
        self._padding = 0
        # Asking this of each entry would cost more than reading it.
        self._skip = stream.skip if isinstance(stream, Skipping) else None

    def begin(self, size: int) -> None:
        self._left, self._padding = size, -size % _BLOCK

    def contents(self) -> Iterator[bytes]:
        while self._left:
            piece = self._stream.read(min(self._left, 1 << 18))
            if not piece:
                raise ArchiveError("it ends in the middle")
            self._left -= len(piece)
            yield piece

    def finish(self) -> None:
        """Pass over what is left of the entry."""
        left, self._left, self._padding = self._left + self._padding, 0, 0
        if self._skip is not None:
            self._skip(left)
            return
        for _ in chunks(self._stream, left):
            pass

    def block(self) -> bytes:
        """Return the next header, nothing at the end."""
        first = self._stream.read(_BLOCK)
        return first + exactly(self._stream, _BLOCK - len(first)) if first else b""


def _header(body: _Body) -> _Header | None:
    raw = body.block()
    if not raw or raw == _ZERO:
        return None
    stated, plain = _number(raw[148:156]), sum(raw) - sum(raw[148:156]) + 8 * 32
    # Some old programs have added up signed bytes.
    if stated not in (plain, plain - 256 * sum(byte > 127 for byte in raw[:148] + raw[156:])):
        raise ArchiveError("a header of it is broken (its checksum differs)")
    name = raw[:100].split(b"\0", 1)[0]
    prefix = raw[345:500].split(b"\0", 1)[0] if raw[257:263] == b"ustar\0" else b""
    return _Header(
        name=prefix + b"/" + name if prefix else name,
        mode=_number(raw[100:108]),
        size=_number(raw[124:136]),
        kind=raw[156:157],
        target=raw[157:257].split(b"\0", 1)[0],
        raw=raw,
    )


def _number(field: bytes) -> int:
    """Return a number: octal, or GNU's base 256."""
    if field[0] & 0x80:
        number = int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1)
        if field[0] & 0x40:
            raise ArchiveError("a header of it has a negative number")
        return number
    text = field.split(b"\0", 1)[0].strip() or b"0"
    try:
        return int(text, 8)
    except ValueError as error:
        raise ArchiveError("a header of it has no number where one should be") from error


def _extension(header: _Header, body: _Body) -> dict[str, bytes]:
    """Return what a header says of the entry that follows it."""
    maximum = NAME_BYTES_MAX if header.kind in b"LK" else HEADER_BYTES_MAX
    if header.size > maximum:
        raise ArchiveError(f"a header of it has {header.size:,} bytes")
    body.begin(header.size)
    data = b"".join(body.contents())
    body.finish()
    if header.kind == b"L":
        return {"path": data.rstrip(b"\0")}
    if header.kind == b"K":
        return {"linkpath": data.rstrip(b"\0")}
    # Global headers (g) say nothing of names in practice, and git writes its commit in one.
    return _records(data) if header.kind in b"xX" else {}


def _records(data: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    at = 0
    while at < len(data):
        space = data.find(b" ", at, at + 12)
        length = data[at:space] if space > 0 else b""
        if not length.isdigit() or int(length) < 5:
            raise ArchiveError("an extended header of it is broken")
        key, is_there, value = data[space + 1 : at + int(length) - 1].partition(b"=")
        if is_there:
            found[key.decode("utf-8", "replace")] = value
        at += int(length)
    return found


def _member(header: _Header, extended: dict[str, bytes], body: _Body) -> tuple[Member, int]:
    """Return an entry, and how many bytes of the stream are its own."""
    size = header.size
    stated = extended.get("size", b"")
    if stated.isdigit() and len(stated) < 20:
        size = int(stated)
    name = extended.get("GNU.sparse.name") or extended.get("path") or header.name
    if len(name) > NAME_BYTES_MAX:
        raise ArchiveError("a name of it is longer than 32 KiB")
    path, warning = clean(name.decode("utf-8", "surrogateescape"))
    target = (extended.get("linkpath") or header.target).decode("utf-8", "surrogateescape")
    kind = _KINDS.get(header.kind, "other")
    is_sparse = header.kind == b"S" or any(key.startswith("GNU.sparse") for key in extended)
    trouble = _WHAT.get(header.kind, "an entry of an unknown kind") if kind == "other" else ""
    if is_sparse:
        trouble = "a sparse file, which is not read"
    if kind == "link" and leads_out(path, target):
        warning = warning or f"a link that leads out of the archive: {target[:200]!r}"
    if kind == "hardlink":
        target, wrong = clean(target)
        warning = warning or wrong
    if kind in ("link", "hardlink", "other") and header.kind in b"12346":
        size = 0
    if kind == "file" and header.mode & 0o100:
        kind = "executable"
    member = Member(path, kind, size, body.contents, target, trouble, warning)
    return member, size


def _skip_sparse_map(body: _Body) -> None:
    """Pass over the blocks that go on with the map of an old GNU sparse file."""
    for _ in range(10_000):
        block = body.block()
        if len(block) < _BLOCK or not block[504]:
            return
    raise ArchiveError("a sparse file of it has a map without an end")
