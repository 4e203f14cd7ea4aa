# SPDX-License-Identifier: Apache-2.0
"""What the console shows, and where it gets it from."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from coreline.manifest.model import Manifest
from coreline_server.auth.keeper import Keeper
from coreline_server.licensing.desk import Desk
from coreline_server.licensing.floor import Floor
from coreline_server.registry.model import File

WHO = "console"
"""Who does what is done here, for the audit log."""


class Stage(NamedTuple):
    """A stage of the funnel, how many installs reached it, and which share of those before."""

    name: str
    reached: int
    step: float | None


class Package(NamedTuple):
    """A package that the manifest names, and what was uploaded of it."""

    name: str
    wrap: str | None
    latest: str | None
    files: int
    size: int

    @classmethod
    def of(cls, name: str, wrap: str | None, files: Sequence[File]) -> "Package":
        """Sum up a package's files; the newest upload is the latest version."""
        latest = max(files, key=lambda file: file.uploaded_at).version if files else None
        return cls(name, wrap, latest, len(files), sum(file.size for file in files))


@dataclass(frozen=True)
class Sources:
    """Where the pages get what they show.

    Attributes:
        packages: every package of the manifest.
        funnel: the stages of the last 90 days, all segments together.
    """

    manifest: Manifest
    keeper: Keeper
    desk: Desk
    floor: Floor
    packages: Callable[[], list[Package]]
    funnel: Callable[[], Awaitable[list[Stage]]]
