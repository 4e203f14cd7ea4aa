# SPDX-License-Identifier: Apache-2.0
"""``[line.NAME]``: one line in a file that belongs to someone else, or its absence."""

import re
from dataclasses import dataclass
from pathlib import Path

from converge.errors import ResourceError
from converge.machine import Machine
from converge.model import Action, Outcome, Ties
from converge.resources.common import difference, expect
from converge.table import Table


@dataclass(frozen=True)
class Line:
    """A line. ``match`` finds the lines that it replaces; without one, equal lines."""

    id: str
    ties: Ties
    path: Path
    line: str
    match: re.Pattern[str] | None
    absent: bool
    backup: bool

    def converge(self, machine: Machine, changed: frozenset[str]) -> Outcome:
        """Put the line in place of those that match, else at the end; or take them out."""
        seen = expect(machine, self.path, "file")
        before = machine.read(self.path) if seen.kind == "file" else b""
        after = self._edit(_decode(self.path, before)).encode()
        if before == after:
            state = "absent from" if self.absent else "in"
            return Outcome("none", f"the line is {state} {self.path}")
        machine.write(self.path, after, None, backup=self.backup)
        action: Action = "create" if seen.kind == "missing" else "update"
        return Outcome(
            action,
            f"{'remove a line from' if self.absent else 'put a line into'} {self.path}",
            difference(self.path, before, after),
        )

    def _edit(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        hits = [number for number, line in enumerate(lines) if self._hits(line.rstrip("\r\n"))]
        if self.absent:
            return "".join(line for number, line in enumerate(lines) if number not in hits)
        if hits:
            # The last one wins where several match, as in most files of settings.
            ending = lines[hits[-1]][len(lines[hits[-1]].rstrip("\r\n")) :]
            lines[hits[-1]] = self.line + ending
            return "".join(lines)
        gap = "\n" if text and not text.endswith("\n") else ""
        return f"{text}{gap}{self.line}\n"

    def _hits(self, line: str) -> bool:
        return line == self.line or (self.match is not None and bool(self.match.search(line)))


def _decode(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ResourceError(f"{path} is not UTF-8 text.") from error


def read_line(table: Table) -> Line:
    """Read one ``[line.NAME]``."""
    text = table.text("line", required=True) or ""
    if "\n" in text or "\r" in text:
        table.problem("line holds a line break; declare one line each.", "line")
    return Line(
        id=table.id,
        path=table.path(),
        line=text,
        match=_pattern(table),
        absent=table.absent(),
        backup=table.flag("backup"),
        ties=table.ties(),
    )


def _pattern(table: Table) -> re.Pattern[str] | None:
    text = table.text("match")
    try:
        return None if text is None else re.compile(text)
    except re.error as error:
        table.problem(f"match is not a regular expression: {error}.", "match")
        return None
