# SPDX-License-Identifier: Apache-2.0
"""Packages of a workspace: which file a package's name, and a path below it, mean.

Nothing is installed or built. Where ``exports`` or ``main`` name what a build would write, the
source that it is written from is meant.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from coreline.boundary.facts import Setting
from coreline.boundary.javascript.files import Files, Place, ancestors, inside, join
from coreline.boundary.world import World

_BUILT = frozenset(["dist", "build", "lib", "out", "output", "es", "esm", "cjs", "types", ".next"])
"""Folders that builds write to; none of them is in a repository, as a rule."""

_SOURCES = ("", "src", "source", "lib")


class Packages:
    """The packages of a tree, by the ``package.json`` of each.

    Args:
        world: all files and what their metadata says.
        files: the same files, as they are looked up.
    """

    def __init__(self, world: World, files: Files) -> None:
        self._files = files
        self._world = world
        self._exists = world.owners.__contains__
        self._folders: dict[str, list[str]] = defaultdict(list)
        for path, settings in world.settings("npm.name").items():
            self._folders[settings[0].value].append(path.rpartition("/")[0])

    def root(self, path: str) -> str | None:
        """Return the folder of the nearest package above a path."""
        return next((one for one in ancestors(path) if self._has_package(one)), None)

    def roots(self, path: str) -> Iterator[str]:
        """Yield the folders of all packages above a path, the nearest first."""
        return (one for one in ancestors(path) if self._has_package(one))

    def _has_package(self, folder: str) -> bool:
        return self._exists(join(folder, "package.json"))

    def is_known(self, name: str) -> bool:
        """Whether a package of the tree has a name."""
        return name in self._folders

    def resolve(self, specifier: str, path: str) -> Place | None:
        """Return what a package's name, with a path below it or none, leads to.

        None where no package of the tree has the name.
        """
        name, rest = split(specifier)
        folder = self.folder(name, path)
        if folder is None:
            return None
        for target in (*self._exported(folder, rest), *self._direct(folder, rest)):
            file = self._source(folder, target)
            if file is not None:
                return Place(self._files.owner(file), is_found=True)
        below = self._files.place(inside(folder, rest)) if rest else Place(None, is_found=False)
        if below.wrap is not None or below.is_found:
            return below
        metadata = join(folder, "package.json")
        wrap = self._files.owner(metadata) if self._exists(metadata) else None
        return Place(wrap or self._files.whole(folder), is_found=False)

    def folder(self, name: str, path: str) -> str | None:
        """Return the folder of a package: the nearest to a file, where several have its name."""
        folders = self._folders.get(name)
        if folders:
            above = list(ancestors(path))
            return min(folders, key=lambda one: (_distance(one, above), one))
        return self._linked(name, path)

    def _linked(self, name: str, path: str) -> str | None:
        """Return the folder that ``"name": "file:../folder"`` gives to a name."""
        local = self._world.settings("npm.local")
        for root in self.roots(path):
            for one in local.get(join(root, "package.json"), ()):
                if one.name == name:
                    return inside(root, one.value)
        return None

    def is_installed(self, name: str, path: str) -> bool:
        """Whether a package above a file asks a registry for a name."""
        asked = self._world.settings("npm.dependency")
        return any(
            one.name == name
            for root in self.roots(path)
            for one in asked.get(join(root, "package.json"), ())
        )

    def imported(self, specifier: str, path: str) -> Iterator[Place]:
        """Yield the places that a name with ``#`` may mean: files of the package, or packages."""
        root = self.root(path)
        if root is None:
            return
        imports = self._world.settings("npm.imports").get(join(root, "package.json"), ())
        for target in matching(imports, specifier):
            if target.startswith("."):
                yield from map(self._files.place, self._candidates(root, target))
            else:
                yield self.resolve(target, path) or Place(None, is_found=False)

    def _exported(self, folder: str, rest: str) -> Iterator[str]:
        metadata = join(folder, "package.json")
        exports = self._world.settings("npm.exports").get(metadata, ())
        yield from matching(exports, f"./{rest}" if rest else ".")

    def _direct(self, folder: str, rest: str) -> Iterator[str]:
        if rest:
            yield rest
            return
        metadata = join(folder, "package.json")
        yield from (one.value for one in self._world.settings("npm.main").get(metadata, ()))
        yield "index"
        yield "src/index"

    def _source(self, folder: str, target: str) -> str | None:
        """Return the file that a target means, or the source that it is built from."""
        candidates = self._candidates(folder, target)
        return next((file for one in candidates if (file := self._files.file(one))), None)

    def _candidates(self, folder: str, target: str) -> Iterator[str]:
        parts = [part for part in target.split("/") if part not in ("", ".")]
        written = inside(folder, "/".join(parts))
        if written is None:
            return
        yield written
        while len(parts) > 1 and parts[0] in _BUILT:
            parts = parts[1:]
            yield from (join(folder, "/".join((one, *parts)).lstrip("/")) for one in _SOURCES)
        if parts and parts[0] != "src":
            yield join(folder, "/".join(("src", *parts)))


def split(specifier: str) -> tuple[str, str]:
    """Return the name of a package in a specifier, and the path below it."""
    parts = specifier.split("/")
    length = 2 if specifier.startswith("@") else 1
    return "/".join(parts[:length]), "/".join(parts[length:])


def matching(settings: Sequence[Setting], name: str) -> Iterator[str]:
    """Yield the targets of a name in ``exports`` or ``imports``, the most specific key first.

    Node.js, "Subpath patterns": one ``*`` on each side; a key that ends in ``/`` is a folder.
    """
    exact = [one.value for one in settings if one.name == name]
    if exact:
        yield from exact
        return
    patterns = [one for one in settings if "*" in one.name or one.name.endswith("/")]
    for one in sorted(patterns, key=lambda setting: -len(setting.name.partition("*")[0])):
        begin, star, end = one.name.partition("*")
        if star and name.startswith(begin) and name.endswith(end) and len(name) >= len(one.name):
            yield one.value.replace("*", name[len(begin) : len(name) - len(end)])
        elif not star and name.startswith(begin):
            yield one.value + name[len(begin) :]


def _distance(folder: str, above: Sequence[str]) -> int:
    """Return how far up from a file one has to go until a folder is below."""
    return next((i for i, one in enumerate(above) if not one or _is_below(folder, one)), len(above))


def _is_below(folder: str, other: str) -> bool:
    return folder == other or folder.startswith(other + "/")


def grouped(settings: Iterable[Setting]) -> dict[str, list[str]]:
    """Return the values of settings by their names, both in order."""
    return {name: [one.value for one in group] for name, group in groupby(settings, _name)}


def _name(setting: Setting) -> str:
    return setting.name
