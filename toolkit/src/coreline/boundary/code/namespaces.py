# SPDX-License-Identifier: Apache-2.0
"""What a qualified name means in a tree: the class file, else the namespace that is a wrap's alone.

Java, Kotlin, C# and PHP say in the file which namespace it is of. Where both sides have the same
one, a class is known by the name of its file, and a name that neither has means nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from coreline.boundary.facts import Definition
from coreline.boundary.ownership import CORE
from coreline.boundary.resolve import Meant
from coreline.boundary.world import Defined, World


class Namespaces:
    """The namespaces of the wraps in one tree.

    Args:
        world: the tree.
        separator: between the parts of a name.
        suffixes: of the files of the language.
    """

    def __init__(self, world: World, separator: str, suffixes: tuple[str, ...]) -> None:
        self._world = world
        self._separator = separator
        self._suffixes = suffixes
        self._spaces: dict[str, str] = {}
        self._classes: dict[str, str] = {}
        for path, wrap, one in world.definitions:
            if one.kind == "namespace" and path.endswith(suffixes):
                self._spaces.setdefault(one.name, wrap)
                self._classes.setdefault(f"{one.name}{separator}{_stem(path)}", wrap)

    def meant(self, name: str) -> Meant | None:
        """Return the wrap that a qualified name means."""
        parts = [part for part in name.split(self._separator) if part]
        for length in range(len(parts), 0, -1):
            prefix = self._separator.join(parts[:length])
            is_core = self._is_core(prefix, parts[:length])
            if prefix in self._classes and not is_core:
                return Meant(self._classes[prefix], name)
            if prefix in self._spaces and not is_core:
                return Meant(self._spaces[prefix], name)
            if is_core:
                return None
        dotted = ".".join(parts)
        wrap = self._world.names.declared(dotted) or self._world.names.modules.get(name)
        return None if wrap is None else Meant(wrap, name)

    def _is_core(self, name: str, parts: Sequence[str]) -> bool:
        """Whether the core has a namespace, or the file of a class, of this name."""
        if name in self._core_spaces:
            return True
        tail = "/".join(parts)
        return any(
            path == tail or path.endswith(f"/{tail}") for path in self._core_paths[parts[-1]]
        )

    @cached_property
    def _core_spaces(self) -> frozenset[str]:
        """The namespaces that files of the core say they are of, as far as they name a wrap's."""
        return frozenset(
            one.name
            for path, facts in self._world.facts.items()
            if facts.definitions and path.endswith(self._suffixes)
            for one in facts.definitions
            if self._world.owners.get(path) == CORE
        )

    @cached_property
    def _core_paths(self) -> Mapping[str, list[str]]:
        """The folders and files of the core, without suffixes, by their last parts."""
        found: dict[str, list[str]] = defaultdict(list)
        for path in core_nodes(self._world.owners, self._suffixes):
            found[path.rpartition("/")[2]].append(path)
        return found


def core_nodes(owners: Mapping[str, str], suffixes: tuple[str, ...]) -> set[str]:
    """Return the files of the core with some suffixes, without these, and their folders."""
    found: set[str] = set()
    for path, owner in owners.items():
        if owner == CORE and path.endswith(suffixes):
            node = path[: path.rfind(".")]
            # A namespace has a folder that holds a file, not every folder above it.
            found.update((node, node.rpartition("/")[0]))
    return found


def apart(
    definitions: Iterable[Defined], owners: Mapping[str, str]
) -> list[tuple[str, Definition]]:
    """Return what the wraps define, less the namespaces that the core has as well.

    Where folders are named as namespaces, that is seen without reading the core: in place of a
    shared one stand the classes of the wrap, so that not every file of the core is a hit.
    """
    definitions = list(definitions)
    spaces = [one for one in definitions if _has_folder(one)]
    if not spaces:
        return [(one.wrap, one.definition) for one in definitions]
    suffixes = tuple({_suffix(one.path) for one in spaces})
    folders: dict[str, list[str]] = defaultdict(list)
    for node in core_nodes(owners, suffixes):
        folders[node.rpartition("/")[2]].append(node)
    found: list[tuple[str, Definition]] = []
    for one in definitions:
        definition = one.definition
        tail = _tail(definition)
        if _has_folder(one) and any(
            node == tail or node.endswith(f"/{tail}") for node in folders[tail.rpartition("/")[2]]
        ):
            separator, stem = "\\" if "\\" in definition.name else ".", _stem(one.path)
            # From inside the namespace, its classes are written alone.
            found.append((one.wrap, Definition("namespace", stem, definition.line)))
            name = f"{definition.name}{separator}{stem}"
            definition = Definition("namespace", name, definition.line)
        found.append((one.wrap, definition))
    return found


def _has_folder(one: Defined) -> bool:
    if one.definition.kind != "namespace" or "::" in one.definition.name:
        return False
    folder, tail = one.path.rpartition("/")[0], _tail(one.definition)
    return folder == tail or folder.endswith(f"/{tail}")


def _tail(definition: Definition) -> str:
    return definition.name.replace("\\", "/").replace(".", "/")


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


def _suffix(path: str) -> str:
    return path[path.rfind(".") :]
