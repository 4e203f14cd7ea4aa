# SPDX-License-Identifier: Apache-2.0
"""The values that a run is made of: resources, outcomes, results, the declaration."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from converge.machine import Machine

Action = Literal["none", "create", "update", "remove", "run"]
Status = Literal["unchanged", "changed", "failed", "skipped"]


@dataclass(frozen=True)
class Ties:
    """How a resource hangs together with others; each name is KIND.NAME."""

    after: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    on_change: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every resource that has to come first."""
        return self.after + self.requires + self.on_change


@dataclass(frozen=True)
class Outcome:
    """What a resource did, or in a rehearsal would do."""

    action: Action
    summary: str
    diff: str = ""


class Resource(Protocol):
    """One thing about the machine that is declared."""

    @property
    def id(self) -> str:
        """KIND.NAME, as the declaration writes it."""

    @property
    def path(self) -> Path | None:
        """The path that it manages; None for a command."""

    @property
    def ties(self) -> Ties:
        """What has to come first."""

    def converge(self, machine: Machine, changed: frozenset[str]) -> Outcome:
        """Bring it to its declared state.

        Args:
            machine: the real one, or a rehearsal.
            changed: the resources that changed earlier in this run.

        Raises:
            ResourceError: it cannot be done.
        """


@dataclass(frozen=True)
class Result:
    """How one resource ended."""

    resource: str
    path: str
    action: Action
    status: Status
    summary: str
    diff: str = ""


@dataclass(frozen=True)
class Declaration:
    """A parsed declaration: its resources in the order in which they are applied."""

    source: Path
    resources: tuple[Resource, ...]
