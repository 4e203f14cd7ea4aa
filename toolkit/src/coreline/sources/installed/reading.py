# SPDX-License-Identifier: Apache-2.0
"""Asks the places where package managers install about the packages of lock files."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from coreline.sources.installed import cargo, gem, go, maven, npm, nuget, pypi
from coreline.sources.installed.files import Said, Wanted, folders
from coreline.sources.tree import DiskTree, SourceTree

if TYPE_CHECKING:
    from coreline.sources.cache import FactCache

Read = Callable[[str, Iterable[Wanted]], Iterator[tuple[Wanted, Said]]]
Classify = Callable[[str], str]
"""Tells which license a text is; empty where it is none that is known."""

_PLACES: Mapping[str, tuple[tuple[str, ...], Read]] = {
    "npm": (npm.PLACES, npm.read),
    "pypi": (pypi.PLACES, pypi.read),
    "gem": (gem.PLACES, gem.read),
    "go": (go.PLACES, go.read),
    "cargo": (cargo.PLACES, cargo.read),
}
_CACHES: Mapping[str, tuple[Callable[[], str], Callable[[str, Wanted], str], Read]] = {
    "go": (go.cache_place, go.cached, go.read_cache),
    "cargo": (cargo.cache_place, cargo.cached, cargo.read_cache),
    "maven": (maven.cache_place, maven.cached, maven.read_cache),
    "nuget": (nuget.cache_place, nuget.cached, nuget.read_cache),
}
_VERSION = b"installed 1"
"""Raised whenever a place is read otherwise."""


def read_installed(
    tree: SourceTree,
    locks: Mapping[str, Sequence[Wanted]],
    classify: Classify,
    cache: "FactCache | None" = None,
) -> dict[Wanted, str]:
    """Return what installed packages say of their license; nothing where the tree is not on disk.

    Args:
        tree: only a tree on disk has packages beside it.
        locks: the packages of each lock file, by its path.
        classify: for packages that say their license by its text alone.
        cache: what earlier runs read in places that have not changed since.
    """
    if not isinstance(tree, DiskTree) or not locks:
        return {}
    kept = _Kept(classify, cache)
    found: dict[Wanted, str] = {}
    for (place, ecosystem), asked in _asked(tree.label, locks).items():
        wanted = [one for one in asked if one not in found]
        found |= kept.read(place, wanted, _PLACES[ecosystem][1], _stamp(place))
    for ecosystem, (where, folder_of, read) in _CACHES.items():
        rest = {one for wanted in locks.values() for one in wanted if one.ecosystem == ecosystem}
        place = where() if rest else ""
        wanted = [one for one in sorted(rest - found.keys()) if _is_folder(folder_of(place, one))]
        found |= kept.read(place, wanted, read, "")
    return found


def _is_folder(path: str) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - paths are plain text here.


def _asked(
    root: str, locks: Mapping[str, Sequence[Wanted]]
) -> dict[tuple[str, str], dict[Wanted, None]]:
    """Return the places that exist beside lock files or above them, with what to look for."""
    asked: dict[tuple[str, str], dict[Wanted, None]] = defaultdict(dict)
    for path, wanted in locks.items():
        for ecosystem in {one.ecosystem for one in wanted} & _PLACES.keys():
            names, _ = _PLACES[ecosystem]
            for folder in _above(path):
                for name in names:
                    place = os.path.join(root, folder, name)  # noqa: PTH118 - plain text.
                    if _is_folder(place):
                        asked[place, ecosystem].update(dict.fromkeys(wanted))
    return asked


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
    yield ""


class _Kept:
    """Reads places, or takes what an earlier run read where they are as they were."""

    def __init__(self, classify: Classify, cache: "FactCache | None") -> None:
        self._classify = classify
        self._cache = cache

    def read(
        self, place: str, wanted: Sequence[Wanted], read: Read, stamp: str
    ) -> dict[Wanted, str]:
        """Return the licenses that the packages in one place say."""
        if not wanted:
            return {}
        store = None if self._cache is None else self._cache.opened(_VERSION)
        key = "" if store is None else _digest(place, wanted, stamp)
        kept = None if store is None else store.get(key)
        if kept is not None:
            try:
                return dict(msgspec.msgpack.decode(kept, type=list[tuple[Wanted, str]]))
            except msgspec.MsgspecError:
                pass
        said = {one: said.license or self._classify(said.text) for one, said in read(place, wanted)}
        found = {one: license_ for one, license_ in said.items() if license_}
        if store is not None:
            store.put(key, msgspec.msgpack.encode(list(found.items())))
            store.save()
        return found


def _digest(place: str, wanted: Iterable[Wanted], stamp: str) -> str:
    rows = "\0".join(f"{one.name}\0{one.version}" for one in wanted)
    text = f"{place}\0{stamp}\0{rows}".encode("utf-8", "surrogateescape")
    return blake2b(text, digest_size=16).hexdigest()


def _stamp(place: str) -> str:
    """Return what changes when packages are added to a place or taken out of it."""
    found = ""
    for name in ("", ".package-lock.json", ".modules.yaml", ".yarn-state.yml", *_SITES):
        for path in _globbed(f"{place}/{name}"):
            try:
                one = os.stat(path)  # noqa: PTH116 - plain text.
            except OSError:
                continue
            found += f"{one.st_mtime_ns}.{one.st_size}\0"
    return found


_SITES = ("lib/*/site-packages", "ruby/*/specifications")


def _globbed(path: str) -> list[str]:
    before, star, after = path.partition("/*/")
    return list(folders(before, "*", after)) if star else [path]
