# SPDX-License-Identifier: Apache-2.0
"""git's index, read directly: which files on disk are, by their size and times, what git knows.

The content of such a file is known by its blob id without reading a byte of it. The rules are
those of gitformat-index(5) and of git's own racy-git document: a file that changed as late as
the index was written, or later, is not trusted. Asking git itself would run the filters of a
repository's configuration, and costs more than the rest of a check.
"""

import os
import struct
from pathlib import Path
from typing import NamedTuple

from coreline.sources.cache import git_directory

Known = tuple[bytes, int, int, int, int, int]
"""Of one path: blob, mode, size, mtime and ctime in nanoseconds, inode. A plain tuple, since there
are as many as files."""


class Index(NamedTuple):
    """The index of a work tree."""

    written: int
    """When it was last written, in nanoseconds."""
    entries: dict[str, Known]
    absent: frozenset[str]
    """Paths that a sparse checkout leaves out on purpose."""

    def blob(self, path: str, found: os.stat_result) -> str | None:
        """Return the blob id of a file that is unchanged, else None.

        Args:
            path: from the root of the work tree.
            found: of the file itself, links not followed.
        """
        known = self.entries.get(path)
        if known is None:
            return None
        blob, mode, size, mtime, ctime, inode = known
        if (
            mtime == found.st_mtime_ns
            and ctime == found.st_ctime_ns
            and size == found.st_size & 0xFFFFFFFF
            and inode == found.st_ino & 0xFFFFFFFF
            and mode >> 12 == found.st_mode >> 12
            and mtime < self.written
        ):
            return blob.hex()
        return None


# ctime and mtime (seconds, nanoseconds), device, inode, mode, uid, gid, size, SHA-1, flags.
_ENTRY = struct.Struct(">10I20sH")
_UNKNOWN: Known = (b"", 0, -1, 0, 0, -1)
_VERSIONS = frozenset([2, 3])
_EXTENDED = 0x4000
_STAGE = 0x3000
# In the first of the two bytes of the extended flags.
_SKIP_WORKTREE = 0x40


def read_index(folder: Path) -> Index | None:
    """Return the index of a work tree whose root is a folder.

    None where there is none, or one of a kind that is not read here (compressed paths, split or
    sparse indexes, SHA-256): then every file is read, and nothing is lost but time.
    """
    directory = git_directory(folder)
    if directory is None or directory == folder:
        return None
    try:
        with (directory / "index").open("rb") as file:
            written = os.fstat(file.fileno()).st_mtime_ns
            data = file.read()
        return Index(written, *_parse(data))
    except (OSError, ValueError, struct.error):
        return None


def _parse(data: bytes) -> tuple[dict[str, Known], frozenset[str]]:
    signature, version, count = struct.unpack_from(">4sII", data)
    if signature != b"DIRC" or version not in _VERSIONS:
        raise ValueError("an index of another kind")
    entries: dict[str, Known] = {}
    absent: list[str] = []
    at = 12
    for _ in range(count):
        fields = _ENTRY.unpack_from(data, at)
        ctime, ctime_ns, mtime, mtime_ns, _, inode, mode, _, _, size, blob, flags = fields
        start = at + _ENTRY.size + (2 if flags & _EXTENDED else 0)
        end = data.index(b"\0", start)
        # Entries are padded with at least one NUL to a multiple of eight bytes.
        at += (end - at + 8) // 8 * 8
        path = data[start:end].decode("utf-8", "surrogateescape")
        if flags & _EXTENDED and data[start - 2] & _SKIP_WORKTREE:
            absent.append(path)
        if flags & _STAGE:
            # A side of an open merge: the file on disk is none of them.
            entries[path] = _UNKNOWN
            continue
        entries[path] = (
            blob,
            mode,
            size,
            mtime * 1_000_000_000 + mtime_ns,
            ctime * 1_000_000_000 + ctime_ns,
            inode,
        )
    # The extensions of a split or sparse index say that entries are missing here.
    if data[at : at + 4] in (b"link", b"sdir"):
        raise ValueError("an index in parts")
    return entries, frozenset(absent)
