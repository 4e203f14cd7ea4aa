# SPDX-License-Identifier: Apache-2.0
"""Every limit on an archive, and what counts against it. Nothing else in this room is unbounded.

An archive can be made to hurt whoever opens it: a few kilobytes that unpack to petabytes, entries
that overlap, millions of names. What crosses a limit ends the reading with a reason; it is never
read on.
"""

from collections.abc import Iterator
from typing import Protocol

ENTRIES_MAX = 500_000
"""Entries of one artifact, those of archives inside it included. Each costs about a kilobyte."""

UNPACKED_BYTES_MAX = 32 * 2**30
"""All contents of one artifact together."""

RATIO_MAX = 100
"""So many times its packed size an artifact may unpack to. Code shrinks to a tenth, deflate at its
best to a thousandth."""

RATIO_FROM_BYTES = 256 * 2**20
"""Below so many unpacked bytes the ratio is of no interest: they are read in a second."""

NESTED_DEPTH_MAX = 3
"""Archives in archives in archives."""

NESTED_BYTES_MAX = 64 * 2**20
"""An archive inside another one is held in memory, up to this size."""

NAME_BYTES_MAX = 32 * 1024
"""The name of one entry."""

HEADER_BYTES_MAX = 1 << 20
"""The extended header of one entry of a tar file (pax)."""

DIRECTORY_BYTES_MAX = 32 * 2**20
"""The central directory of a zip file."""

DOCUMENT_BYTES_MAX = 4 * 2**20
"""A document of an image: its index, its manifest (OCI: 4 MiB)."""

LAYERS_MAX = 256
"""The layers of one image; container engines stop at 127."""

CHUNK_BYTES = 256 * 1024


class ArchiveError(Exception):
    """An archive that cannot be read on: it is broken, of an unknown kind, or crosses a limit."""


class Stream(Protocol):
    """Bytes in order."""

    def read(self, size: int, /) -> bytes:
        """Return at least one and at most so many bytes; none at the end."""
        ...


class Budget:
    """What one artifact may still cost.

    Args:
        packed_bytes: the size of the artifact itself.
    """

    def __init__(self, packed_bytes: int) -> None:
        self._ratio_bytes = max(RATIO_FROM_BYTES, packed_bytes * RATIO_MAX)
        self._entries = 0
        self._unpacked = 0

    def entry(self) -> None:
        """Count an entry."""
        self._entries += 1
        if self._entries > ENTRIES_MAX:
            raise ArchiveError(f"it has more than {ENTRIES_MAX:,} entries")

    def unpacked(self, size: int) -> None:
        """Count unpacked bytes."""
        self._unpacked += size
        if self._unpacked > UNPACKED_BYTES_MAX:
            raise ArchiveError(f"it unpacks to more than {UNPACKED_BYTES_MAX >> 30} GiB")
        if self._unpacked > self._ratio_bytes:
            raise ArchiveError(f"it unpacks to more than {RATIO_MAX} times its size")


def exactly(stream: Stream, size: int) -> bytes:
    """Return so many bytes.

    Raises:
        ArchiveError: there are fewer.
    """
    pieces: list[bytes] = []
    while size > 0:
        piece = stream.read(min(size, CHUNK_BYTES))
        if not piece:
            raise ArchiveError("it ends in the middle")
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def chunks(stream: Stream, size: int) -> Iterator[bytes]:
    """Yield so many bytes, a piece at a time.

    Raises:
        ArchiveError: there are fewer.
    """
    while size > 0:
        piece = stream.read(min(size, CHUNK_BYTES))
        if not piece:
            raise ArchiveError("it ends in the middle")
        size -= len(piece)
        yield piece
