# SPDX-License-Identifier: Apache-2.0
"""Which folder a project of Gradle is in, and which artifact an alias of a catalog stands for."""

import posixpath
import re
import tomllib
from collections import defaultdict
from functools import cached_property

from coreline.boundary.extension import Resolve, Source
from coreline.boundary.facts import FileFacts, Reference, Setting
from coreline.boundary.jvm.gradle import CATALOG, PROJECT
from coreline.boundary.metadata.needs import Need, facts_of, is_named, offset_of
from coreline.boundary.metadata.needs import resolver as metadata_resolver
from coreline.boundary.metadata.tables import table, text
from coreline.boundary.packages import unreadable
from coreline.boundary.resolve import Meant
from coreline.boundary.world import World

_SETTINGS = ("settings.gradle", "settings.gradle.kts")


def extract_catalog(source: Source) -> FileFacts:
    """Return the aliases of a version catalog (``libs.versions.toml``) for artifacts of a wrap."""
    try:
        libraries = table(tomllib.loads(source.data.decode("utf-8")), "libraries")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return unreadable(source, "TOML")
    needs: list[Need] = []
    settings: list[Setting] = []
    for alias, value in libraries.items():
        one = table(libraries, alias)
        module = text(one, "module") or f"{text(one, 'group')}:{text(one, 'name')}"
        if isinstance(value, str):
            module = ":".join(value.split(":")[:2])
        if is_named(module, source.names.packages):
            # An alias alone installs nothing.
            needs.append(Need(module, offset_of(source, alias, key=True), needed=False))
            settings.append(Setting(CATALOG, re.sub(r"[-_]", ".", alias), module))
    return facts_of(source, needs, settings=settings)


def resolver(world: World) -> Resolve:
    """Make what resolves the projects, aliases, artifacts and paths of Gradle."""
    plain = metadata_resolver(world)
    builds = _Builds(world)
    aliases = {
        f"libs.{one.name}": one.value
        for settings in world.settings(CATALOG).values()
        for one in settings
    }

    def meant(reference: Reference, path: str) -> Meant | None:
        name = reference.module
        if name.startswith("projects."):
            name = ":" + re.sub(r"(?<=[a-z0-9])([A-Z])", r"-\1", name[9:]).lower().replace(".", ":")
        if name.startswith(":"):
            wrap = _project(world, builds, name, path)
            return None if wrap is None else Meant(wrap, reference.module)
        if name.startswith("libs."):
            # What Gradle adds at the end asks for the same artifact.
            alias = aliases.get(re.sub(r"\.(get|asProvider)$", "", name))
            return None if alias is None else plain(_named(reference, alias), path)
        return plain(reference, path)

    return meant


class _Builds:
    """The builds of a tree, by the names of their folders.

    Settings are programs: where a project's folder is may be computed.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    @cached_property
    def _by_folder(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in self._world.owners:
            if path.endswith(("/build.gradle", "/build.gradle.kts")):
                folder = posixpath.dirname(path)
                found[posixpath.basename(folder)].append(folder)
        return found

    def wrap_of(self, name: str) -> str | None:
        """Return the wrap of the only build in a folder of the project's name."""
        found = self._by_folder.get(name.rpartition(":")[2], [])
        return self._world.wrap_of(found[0]) if len(found) == 1 else None


def _named(reference: Reference, module: str) -> Reference:
    return Reference(reference.line, reference.column, "build", module)


def _project(world: World, builds: _Builds, name: str, path: str) -> str | None:
    """Return the wrap that has a project, by the settings of the build that a file is part of."""
    folder = posixpath.dirname(path)
    inside = name.strip(":").replace(":", "/")
    while True:
        for file in _SETTINGS:
            at = posixpath.join(folder, file)
            if at in world.owners:
                listed = world.settings(PROJECT).get(at, ())
                inside = next((one.value for one in listed if one.name == name), inside)
                found = posixpath.normpath(posixpath.join(folder, inside))
                return world.wrap_of(found) if world.exists(found) else builds.wrap_of(name)
        if not folder:
            return world.wrap_of(inside)
        folder = posixpath.dirname(folder)
