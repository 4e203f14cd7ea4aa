# SPDX-License-Identifier: Apache-2.0
"""What is the same in Java and Kotlin: packages, look-ups by name, and what their names mean."""

import re
from collections.abc import Iterator

from coreline.boundary.code.namespaces import Namespaces
from coreline.boundary.code.paths import meant_by_path
from coreline.boundary.extension import Resolve
from coreline.boundary.facts import Definition, Reference
from coreline.boundary.resolve import Meant
from coreline.boundary.world import World

SUFFIXES = (".java", ".kt", ".kts")

IMPORTING = re.compile(
    r"^(forName|loadClass|findClass|load(Library)?|ComponentScan|EntityScan|EnableJpaRepositories"
    r"|ImportResource|MapperScan|newInstance|scanPackages|scan|packages|acceptPackages)$"
)
PROBING = re.compile(r"^(ConditionalOn(Missing)?Class|isPresent|getResource\w*|findResource)$")
CATCHING = re.compile(
    r"\b(ClassNotFoundException|NoClassDefFoundError|ReflectiveOperationException|LinkageError"
    r"|Exception|RuntimeException|Error|Throwable)\b"
)

IMPORT_LINE = re.compile(rb"[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]+)")

_PACKAGE = re.compile(rb"^[ \t]*package[ \t]+([\w.]+)", re.MULTILINE)
_REACH = 64 * 1024


def define(data: bytes) -> Iterator[Definition]:
    """Yield the package that a file of a wrap is of."""
    match = _PACKAGE.search(data, 0, _REACH)
    if match is not None:
        line = data.count(b"\n", 0, match.start(1)) + 1
        yield Definition("namespace", match[1].decode("utf-8", "replace"), line)


def resolver(world: World) -> Resolve:
    """Make what resolves the references of Java, Kotlin and of text that names classes."""
    spaces = Namespaces(world, ".", SUFFIXES)

    def meant(reference: Reference, path: str) -> Meant | None:
        if reference.form == "link":
            return world.common.meant(reference, path)
        if "/" in reference.module:
            return meant_by_path(world, reference.module, path)
        # Nested classes have a dollar sign in the names that class loaders know them by.
        return spaces.meant(reference.module.replace("$", "."))

    return meant
