# SPDX-License-Identifier: Apache-2.0
"""``[directory.NAME]``: a directory with a declared mode, or its absence (only if empty)."""

from dataclasses import dataclass
from pathlib import Path

from converge.machine import Machine
from converge.model import Outcome, Ties
from converge.resources.common import expect, mode_text, remove
from converge.table import Table


@dataclass(frozen=True)
class Directory:
    """A directory; what is in it is not its business."""

    id: str
    ties: Ties
    path: Path
    mode: int | None
    absent: bool

    def converge(self, machine: Machine, changed: frozenset[str]) -> Outcome:
        """Create it if it is missing, set the mode if it differs."""
        if self.absent:
            return remove(machine, self.path, "directory")
        seen = expect(machine, self.path, "directory")
        if seen.kind == "missing":
            machine.make_directory(self.path, self.mode)
            return Outcome("create", f"create {self.path}/")
        if self.mode is not None and self.mode != seen.mode:
            machine.set_mode(self.path, self.mode)
            modes = f"{mode_text(seen.mode)} → {mode_text(self.mode)}"
            return Outcome("update", f"mode of {self.path}/: {modes}")
        return Outcome("none", f"{self.path}/ is as declared")


def read_directory(table: Table) -> Directory:
    """Read one ``[directory.NAME]``."""
    return Directory(
        id=table.id,
        path=table.path(),
        mode=table.mode(),
        absent=table.absent(),
        ties=table.ties(),
    )
