# SPDX-License-Identifier: Apache-2.0
"""What ``tsconfig.json`` and ``jsconfig.json`` make of names: ``paths``, ``baseUrl`` …"""

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from coreline.boundary.javascript.files import Files, ancestors, inside, join
from coreline.boundary.javascript.packages import Packages, grouped, split
from coreline.boundary.world import World

_NAMES = ("tsconfig.json", "jsconfig.json")
_EXTENDS_MAX = 40
_DISTINCT_MIN = 3
_LEAF = "${configDir}"


class Options(Struct, frozen=True):
    """The options of one configuration that say what names mean, with all that it extends."""

    paths: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Patterns, each with the paths that it may mean."""
    base: str | None = None
    """The folder that names are looked up in, from the root of the tree."""
    root_dirs: tuple[str, ...] = ()
    """Folders that are taken for one."""

    def candidates(self, specifier: str) -> Iterator[str]:
        """Yield the paths that a specifier may mean, the likeliest first."""
        best: tuple[int, str, tuple[str, ...]] | None = None
        for pattern, targets in self.paths:
            begin, star, end = pattern.partition("*")
            if not star and specifier == pattern:
                best = (len(specifier) + 1, "", targets)
            elif (
                star
                and specifier.startswith(begin)
                and specifier.endswith(end)
                and len(specifier) >= len(begin) + len(end)
                and (best is None or len(begin) > best[0])
            ):
                best = (len(begin), specifier[len(begin) : len(specifier) - len(end)], targets)
        if best is not None:
            yield from (target.replace("*", best[1], 1) for target in best[2])
        if self.base is not None:
            path = inside(self.base, specifier)
            if path is not None:
                yield path

    def siblings(self, path: str) -> Iterator[str]:
        """Yield what a relative path may mean in the other ``rootDirs``."""
        for root in self.root_dirs:
            if path == root or path.startswith(f"{root}/"):
                rest = path[len(root) :].lstrip("/")
                yield from (join(other, rest) for other in self.root_dirs if other != root)


class Configs:
    """The configurations of a tree.

    Args:
        world: all files and what they configure.
        files: the same files, as they are looked up.
        packages: the packages that a configuration may extend.
    """

    def __init__(self, world: World, files: Files, packages: Packages) -> None:
        self._world = world
        self._files = files
        self._packages = packages
        self._kept: dict[str, tuple[Options, ...]] = {}

    def of(self, path: str) -> tuple[Options, ...]:
        """Return the options for a file: of the nearest configuration above it.

        Where that only lists others (``references``), those beside it are asked as well.
        """
        folder = path.rpartition("/")[0]
        if folder not in self._kept:
            self._kept[folder] = tuple(self._find(path))
        return self._kept[folder]

    def elsewhere(self, specifier: str) -> Iterator[str]:
        """Yield what a specifier may mean to the configurations of other folders.

        A bundler that is set up in one folder compiles those beside it as well; only names that
        nothing else can have are asked for.
        """
        for pattern, options in self._patterns:
            begin = pattern.partition("*")[0]
            if sum(map(str.isalnum, begin)) >= _DISTINCT_MIN and specifier.startswith(begin):
                yield from options.candidates(specifier)

    @cached_property
    def _patterns(self) -> list[tuple[str, Options]]:
        configs = sorted(self._world.settings("tsconfig.paths"))
        loaded = [self._load(one, one.rpartition("/")[0]) for one in configs]
        return [(pattern, one) for one in loaded for pattern, _ in one.paths]

    def _find(self, path: str) -> Iterator[Options]:
        for folder in ancestors(path):
            for name in _NAMES:
                config = join(folder, name)
                if config in self._world.owners:
                    yield self._load(config, folder)
                    for one in self._world.settings("tsconfig.references").get(config, ()):
                        other = self._at(inside(folder, one.value))
                        if other is not None and other.rpartition("/")[0] == folder:
                            yield self._load(other, folder)
                    return

    def _load(self, config: str, leaf: str) -> Options:
        """Return the options of a configuration: its own before what it extends."""
        paths: dict[str, list[str]] = {}
        paths_from, base = "", None
        root_dirs: list[str] = []
        for one in self._chain(config):
            folder = one.rpartition("/")[0]
            if not paths:
                paths = grouped(self._world.settings("tsconfig.paths").get(one, ()))
                paths_from = folder
            for setting in self._world.settings("tsconfig.baseUrl").get(one, ())[:1]:
                if base is None:
                    base = _absolute(folder, setting.value, leaf)
            if not root_dirs:
                named = self._world.settings("tsconfig.rootDirs").get(one, ())
                found = (_absolute(folder, setting.value, leaf) for setting in named)
                root_dirs = [path for path in found if path is not None]
        start = paths_from if base is None else base
        return Options(
            paths=tuple(
                (
                    pattern,
                    tuple(p for t in targets if (p := _absolute(start, t, leaf)) is not None),
                )
                for pattern, targets in paths.items()
            ),
            base=base,
            root_dirs=tuple(root_dirs),
        )

    def _chain(self, config: str) -> Iterator[str]:
        """Yield a configuration and all that it extends, what overrides others first."""
        waiting, seen = [config], set[str]()
        while waiting and len(seen) < _EXTENDS_MAX:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            yield one
            # The last of several overrides those before it, so it is asked first.
            for setting in self._world.settings("tsconfig.extends").get(one, ()):
                extended = self.extended(setting.value, one)
                if extended is not None:
                    waiting.append(extended)

    def extended(self, text: str, config: str) -> str | None:
        """Return the configuration that one extends, None where it is not in the tree."""
        folder = config.rpartition("/")[0]
        if text.startswith((".", "/")):
            return self._at(inside(folder, text))
        name, rest = split(text)
        package = self._packages.folder(name, config)
        return None if package is None else self._at(inside(package, rest or "tsconfig.json"))

    def _at(self, path: str | None) -> str | None:
        candidates = () if path is None else (path, f"{path}.json", join(path, "tsconfig.json"))
        return next((one for one in candidates if one in self._world.owners), None)


def _absolute(folder: str, text: str, leaf: str) -> str | None:
    if text.startswith(_LEAF):
        return inside(leaf, text.removeprefix(_LEAF).lstrip("/") or ".")
    return inside(folder, text)
