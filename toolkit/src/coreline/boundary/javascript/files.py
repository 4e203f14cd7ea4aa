# SPDX-License-Identifier: Apache-2.0
"""Which file of a tree a path without its suffix means, as Node, TypeScript and bundlers look."""

import posixpath
import re
from collections.abc import Iterator
from typing import NamedTuple

from coreline.boundary.ownership import CORE, MIXED
from coreline.boundary.world import World

SUFFIXES = (
    *(".ts", ".tsx", ".d.ts", ".mts", ".cts", ".d.mts", ".d.cts", ".js", ".jsx", ".mjs", ".cjs"),
    *(".json", ".vue", ".svelte", ".native.ts", ".native.tsx", ".web.ts", ".web.tsx"),
)
"""What is tried after a path without a suffix, in TypeScript's order; then what bundlers add."""

# What is written for a file that is compiled (TypeScript handbook, "File extension substitution").
_WRITTEN_AS = {
    ".js": (".ts", ".tsx", ".d.ts", ".jsx", ".vue"),
    ".jsx": (".tsx", ".d.ts"),
    ".mjs": (".mts", ".d.mts", ".ts"),
    ".cjs": (".cts", ".d.cts", ".ts"),
    ".d.ts": (".ts", ".tsx"),
    ".d.mts": (".mts",),
    ".d.cts": (".cts",),
}
_COMPILED = re.compile(r"(?:\.d)?\.[mc]?[jt]sx?$")
_TYPES = re.compile(r"\.d\.[mc]?ts$")
_WILDCARD = re.compile(r"\*|\$\{|\$\d|\{|\?\(|\?$")


class Place(NamedTuple):
    """What a path leads to."""

    wrap: str | None
    """The wrap that it leads into; None for the core."""
    is_found: bool
    """Whether something is there; of what is not, only the folder above says whose it would be."""
    is_declaration: bool = False
    """Whether only types are there (``.d.ts``): at run time another module is asked for."""


class Files:
    """The files of a tree.

    Args:
        world: all files and their owners.
    """

    def __init__(self, world: World) -> None:
        self._owners = world.owners
        self._folders = world.folders

    def file(self, path: str) -> str | None:
        """Return the file that a path means, with any suffix, a folder's index included."""
        if path in self._owners:
            return path
        found = next((path + one for one in SUFFIXES if path + one in self._owners), None)
        if found is not None:
            return found
        suffix = _COMPILED.search(path)
        for one in _WRITTEN_AS.get(suffix[0], ()) if suffix else ():
            candidate = path[: -len(suffix[0])] + one if suffix else path
            if candidate in self._owners:
                return candidate
        if path in self._folders:
            index = join(path, "index")
            return next((index + one for one in SUFFIXES if index + one in self._owners), None)
        return None

    def is_folder(self, path: str) -> bool:
        """Whether a folder holds a file."""
        return path in self._folders

    def owner(self, file: str) -> str | None:
        """Return the wrap that a file is of, None for the core."""
        return self._owners[file] or None

    def whole(self, folder: str) -> str | None:
        """Return the wrap that a whole folder is of, None where it is not one wrap's alone."""
        owner = self._folders.get(folder)
        return None if owner in (None, CORE, MIXED) else owner

    def place(self, path: str | None) -> Place:
        """Return what a path leads to.

        A path into a folder that is wholly a wrap's leads into it even where nothing is there: it
        may be built first.
        """
        if path is None:
            return Place(None, is_found=False)
        wildcard = _WILDCARD.search(path)
        if wildcard is not None:
            folder = path[: wildcard.start()].rpartition("/")[0]
            return Place(self.whole(folder), is_found=folder in self._folders)
        file = self.file(path)
        if file is not None:
            return Place(
                self.owner(file), is_found=True, is_declaration=_TYPES.search(file) is not None
            )
        if path in self._folders:
            return Place(self.whole(path), is_found=True)
        above = next((one for one in ancestors(path) if one in self._folders), "")
        return Place(self.whole(above) if above else None, is_found=False)


def join(folder: str, path: str) -> str:
    """Return a path below a folder of the tree, as it would be written from the root."""
    joined = posixpath.normpath(posixpath.join(folder, path))
    return "" if joined == "." else joined


def inside(folder: str, path: str) -> str | None:
    """Return a path from the root of the tree, None where it leads out of it."""
    joined = join(folder, path)
    return None if joined.startswith(("../", "/")) or joined == ".." else joined


def ancestors(path: str) -> Iterator[str]:
    """Yield the folders above a path, the nearest first, the root (``""``) last."""
    while path:
        path = path.rpartition("/")[0]
        yield path
