# SPDX-License-Identifier: Apache-2.0
"""Overlays: folders of a wrap whose files replace those of the core, by path, in a build.

One is declared in the manifest, or discovered: some build copies the folder onto a place, and most
of what is in it has a counterpart of the same path below a folder of the core.
"""

import posixpath
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from coreline.boundary.ownership import CORE
from coreline.boundary.world import World
from coreline.manifest.model import Manifest

COPY = "build.copy"
"""The kind of a setting: a build copies what is in a folder (its name) to a place (its value)."""

_MOST = 0.5


class Overlay(NamedTuple):
    """A folder that is laid over one of the core."""

    wrap: str
    folder: str
    core: str
    """The folder of the core; ``""`` is the root."""
    said_by: str
    """The build file that copies it; ``""`` where the manifest declares it."""
    replaced: Mapping[str, str]
    """Files of the core, each with the file of the wrap that replaces it."""


def overlays(world: World, manifest: Manifest) -> Iterator[Overlay]:
    """Yield the overlays of a tree, the declared ones first."""
    declared: set[str] = set()
    for name, table in manifest.wraps.items():
        for one in table.overlays:
            folder, core = _folder(one.wrap), _folder(one.core)
            declared.add(folder)
            yield Overlay(name, folder, core, "", _replaced(world, folder, core)[0])
    copies = world.settings(COPY)
    seen: set[tuple[str, str]] = set()
    for path in sorted(copies):
        for copy in copies[path]:
            found = _found(world, path, copy.name, copy.value)
            if found is None or found.folder in declared or (found.folder, found.core) in seen:
                continue
            seen.add((found.folder, found.core))
            yield found


def _found(world: World, path: str, source: str, target: str) -> Overlay | None:
    """Return the overlay that a copy makes, None where it puts the folder elsewhere."""
    folder = _copied(world, path, _folder(source))
    if folder is None or _keeps_its_place(folder, target):
        return None
    wrap = world.wrap_of(folder)
    for core in _candidates(world, folder, target) if wrap else ():
        replaced, count = _replaced(world, folder, core)
        if replaced and len(replaced) > count * _MOST:
            return Overlay(wrap or "", folder, core, path, replaced)
    return None


def _folder(text: str) -> str:
    """Return a folder as the tree knows it: ``ee/.``, ``./ee`` and ``ee/*`` are ``ee``."""
    path = posixpath.normpath(text.rstrip("*").replace("\\", "/") or ".").lstrip("/")
    return "" if path == "." else path


def _copied(world: World, path: str, text: str) -> str | None:
    """Return the wrap's folder that a text in a file means, from its own folder upwards."""
    where = posixpath.dirname(path)
    while text:
        candidate = posixpath.normpath(posixpath.join(where, text))
        if candidate in world.folders:
            return candidate if world.wrap_of(candidate) is not None else None
        if not where:
            return None
        where = posixpath.dirname(where)
    return None


def _keeps_its_place(folder: str, target: str) -> bool:
    """Whether a folder is copied to a place of its own name: ``COPY ee /app/ee``."""
    place = "/" + posixpath.normpath(target).strip("/")
    return place.endswith(f"/{folder}") and place != "/."


def _candidates(world: World, folder: str, target: str) -> list[str]:
    """Return the folders of the core that a folder may be laid over."""
    parts = folder.split("/")
    mirrors = ["/".join(parts[:i] + parts[i + 1 :]) for i in range(len(parts))]
    named = _folder(target) if not target.startswith("/") else ""
    candidates = [named, *mirrors, posixpath.dirname(folder), ""]
    known = (one for one in dict.fromkeys(candidates) if one in world.folders)
    return [one for one in known if one != folder and world.wrap_of(one) is None]


def _replaced(world: World, folder: str, core: str) -> tuple[dict[str, str], int]:
    """Return what a folder replaces of a folder of the core, and how many files are in it."""
    begin = f"{folder}/" if folder else ""
    found: dict[str, str] = {}
    count = 0
    for path, owner in world.owners.items():
        if owner != CORE and path.startswith(begin):
            count += 1
            counterpart = posixpath.join(core, path[len(begin) :])
            if world.owners.get(counterpart) == CORE:
                found[counterpart] = path
    return found, count
