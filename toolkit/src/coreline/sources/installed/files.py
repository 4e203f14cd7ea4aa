# SPDX-License-Identifier: Apache-2.0
"""Small, bounded reads of folders that package managers filled, and what is asked of them."""

import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

SIZE_MAX = 512 * 1024
"""More of a file of metadata is not read: the license stands at its beginning."""

ENTRIES_MAX = 50_000
"""So many entries of a folder are looked at."""


class Wanted(NamedTuple):
    """A package of a lock file."""

    ecosystem: str
    name: str
    version: str


class Said(NamedTuple):
    """What an installed package says: a field of its metadata, or its whole license text."""

    license: str
    text: str


def read_file(path: str) -> bytes | None:
    """Return the beginning of a regular file, None where there is none that can be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            return os.read(descriptor, SIZE_MAX)
        finally:
            os.close(descriptor)
    except (OSError, ValueError):
        return None


def names_in(folder: str) -> list[str]:
    """Return the names in a folder in order, none where it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            found = [entry.name for entry, _ in zip(entries, range(ENTRIES_MAX), strict=False)]
    except OSError:
        return []
    return sorted(found)


def folders(*parts: str) -> Iterator[str]:
    """Yield the folders of a path in which ``*`` stands for any one name."""
    found = [parts[0]]
    for part in parts[1:]:
        if part == "*":
            found = [f"{one}/{name}" for one in found for name in names_in(one)]
        else:
            found = [f"{one}/{part}" for one in found]
    yield from (one for one in found if os.path.isdir(one))  # noqa: PTH112 - paths are plain text here.


def license_text(folder: str) -> str:
    """Return the license text that lies in a folder, empty where there is none."""
    for name in names_in(folder):
        if name.lower().startswith(("license", "licence", "copying", "unlicense")):
            data = read_file(f"{folder}/{name}")
            if data is not None:
                return data.decode("utf-8", "replace")
    return ""
