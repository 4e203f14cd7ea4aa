# SPDX-License-Identifier: Apache-2.0
"""A machine on which changes are only imagined: what makes a plan out of an apply.

What earlier resources would have done is seen by later ones, so a file in a directory that the
same declaration creates is planned as it will be applied.
"""

from pathlib import Path
from typing import NamedTuple

from converge.errors import ResourceError
from converge.machine import Machine, Ran, Seen


class _Imagined(NamedTuple):
    seen: Seen
    data: bytes = b""


class Rehearsal:
    """Changes kept in memory over a machine that is only looked at."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._changed: dict[Path, _Imagined] = {}

    def look(self, path: Path) -> Seen:
        """Return what would be at a path."""
        imagined = self._changed.get(path)
        return imagined.seen if imagined else self._machine.look(path)

    def read(self, path: Path) -> bytes:
        """Return what a file would hold."""
        imagined = self._changed.get(path)
        return imagined.data if imagined else self._machine.read(path)

    def write(self, path: Path, data: bytes, mode: int | None, *, backup: bool) -> None:
        """Imagine a written file."""
        before = self.look(path)
        kept = before.mode if before.kind == "file" else 0o644
        self._changed[path] = _Imagined(Seen("file", kept if mode is None else mode), data)

    def make_directory(self, path: Path, mode: int | None) -> None:
        """Imagine a directory."""
        self._changed[path] = _Imagined(Seen("directory", 0o755 if mode is None else mode))

    def set_mode(self, path: Path, mode: int) -> None:
        """Imagine other permission bits."""
        before = self.look(path)
        data = self.read(path) if before.kind == "file" else b""
        self._changed[path] = _Imagined(before._replace(mode=mode), data)

    def link(self, path: Path, target: str) -> None:
        """Imagine a link."""
        self._changed[path] = _Imagined(Seen("link", 0o777, target))

    def remove(self, path: Path) -> None:
        """Imagine that nothing is there."""
        self._changed[path] = _Imagined(Seen("missing"))

    def ask(self, command: tuple[str, ...], folder: Path, timeout: float) -> Ran:
        """Run a guard for real; one that cannot run yet is taken as not holding."""
        if not folder.is_dir():
            return Ran(127, "")
        try:
            return self._machine.ask(command, folder, timeout)
        except ResourceError:
            # The program may be installed by an earlier resource of the same declaration.
            return Ran(127, "")

    def run(
        self, command: tuple[str, ...], folder: Path, timeout: float, creates: Path | None = None
    ) -> Ran:
        """Run nothing, and take the command at its word about what it creates."""
        if creates:
            self._changed[creates] = _Imagined(Seen("promised"))
        return Ran(0, "")
