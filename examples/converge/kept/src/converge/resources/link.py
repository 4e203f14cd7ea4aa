# SPDX-License-Identifier: Apache-2.0
"""``[link.NAME]``: a symbolic link with a declared target, or its absence."""

from dataclasses import dataclass
from pathlib import Path

from converge.machine import Machine
from converge.model import Outcome, Ties
from converge.resources.common import expect, remove
from converge.table import Table


@dataclass(frozen=True)
class Link:
    """A symbolic link; its target need not exist and is kept exactly as written."""

    id: str
    ties: Ties
    path: Path
    target: str
    absent: bool

    def converge(self, machine: Machine, changed: frozenset[str]) -> Outcome:
        """Create the link, or point it elsewhere."""
        if self.absent:
            return remove(machine, self.path, "link")
        seen = expect(machine, self.path, "link")
        if seen.kind == "missing":
            machine.link(self.path, self.target)
            return Outcome("create", f"link {self.path} → {self.target}")
        if seen.target != self.target:
            machine.link(self.path, self.target)
            return Outcome("update", f"link {self.path} → {self.target}, not {seen.target}")
        return Outcome("none", f"{self.path} is as declared")


def read_link(table: Table) -> Link:
    """Read one ``[link.NAME]``."""
    absent = table.absent()
    return Link(
        id=table.id,
        path=table.path(),
        target=table.text("target", required=not absent) or "",
        absent=absent,
        ties=table.ties(),
    )
