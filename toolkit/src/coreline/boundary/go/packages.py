# SPDX-License-Identifier: Apache-2.0
"""What an import path means in a tree, as ``go list`` finds it.

The module whose path is the longest beginning of an import path holds the package, in the folder
that the rest of the path names (Go Modules Reference, "Resolving a package to a module").
Replacements by local folders, vendored copies and workspaces come before.
"""

import posixpath
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from coreline.boundary.facts import Reference
from coreline.boundary.names import normalize
from coreline.boundary.ownership import CORE
from coreline.boundary.resolve import Meant
from coreline.boundary.world import World

MODULE, REPLACE = "go.module", "go.replace"
_WILDCARDS = "*?[{$"


def resolver(world: World) -> "Packages":
    """Return what resolves the references of Go files in a tree."""
    return Packages(world)


class Packages:
    """The Go packages of a tree.

    Args:
        world: the tree.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._modules: dict[str, list[str]] = defaultdict(list)
        self._module_of: dict[str, str] = {}
        for path, settings in world.settings(MODULE).items():
            folder = posixpath.dirname(path)
            for setting in settings:
                self._modules[setting.name].append(folder)
                self._module_of[folder] = setting.name

    def __call__(self, reference: Reference, path: str) -> Meant | None:
        """Return the wrap that a reference means."""
        text = reference.module
        if reference.form == "link":
            return self._world.common.link(text, path)
        if reference.form == "static":
            # A symbol is no package's name.
            wrap = (self.package if reference.is_name else self._symbol)(text, path)
        elif reference.form == "build":
            wrap = self._module(text, path)
        elif reference.form == "path":
            wrap = self._file(text, path)
        else:
            wrap = self._string(text, path)
        return None if wrap is None else Meant(wrap, text[1:] if text[1:].isidentifier() else text)

    def package(self, name: str, path: str) -> str | None:
        """Return the wrap of the package that a file imports by a name."""
        if name.startswith(("./", "../")):
            return self._owner(_join(posixpath.dirname(path), name))
        folder = self._folder(name, path)
        return self.declared(name) if folder is None else self._owner(folder)

    def _symbol(self, text: str, path: str) -> str | None:
        """Return the wrap of a function or type that only a wrap's file gives to its package."""
        package, _, name = text.rpartition(".")
        folder = self._folder(package, path) if package else posixpath.dirname(path)
        if folder is None or (folder, name) in self._core_symbols:
            return None
        # Where the whole package is the wrap's, its import is the finding.
        return None if self._owner(folder) else self._symbols.get((folder, name))

    @cached_property
    def _symbols(self) -> Mapping[tuple[str, str], str]:
        return {
            (posixpath.dirname(path), one.name): wrap
            for path, wrap, one in self._world.definitions
            if one.kind == "namespace" and path.endswith(".go")
        }

    @cached_property
    def _core_symbols(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (posixpath.dirname(path), one.name)
            for path, facts in self._world.facts.items()
            if facts.definitions and path.endswith(".go")
            for one in facts.definitions
        )

    def _module(self, name: str, path: str) -> str | None:
        """Return the wrap that a module, asked for in a go.mod, is of."""
        for folder in sorted(self._modules.get(name, ())):
            for file in ("go.mod", "go.work"):
                wrap = self._world.wrap_of(_join(folder, file))
                if wrap is not None:
                    return wrap
        return self.package(name, path)

    def _folder(self, name: str, path: str) -> str | None:
        """Return the folder of a package; None where it is not of this tree."""
        home = self._home(path)
        for where, old, new in self._replaced:
            # What a module above or a workspace replaces counts for the files below it.
            if _is_below(name, old) and (not where or path.startswith(where + "/")):
                return _join(_join(where, new), name[len(old) + 1 :])
        if home is not None:
            vendored = _join(_join(home, "vendor"), name)
            if vendored in self._world.folders:
                return vendored
        module = name
        while module:
            folders = self._modules.get(module)
            if folders:
                # One path twice in a tree: the module of the file itself, else the first.
                folder = home if home in folders else min(folders)
                return _join(folder, name[len(module) + 1 :])
            module = module.rpartition("/")[0]
        return None if self._modules else self._outside_modules(name)

    def _outside_modules(self, name: str) -> str | None:
        """Return the folder where the tree is of the time before modules (GOPATH)."""
        parts = name.split("/")
        folder = "/".join(parts[3:])
        return folder if "." in parts[0] and folder in self._world.folders else None

    def _home(self, path: str) -> str | None:
        """Return the folder of the module that a file is part of."""
        folder = posixpath.dirname(path)
        while folder and folder not in self._module_of:
            folder = posixpath.dirname(folder)
        return folder if folder in self._module_of else None

    @cached_property
    def _replaced(self) -> list[tuple[str, str, str]]:
        """Folder of a go.mod or go.work, replaced module, local folder; the nearest first."""
        found = [
            (posixpath.dirname(path), setting.name, setting.value)
            for path, settings in self._world.settings(REPLACE).items()
            for setting in settings
        ]
        return sorted(found, key=lambda one: (-len(one[0]), -len(one[1]), one))

    @cached_property
    def _go_owners(self) -> Mapping[str, set[str]]:
        """The owners of the Go files of each folder; tests are no part of a package."""
        found: dict[str, set[str]] = defaultdict(set)
        for path, owner in self._world.owners.items():
            if path.endswith(".go") and not path.endswith("_test.go"):
                found[posixpath.dirname(path)].add(owner)
        return found

    def _owner(self, folder: str) -> str | None:
        """Return the wrap that a package is wholly of.

        A folder that is not there, such as that of generated code, is of what is above it.
        """
        owners = self._go_owners.get(folder)
        if owners:
            return next(iter(owners)) if len(owners) == 1 and CORE not in owners else None
        while folder and folder not in self._world.folders:
            folder = posixpath.dirname(folder)
        return self._world.wrap_of(folder) if folder else None

    def declared(self, name: str) -> str | None:
        """Return the wrap that declares a module, or a package above one, as its own."""
        names = self._world.names
        while name:
            wrap = names.modules.get(name) or names.packages.get(normalize(name))
            if wrap is not None:
                return wrap
            name = name.rpartition("/")[0]
        return None

    def _string(self, text: str, path: str) -> str | None:
        """Return the wrap of a package or a file that a string names whole.

        A name without a slash may be anything, and one that begins with a slash is a route.
        """
        if text.startswith("-"):
            # An option of a command: --key=../../ee/key.
            text = text.partition("=")[2]
        if "/" not in text.strip("/") or text.startswith("/") or "://" in text:
            return None
        head, _, last = text.rpartition("/")
        # A symbol of a package is written after a dot: example.com/acme/ee/license.Key.
        for name in (text, f"{head}/{last.partition('.')[0]}"):
            if "." in name.partition("/")[0] and not name.startswith("."):
                wrap = self.package(name, path)
                if wrap is not None:
                    return wrap
        return self._file(text, path)

    def _file(self, text: str, path: str) -> str | None:
        """Return the wrap of a file or folder that exists, seen from a file or from its module."""
        cut = min((text.find(char) for char in _WILDCARDS if char in text), default=-1)
        if cut >= 0:
            text = text[:cut].rpartition("/")[0]
        for start in dict.fromkeys((posixpath.dirname(path), self._home(path) or "", "")):
            found = _join(start, text)
            if text and self._world.exists(found):
                return self._world.wrap_of(found)
        return None


def _is_below(name: str, module: str) -> bool:
    return name == module or name.startswith(module + "/")


def _join(folder: str, name: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, name))
    return "" if joined == "." else joined
