# SPDX-License-Identifier: Apache-2.0
"""Paths that code writes down: what of the tree they lead to.

Stricter than paths in builds: ``"/api/ee/fleet"`` in code is mostly an address, and no end of a
path alone makes it a file.
"""

import posixpath
import re

from coreline.boundary.resolve import Meant
from coreline.boundary.world import World

_FILLED = re.compile(r"[*?{$%]")


def meant_by_path(world: World, text: str, path: str, *, from_file: bool = False) -> Meant | None:
    """Return the wrap that a path leads into: what it names exists, up to what is filled in.

    Args:
        world: the tree.
        text: the path, as code writes it.
        path: the file that it is in.
        from_file: whether it is looked up from the file's folder alone.
    """
    filled = _FILLED.search(text)
    known = text[: filled.start()].rpartition("/")[0] if filled else text
    if not known or known.startswith("/"):
        return None
    folder = posixpath.dirname(path)
    while True:
        found = posixpath.normpath(posixpath.join(folder, known))
        if world.exists(found):
            wrap = world.wrap_of(found)
            return None if wrap is None else Meant(wrap, text.removeprefix("./"))
        if not folder or from_file:
            return None
        folder = posixpath.dirname(folder)
