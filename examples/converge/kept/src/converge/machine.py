# SPDX-License-Identifier: Apache-2.0
"""What a resource may do to a machine, and the real machine.

Resources only speak to the protocol, so the same code makes a plan (on a rehearsal, which keeps
the changes in memory) and applies it (on the real machine): the two cannot disagree.
"""

import os
import stat
import subprocess
import tempfile
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from converge.errors import ResourceError

Kind = Literal["missing", "file", "directory", "link", "other", "promised"]


class Seen(NamedTuple):
    """What is at a path. Links are looked at, never followed.

    Only a rehearsal sees something ``promised``: what a command would create, of unknown kind.
    """

    kind: Kind
    mode: int = 0
    target: str = ""


class Ran(NamedTuple):
    """How a command ended; ``output`` is standard output and error together."""

    code: int
    output: str


class Machine(Protocol):
    """Everything that resources ask of a machine."""

    def look(self, path: Path) -> Seen:
        """Return what is at a path, without following a link."""

    def read(self, path: Path) -> bytes:
        """Return the bytes of a file."""

    def write(self, path: Path, data: bytes, mode: int | None, *, backup: bool) -> None:
        """Replace or create a file in one step; ``mode`` None keeps what is there."""

    def make_directory(self, path: Path, mode: int | None) -> None:
        """Create a directory in an existing one."""

    def set_mode(self, path: Path, mode: int) -> None:
        """Set the permission bits of a file or directory."""

    def link(self, path: Path, target: str) -> None:
        """Create a symbolic link, or point an existing one elsewhere, in one step."""

    def remove(self, path: Path) -> None:
        """Remove a file, a link or an empty directory."""

    def ask(self, command: tuple[str, ...], folder: Path, timeout: float) -> Ran:
        """Run a guard. Guards run while planning too, so they must change nothing."""

    def run(
        self, command: tuple[str, ...], folder: Path, timeout: float, creates: Path | None = None
    ) -> Ran:
        """Run a command that changes the machine; ``creates`` is what it is known to leave."""


class RealMachine:
    """The machine that converge runs on."""

    def look(self, path: Path) -> Seen:
        """Return what is at a path, without following a link."""
        try:
            found = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return Seen("missing")
        mode = stat.S_IMODE(found.st_mode)
        if stat.S_ISLNK(found.st_mode):
            return Seen("link", mode, str(path.readlink()))
        if stat.S_ISDIR(found.st_mode):
            return Seen("directory", mode)
        return Seen("file" if stat.S_ISREG(found.st_mode) else "other", mode)

    def read(self, path: Path) -> bytes:
        """Return the bytes of a file. A link put in its place meanwhile is refused."""
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            return file.read()

    def write(self, path: Path, data: bytes, mode: int | None, *, backup: bool) -> None:
        """Write beside the file and rename over it: a reader sees the old or the new, no mix."""
        before = self.look(path)
        if mode is None:
            mode = before.mode if before.kind == "file" else 0o666 & ~_umask()
        if backup and before.kind == "file":
            keep = path.with_name(path.name + ".before-converge")
            self.write(keep, self.read(path), before.mode, backup=False)
        handle, name = tempfile.mkstemp(prefix=".converge-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                _keep_owner(file.fileno(), path, before)
                os.fchmod(file.fileno(), mode)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def make_directory(self, path: Path, mode: int | None) -> None:
        """Create a directory in an existing one."""
        path.mkdir()
        if mode is not None:
            path.chmod(mode)

    def set_mode(self, path: Path, mode: int) -> None:
        """Set the permission bits of a file or directory."""
        path.chmod(mode)

    def link(self, path: Path, target: str) -> None:
        """Make the link under another name and rename it, so the path is never missing."""
        with tempfile.TemporaryDirectory(prefix=".converge-", dir=path.parent) as folder:
            fresh = Path(folder) / "link"
            fresh.symlink_to(target)
            fresh.replace(path)

    def remove(self, path: Path) -> None:
        """Remove a file, a link or an empty directory."""
        if self.look(path).kind == "directory":
            path.rmdir()
        else:
            path.unlink()

    def ask(self, command: tuple[str, ...], folder: Path, timeout: float) -> Ran:
        """Run a guard."""
        return self.run(command, folder, timeout)

    def run(
        self, command: tuple[str, ...], folder: Path, timeout: float, creates: Path | None = None
    ) -> Ran:
        """Run a command without a shell: its words are exactly those of the declaration."""
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=timeout,
                check=False,
            )
        except FileNotFoundError as error:
            raise ResourceError(f"{command[0]} is not installed or not on PATH.") from error
        except subprocess.TimeoutExpired as error:
            raise ResourceError(f"{command[0]} took longer than {timeout:g} seconds.") from error
        return Ran(done.returncode, done.stdout.decode("utf-8", "replace"))


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _keep_owner(handle: int, path: Path, before: Seen) -> None:
    """Give a replaced file's owner to its successor, where we may (only root may)."""
    if before.kind == "file" and os.geteuid() == 0:
        found = path.lstat()
        os.fchown(handle, found.st_uid, found.st_gid)
