# SPDX-License-Identifier: Apache-2.0
"""Packages found in a tree whose manifest describes no build."""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from coreline.boundary.check import owner_of
from coreline.boundary.names import normalize
from coreline.boundary.ownership import CORE
from coreline.errors import InputError
from coreline.manifest.claims import Line
from coreline.manifest.model import Manifest
from coreline.releases.plan import Plan, Planned, declared, spdx_of
from coreline.releases.tool import Tool
from coreline.sources.tree import SourceTree

_ASIDE = frozenset(["node_modules", "vendor", "test", "tests", "testdata", "fixtures", "examples"])


def plan_of(manifest: Manifest, tree: SourceTree, tools: Sequence[Tool]) -> Plan:
    """Return all that may be built: what the manifest describes, else what is found.

    Raises:
        InputError: it is nothing (``build-nothing``).
    """
    if manifest.builds:
        return Plan(declared(manifest), [])
    found = _Found(manifest)
    for planned, package in _packages(manifest, tree, tools):
        found.take(planned, package)
    if not found.builds:
        raise InputError(
            "build-nothing",
            "The manifest has no [builds.NAME], and no package of either side was found.",
            "Describe what is built: side, tool and folder.",
        )
    return Plan(found.builds, found.notes)


class _Found:
    """Packages by the names that builds get, with a note for each of them."""

    def __init__(self, manifest: Manifest) -> None:
        self.builds: list[Planned] = []
        self.notes: list[str] = []
        self._lists = {
            CORE: {normalize(one) for one in manifest.core.packages},
            **{
                name: {normalize(one) for one in wrap.packages}
                for name, wrap in manifest.wraps.items()
            },
        }

    def take(self, planned: Planned, package: str) -> None:
        """Take a package, unless the manifest names packages of its side and not this one."""
        listed = self._lists[planned.wrap or CORE]
        place = planned.folder or "the top folder"
        owner = f"the wrap {planned.wrap}" if planned.wrap else "the core"
        if listed and normalize(package) not in listed:
            self.notes.append(f"not taken: {package} in {place}, no package that {owner} lists")
            return
        names = {one.name for one in self.builds}
        name = planned.name if planned.name not in names else f"{planned.name}-{planned.tool}"
        if name in names:
            self.notes.append(f"not taken: {package} in {place}, the second of its name")
            return
        from msgspec.structs import replace

        self.builds.append(replace(planned, name=name))
        self.notes.append(f"taken: {package} in {place}, of {owner}, by {planned.tool}")


def _packages(
    manifest: Manifest, tree: SourceTree, tools: Sequence[Tool]
) -> list[tuple[Planned, str]]:
    """Return every package whose metadata is on a side, by its path."""
    line = Line(manifest)
    by_path: dict[str, Tool] = {}
    entries = [
        entry
        for entry in tree.entries()
        if entry.kind in ("file", "executable") and not _ASIDE & set(entry.path.split("/")[:-1])
    ]
    for entry in entries:
        name = entry.path.rpartition("/")[2]
        for tool in tools:
            if tool.marker and fnmatchcase(name, tool.marker):
                by_path[entry.path] = tool
    found: list[tuple[Planned, str]] = []
    for content in tree.read([one for one in entries if one.path in by_path]):
        path = content.entry.path
        side = line.side(path)
        package = by_path[path].named(content.data or b"")
        if package is None or side is None:
            continue
        wrap = None if side == "core" else owner_of(line.claim(path))
        planned = Planned(
            name=re.sub(r"[^a-z0-9_-]+", "-", package.lower()).strip("-_")[:64] or "package",
            side=side,
            wrap=wrap,
            tool=by_path[path].name,
            folder=path.rpartition("/")[0],
            spdx=spdx_of(manifest, wrap),
        )
        found.append((planned, package))
    return found
