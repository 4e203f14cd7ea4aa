# SPDX-License-Identifier: Apache-2.0
"""What the names of C# mean in a tree, and which namespaces the files of a wrap are of."""

import re
from collections.abc import Iterator

from coreline.boundary.code.namespaces import Namespaces
from coreline.boundary.code.paths import meant_by_path
from coreline.boundary.extension import Resolve
from coreline.boundary.facts import Definition, Reference
from coreline.boundary.names import normalize
from coreline.boundary.resolve import Meant
from coreline.boundary.world import World

_NAMESPACE = re.compile(rb"(?m)^[ \t]*namespace[ \t]+([\w.]+)")
_NAMESPACES_MAX = 50


def define(data: bytes) -> Iterator[Definition]:
    """Yield the namespaces of a file of a wrap."""
    for count, match in enumerate(_NAMESPACE.finditer(data)):
        if count == _NAMESPACES_MAX:
            return
        line = data.count(b"\n", 0, match.start(1)) + 1
        yield Definition("namespace", match[1].decode("utf-8", "replace"), line)


def resolver(world: World) -> Resolve:
    """Make what resolves the references of C#."""
    spaces = Namespaces(world, ".", (".cs",))

    def meant(reference: Reference, path: str) -> Meant | None:
        if reference.form == "link":
            return world.common.meant(reference, path)
        if "/" in reference.module:
            return meant_by_path(world, reference.module, path)
        found = spaces.meant(reference.module.removeprefix("global::"))
        if found is None and reference.form in ("dynamic", "string"):
            # An assembly is named as its package, mostly.
            name = reference.module.removesuffix(".dll")
            wrap = world.names.packages.get(normalize(name))
            found = None if wrap is None else Meant(wrap, reference.module)
        return found

    return meant
