# SPDX-License-Identifier: Apache-2.0
"""The beginnings of many files: enough for headers and build tags, at a fraction of the reading."""

import os
from collections.abc import Iterable, Iterator

from coreline.sources.tree import Content, DiskTree, Entry, SourceTree


def read_heads(tree: SourceTree, entries: Iterable[Entry], size: int) -> Iterator[Content]:
    """Yield the first bytes of each entry, in order.

    On disk no more than that is read; another tree reads the file and cuts it.

    Args:
        tree: the files.
        entries: which of them.
        size: how many bytes at most, of each.
    """
    if isinstance(tree, DiskTree):
        yield from (_disk_head(tree.label, entry, size) for entry in entries)
        return
    for content in tree.read(entries):
        yield content if content.data is None else content._replace(data=content.data[:size])


def _disk_head(root: str, entry: Entry, size: int) -> Content:
    if entry.kind not in ("file", "executable"):
        return Content(entry, None, f"a {entry.kind}")
    try:
        # A link put in a file's place since the listing is not followed.
        descriptor = os.open(f"{root}/{entry.path}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            return Content(entry, os.read(descriptor, size))
        finally:
            os.close(descriptor)
    except OSError as error:
        return Content(entry, None, f"cannot be read: {error.strerror}")
