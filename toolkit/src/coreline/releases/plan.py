# SPDX-License-Identifier: Apache-2.0
"""What there is to build: the tables ``[builds.NAME]`` of the manifest, or what is discovered."""

import posixpath
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

from coreline.errors import InputError
from coreline.manifest.model import Manifest, Side
from coreline.manifest.words import nearest


class Planned(Struct, frozen=True, kw_only=True):
    """One build."""

    name: str
    side: Side
    wrap: str | None
    """The wrap that it is of; None for the core."""
    tool: str
    folder: str
    """Where the package lies, from the root; empty for the top."""
    spdx: str
    """The SPDX license of its side."""
    command: str | None = None
    artifacts: Sequence[str] = ()
    registry: str | None = None


class Plan(NamedTuple):
    """The builds, and what a reader should know of how they were chosen."""

    builds: list[Planned]
    notes: list[str]


def declared(manifest: Manifest) -> list[Planned]:
    """Return the builds that the manifest describes."""
    only = next(iter(manifest.wraps)) if len(manifest.wraps) == 1 else None
    found: list[Planned] = []
    for name, build in manifest.builds.items():
        wrap = None if build.side == "core" else build.wrap or only
        found.append(
            Planned(
                name=name,
                side=build.side,
                wrap=wrap,
                tool=build.tool,
                folder=posixpath.normpath(f"/{build.folder}").strip("/"),
                spdx=spdx_of(manifest, wrap),
                command=build.command,
                artifacts=tuple(build.artifacts),
                registry=build.registry,
            )
        )
    return found


def spdx_of(manifest: Manifest, wrap: str | None) -> str:
    """Return the SPDX license of a side."""
    return manifest.core.spdx if wrap is None else manifest.wraps[wrap].spdx


def chosen(builds: Sequence[Planned], names: Iterable[str]) -> list[Planned]:
    """Return the builds of some names; all of them where there is none.

    Raises:
        InputError: there is no such build (``build-unknown``).
    """
    by_name = {one.name: one for one in builds}
    wanted = list(dict.fromkeys(names)) or list(by_name)
    for name in wanted:
        if name not in by_name:
            near = nearest(name, list(by_name))
            raise InputError(
                "build-unknown",
                f"There is nothing to build with the name {name}.",
                f"Did you mean {near}?" if near else f"There are {', '.join(by_name) or 'none'}.",
            )
    return [by_name[name] for name in wanted]
