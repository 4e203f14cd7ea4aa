# SPDX-License-Identifier: Apache-2.0
"""``[file.NAME]``: a file with declared content and mode, or its absence."""

from dataclasses import dataclass
from pathlib import Path

from converge.machine import Machine
from converge.model import Action, Outcome, Ties
from converge.resources.common import difference, expect, mode_text, remove
from converge.table import Table


@dataclass(frozen=True)
class File:
    """A file. ``content`` None leaves what is in it alone and declares only its mode."""

    id: str
    ties: Ties
    path: Path
    content: bytes | None
    mode: int | None
    absent: bool
    backup: bool
    secret: bool

    def converge(self, machine: Machine, changed: frozenset[str]) -> Outcome:
        """Write the content if it differs, set the mode if it differs."""
        if self.absent:
            return remove(machine, self.path, "file")
        seen = expect(machine, self.path, "file")
        before = machine.read(self.path) if seen.kind == "file" else b""
        after = before if self.content is None else self.content
        if seen.kind == "missing" or before != after:
            machine.write(self.path, after, self.mode, backup=self.backup)
            action: Action = "create" if seen.kind == "missing" else "update"
            diff = "(secret: not shown)\n" if self.secret else difference(self.path, before, after)
            return Outcome(action, f"{action} {self.path}", diff)
        if self.mode is not None and self.mode != seen.mode:
            machine.set_mode(self.path, self.mode)
            modes = f"{mode_text(seen.mode)} → {mode_text(self.mode)}"
            return Outcome("update", f"mode of {self.path}: {modes}")
        return Outcome("none", f"{self.path} is as declared")


def read_file(table: Table) -> File:
    """Read one ``[file.NAME]``."""
    return File(
        id=table.id,
        path=table.path(),
        content=_content(table),
        mode=table.mode(),
        absent=table.absent(),
        backup=table.flag("backup"),
        secret=table.flag("secret"),
        ties=table.ties(),
    )


def _content(table: Table) -> bytes | None:
    """Return the declared bytes, from ``content`` or from the file that ``source`` names."""
    text = table.text("content")
    source = table.text("source")
    if text is not None and source is not None:
        table.problem("content and source exclude each other.", "source")
    if source is None:
        return None if text is None else text.encode()
    try:
        return (table.folder / source).read_bytes()
    except OSError as error:
        table.problem(f'source "{source}" cannot be read: {error.strerror}.', "source")
        return None
