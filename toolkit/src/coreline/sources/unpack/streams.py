# SPDX-License-Identifier: Apache-2.0
"""Bytes that come in pieces, or are a part of a file, read as a stream."""

from collections.abc import Iterator
from typing import BinaryIO

from coreline.sources.unpack.limits import CHUNK_BYTES, ArchiveError, Stream


class Pieces:
    """A stream of what an iterator yields."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._waiting = b""

    def read(self, size: int, /) -> bytes:
        """Return at least one and at most so many bytes; none at the end."""
        while not self._waiting:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._waiting = piece
        taken, self._waiting = self._waiting[:size], self._waiting[size:]
        return taken


class Section:
    """A stream of a part of a file; others may read the file meanwhile."""

    def __init__(self, file: BinaryIO, offset: int, size: int) -> None:
        self._file = file
        self._at = offset
        self._end = offset + size

    def read(self, size: int, /) -> bytes:
        """Return at least one and at most so many bytes; none at the end."""
        self._file.seek(self._at)
        data = self._file.read(min(size, self._end - self._at))
        self._at += len(data)
        return data


def at_most(stream: Stream, size_max: int) -> bytes:
    """Return a whole stream.

    Raises:
        ArchiveError: it is longer.
    """
    found: list[bytes] = []
    size = 0
    while piece := stream.read(CHUNK_BYTES):
        size += len(piece)
        if size > size_max:
            raise ArchiveError(f"a document of it has more than {size_max:,} bytes")
        found.append(piece)
    return b"".join(found)
