# SPDX-License-Identifier: Apache-2.0
"""Python modules of a tree: which file an import means, and the names by which wraps are imported.

Only paths are looked at. A folder without ``__init__.py`` is a package too (PEP 420); where a
name is ambiguous, the longest match decides and the core wins a tie, so that a wrap whose
packages have common names (``server``, ``storage``) makes no false findings.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from coreline.boundary.ownership import CORE, MIXED, folder_owners, topmost

PYTHON_SUFFIXES = (".py", ".pyi")

# A folder that holds one of these is put on Python's path by the tool that the file is for.
_ROOT_FILES = frozenset(["pyproject.toml", "setup.py", "setup.cfg", "manage.py"])

# Modules at a root that are run by tools, never imported by their name.
_SCRIPTS = frozenset(["setup", "conftest", "manage", "noxfile", "tasks", "__init__", "__main__"])


class Found(NamedTuple):
    """What a dotted name means in a tree."""

    owner: str
    path: str
    """The file or folder, without the suffix of a file."""
    depth: int
    """How many parts of the name were matched."""
    is_whole: bool
    """Whether all of them were."""


class Layout:
    """The modules of a tree.

    Args:
        owners: the owner of each file, Python or not: the name of a wrap, or ``CORE``.
    """

    def __init__(self, owners: Mapping[str, str]) -> None:
        python = {path: owner for path, owner in owners.items() if path.endswith(PYTHON_SUFFIXES)}
        self._folders = folder_owners(python)
        self._modules = {path[: path.rindex(".")]: owner for path, owner in python.items()}
        self.tops = topmost(python, self._folders)
        self._holding = {module.rpartition("/")[0] for module in self._modules}
        self._roots = _roots(owners, self._modules, self._folders)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._names_of: dict[str, list[str]] = defaultdict(list)
        self._index()

    def _index(self) -> None:
        for node in [*self._modules, *self._folders]:
            parent, _, name = node.rpartition("/")
            if node and parent in self._roots:
                self._by_name[name].append(parent)
                self._names_of[parent].append(name)

    def wrap_names(self) -> dict[str, set[str]]:
        """Return the names to search for, by wrap: each is the last part of a module's name."""
        found: dict[str, set[str]] = defaultdict(set)
        for node, wrap in self.tops.items():
            found[wrap].add(_module_name(node))
        for root in self._roots:
            wrap = self._folders.get(root, CORE)
            if wrap not in (CORE, MIXED):
                for name in self._names_of[root]:
                    found[wrap].update(self._own_names(_join(root, name), name))
        return {wrap: {n for n in names if _is_searchable(n)} for wrap, names in found.items()}

    def _own_names(self, node: str, dotted: str) -> Iterable[str]:
        """Yield the name of a wrap's module; of its parts, where the core has the same module."""
        rivals = [
            _join(root, dotted)
            for root in self._by_name.get(dotted.partition("/")[0], ())
            if self._owner(_join(root, dotted)) in (CORE, MIXED)
        ]
        if not any(rival != node for rival in rivals):
            if "/" in dotted or dotted not in sys.stdlib_module_names:
                yield dotted.rpartition("/")[2]
            return
        for child in self._children.get(node, ()):
            yield from self._own_names(_join(node, child), f"{dotted}/{child}")

    @cached_property
    def _children(self) -> Mapping[str, list[str]]:
        """The names of modules and packages in each folder."""
        found: dict[str, set[str]] = defaultdict(set)
        for node in [*self._modules, *self._folders]:
            folder, _, name = node.rpartition("/")
            if name and name != "__init__":
                found[folder].add(name)
        return {folder: sorted(names) for folder, names in found.items()}

    def _owner(self, node: str) -> str | None:
        """Return the owner of a module or package, None where there is none."""
        inside = self._modules.get(f"{node}/__init__")
        if inside is not None:
            return inside
        return self._modules.get(node, self._folders.get(node))

    def is_package(self, node: str) -> bool:
        """Whether a folder has an ``__init__.py``."""
        return f"{node}/__init__" in self._modules

    def find(self, parts: list[str]) -> Found | None:
        """Return what an absolute dotted name means, None where the tree has nothing of it."""
        best: Found | None = None
        for root in self._by_name.get(parts[0], ()):
            found = self._longest(root, parts)
            if found is None:
                continue
            if best is None or (found.depth, found.owner == CORE) > (
                best.depth,
                best.owner == CORE,
            ):
                best = found
        return best

    def find_below(self, folder: str, parts: list[str]) -> Found | None:
        """Return what a dotted name means from a folder on, as relative imports are looked up."""
        return self._longest(folder, parts)

    def _longest(self, root: str, parts: list[str]) -> Found | None:
        node, found = root, None
        for depth, part in enumerate(parts, 1):
            node = _join(node, part)
            owner = self._owner(node)
            if owner is None:
                break
            is_whole = depth == len(parts)
            # A folder without __init__.py is only meant where something in it is.
            if is_whole or node in self._modules or self.is_package(node):
                found = Found(CORE if owner == MIXED else owner, node, depth, is_whole)
        if found and found.is_whole and len(parts) == 1 and not self._is_real(found.path):
            return None
        return found

    def _is_real(self, node: str) -> bool:
        """Whether a single name is more than a folder that happens to hold Python further down."""
        if node in self._modules or self.is_package(node):
            return True
        return node in self._holding


def _roots(
    owners: Iterable[str], modules: Mapping[str, str], folders: Mapping[str, str]
) -> set[str]:
    """Return the folders that are likely on Python's path."""
    roots = {""}
    for path in owners:
        folder, _, name = path.rpartition("/")
        if name in _ROOT_FILES:
            roots.add(folder)
            if _join(folder, "src") in folders:
                roots.add(_join(folder, "src"))
    for module in modules:
        package, _, name = module.rpartition("/")
        if name == "__init__" and package:
            parent = package.rpartition("/")[0]
            # Below a package, a folder without __init__.py is a part of it, not a root.
            if not _is_in_package(parent, modules):
                roots.add(parent)
    return roots


def _is_in_package(folder: str, modules: Mapping[str, str]) -> bool:
    while folder:
        if f"{folder}/__init__" in modules:
            return True
        folder = folder.rpartition("/")[0]
    return False


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _module_name(node: str) -> str:
    name = node.rpartition("/")[2]
    return name[: name.rindex(".")] if name.endswith(PYTHON_SUFFIXES) else name


def _is_searchable(name: str) -> bool:
    return name.isidentifier() and name not in _SCRIPTS
