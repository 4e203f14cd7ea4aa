# SPDX-License-Identifier: Apache-2.0
"""The kind of extension ``archives``: one format of artifact in one file, ending in ``ARCHIVE``."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from coreline.sources.unpack.limits import Budget
from coreline.sources.unpack.member import Member

Walk = Callable[[BinaryIO, Budget], Iterator[Member]]


class Archive(Struct, frozen=True, kw_only=True):
    """One format of artifact: how it is known and read, and where its files come from."""

    name: str
    sentence: str
    suffixes: tuple[str, ...]
    """Endings of file names, in lower case."""
    walk: Walk
    """Yields the entries of a file of the format; in the same order each time."""
    example: Callable[[Mapping[str, bytes]], bytes]
    """Makes an artifact that holds some files, whose names are those in the repository."""
    root: Callable[[str], str] = lambda path: path
    """Takes a path in the artifact to the one from the root of the package's sources."""
    has_license: bool = True
    """Whether the format is one in which a package brings its license text along."""
    is_kind: Callable[[BinaryIO], bool] | None = None
    """Looks into a file whose name is one of several formats'; None where the name is enough."""
    folder: Callable[[Path], Walk | None] | None = None
    """Reads a folder that is an artifact; returns None for one that is not."""


def without_first(path: str) -> str:
    """Return a path without its first folder, which has the name and version of the package."""
    first, slash, rest = path.partition("/")
    return rest if slash else first
