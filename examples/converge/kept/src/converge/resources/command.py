# SPDX-License-Identifier: Apache-2.0
"""``[command.NAME]``: a command with a guard that says when it need not run."""

from dataclasses import dataclass
from pathlib import Path

from converge.errors import ResourceError
from converge.machine import Machine
from converge.model import Outcome, Ties
from converge.table import Table

_TIMEOUT_SECONDS = 300.0


@dataclass(frozen=True)
class Command:
    """A command; without a guard it would run every time, so at least one is asked for."""

    id: str
    ties: Ties
    run: tuple[str, ...]
    folder: Path
    creates: Path | None
    unless: tuple[str, ...]
    onlyif: tuple[str, ...]
    timeout: float
    path: None = None

    def converge(self, machine: Machine, changed: frozenset[str]) -> Outcome:
        """Run the command unless a guard says that it need not."""
        reason = self._reason_not_to(machine, changed)
        if reason:
            return Outcome("none", reason)
        ran = machine.run(self.run, self.folder, self.timeout, self.creates)
        if ran.code != 0:
            last = ran.output.strip().splitlines()[-1:] or ["it printed nothing"]
            raise ResourceError(f"{self.run[0]} ended with {ran.code}: {last[0]}")
        return Outcome("run", f"run {' '.join(self.run)}")

    def _reason_not_to(self, machine: Machine, changed: frozenset[str]) -> str:
        if self.ties.on_change and not changed.intersection(self.ties.on_change):
            return f"nothing changed in {', '.join(self.ties.on_change)}"
        if self.creates and machine.look(self.creates).kind != "missing":
            return f"{self.creates} exists"
        if self.unless and machine.ask(self.unless, self.folder, self.timeout).code == 0:
            return f"{' '.join(self.unless)} holds"
        if self.onlyif and machine.ask(self.onlyif, self.folder, self.timeout).code != 0:
            return f"{' '.join(self.onlyif)} does not hold"
        return ""


def read_command(table: Table) -> Command:
    """Read one ``[command.NAME]``."""
    command = Command(
        id=table.id,
        run=table.words("run", required=True),
        folder=table.path("folder", required=False),
        creates=table.optional_path("creates"),
        unless=table.words("unless"),
        onlyif=table.words("onlyif"),
        timeout=table.seconds("timeout_seconds", _TIMEOUT_SECONDS),
        ties=table.ties(on_change=True),
    )
    if not any(table.has(key) for key in ("creates", "unless", "onlyif", "on_change")):
        table.problem("has no guard; add creates, unless, onlyif or on_change.")
    return command
