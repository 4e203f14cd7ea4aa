# SPDX-License-Identifier: Apache-2.0
"""Compressed streams (gzip, bzip2, xz) unpacked a piece at a time, counted while they are.

Zstandard is known and not unpacked: Python 3.11 has no decoder of it.
"""

import bz2
import lzma
import zlib
from typing import Protocol

from coreline.sources.unpack.limits import CHUNK_BYTES, ArchiveError, Budget, Stream

GZIP = b"\x1f\x8b"
BZIP2 = b"BZh"
XZ = b"\xfd7zXZ\0"
ZSTD = b"\x28\xb5\x2f\xfd"

# An xz file names the size of its dictionary, up to 4 GiB.
_XZ_MEMORY_BYTES = 96 * 2**20


class _Decoder(Protocol):
    def some(self, data: bytes, size: int) -> bytes: ...

    @property
    def rest(self) -> bytes: ...

    @property
    def is_done(self) -> bool: ...

    @property
    def wants_more(self) -> bool: ...


class _Zlib:
    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(31)

    def some(self, data: bytes, size: int) -> bytes:
        return self._decoder.decompress(self._decoder.unconsumed_tail + data, size)

    @property
    def rest(self) -> bytes:
        return self._decoder.unused_data

    @property
    def is_done(self) -> bool:
        return self._decoder.eof

    @property
    def wants_more(self) -> bool:
        return not self._decoder.unconsumed_tail


class _Other:
    def __init__(self, decoder: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._decoder = decoder

    def some(self, data: bytes, size: int) -> bytes:
        return self._decoder.decompress(data, size)

    @property
    def rest(self) -> bytes:
        return self._decoder.unused_data

    @property
    def is_done(self) -> bool:
        return self._decoder.eof

    @property
    def wants_more(self) -> bool:
        return self._decoder.needs_input


def _decoder(head: bytes) -> _Decoder | None:
    if head.startswith(GZIP):
        return _Zlib()
    if head.startswith(BZIP2):
        return _Other(bz2.BZ2Decompressor())
    if head.startswith(XZ):
        return _Other(lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES))
    return None


class Unpacked:
    """A stream without its compression; a plain one stays as it is.

    Args:
        stream: the compressed bytes.
        budget: what the unpacked ones are counted against.

    Raises:
        ArchiveError: it is compressed in a way that is not known.
    """

    def __init__(self, stream: Stream, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget
        self._waiting = stream.read(8)
        if self._waiting.startswith(ZSTD):
            raise ArchiveError("it is compressed with Zstandard, which is not read")
        self._decode = _decoder(self._waiting)
        self._is_first = True

    def read(self, size: int, /) -> bytes:
        """Return at least one and at most so many bytes; none at the end."""
        if self._decode is None:
            piece = self._waiting[:size]
            self._waiting = self._waiting[size:]
            return piece or self._stream.read(size)
        try:
            data = self._some(min(size, CHUNK_BYTES))
        except (zlib.error, OSError, lzma.LZMAError, EOFError) as error:
            raise ArchiveError(f"its compression is broken: {error}") from error
        self._budget.unpacked(len(data))
        return data

    def _some(self, size: int) -> bytes:
        assert self._decode is not None
        while True:
            if self._decode.is_done:
                if not self._next():
                    return b""
                continue
            packed, self._waiting = self._waiting, b""
            is_asked = not packed and self._decode.wants_more
            if is_asked:
                packed = self._stream.read(CHUNK_BYTES // 4)
            data = self._decode.some(packed, size)
            if data:
                return data
            if is_asked and not packed and not self._decode.is_done:
                raise ArchiveError("its compression ends in the middle")

    def _next(self) -> bool:
        """Go on with the next compressed member (RFC 1952: there may be several)."""
        assert self._decode is not None
        self._waiting = self._decode.rest or self._stream.read(CHUNK_BYTES // 4)
        # Padding with zeros is common, and no member.
        self._waiting = self._waiting.lstrip(b"\0")
        following = _decoder(self._waiting)
        if following is None:
            return False
        self._decode = following
        return True
