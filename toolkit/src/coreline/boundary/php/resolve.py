# SPDX-License-Identifier: Apache-2.0
"""What the names of PHP mean in a tree: by Composer's autoloading, else by namespaces.

Source: PSR-4, and the autoload section of the schema of ``composer.json``.
"""

import posixpath
import re
from collections.abc import Iterator

from coreline.boundary.code.namespaces import Namespaces
from coreline.boundary.code.paths import meant_by_path
from coreline.boundary.extension import Resolve
from coreline.boundary.facts import Definition, Reference
from coreline.boundary.ownership import CORE
from coreline.boundary.resolve import Meant
from coreline.boundary.world import World

PSR4 = "composer.psr4"
"""The setting of a namespace's folder; its file is a ``composer.json``."""

SUFFIXES = (".php", ".phtml", ".inc.php")

_NAMESPACE = re.compile(rb"(?m)^[ \t]*(?:<\?php\s+)?namespace[ \t]+([\w\\]+)[ \t]*[;{]")
_REACH = 64 * 1024


def define(data: bytes) -> Iterator[Definition]:
    """Yield the namespace of a file of a wrap."""
    match = _NAMESPACE.search(data, 0, _REACH)
    if match is not None:
        line = data.count(b"\n", 0, match.start(1)) + 1
        yield Definition("namespace", match[1].decode("utf-8", "replace"), line)


def resolver(world: World) -> Resolve:
    """Make what resolves the references of PHP."""
    spaces = Namespaces(world, "\\", SUFFIXES)
    folders = [
        (one.name.strip("\\") + "\\", posixpath.join(posixpath.dirname(path), one.value))
        for path, settings in world.settings(PSR4).items()
        for one in settings
        if one.name.strip("\\")
    ]
    # The longest prefix is asked first (PSR-4, 3.2).
    folders.sort(key=lambda one: -len(one[0]))

    def meant(reference: Reference, path: str) -> Meant | None:
        text = reference.module
        if reference.form == "link":
            return world.common.meant(reference, path)
        if "/" in text:
            return meant_by_path(world, text, path)
        owner = _loaded(world, folders, text)
        if owner is not None:
            return None if owner == CORE else Meant(owner, text)
        return spaces.meant(text)

    return meant


def _loaded(world: World, folders: list[tuple[str, str]], name: str) -> str | None:
    """Return the owner of the file that Composer would load for a class."""
    for prefix, folder in folders:
        if name.startswith(prefix):
            rest = name[len(prefix) :].replace("\\", "/")
            found = world.owners.get(posixpath.normpath(posixpath.join(folder, f"{rest}.php")))
            if found is not None:
                return found
    return None
