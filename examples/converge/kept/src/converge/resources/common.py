# SPDX-License-Identifier: Apache-2.0
"""What several kinds of resources share: refusals, removal, modes, differences."""

from difflib import unified_diff
from pathlib import Path

from converge.errors import ResourceError
from converge.machine import Kind, Machine, Seen
from converge.model import Outcome


def expect(machine: Machine, path: Path, kind: Kind) -> Seen:
    """Return what is at a path: of the kind, or missing in a directory that exists.

    Raises:
        ResourceError: something else is there. Above all, a link is never followed: whoever can
            write a link could otherwise choose which file converge overwrites.
    """
    seen = machine.look(path)
    if seen.kind not in ("missing", kind):
        hint = "Declare the path that it points to." if seen.kind == "link" else ""
        raise ResourceError(f"{path} is a {seen.kind}, not a {kind}.", hint)
    if seen.kind == "missing" and not _is_directory(machine, path.parent):
        raise ResourceError(
            f"{path.parent} does not exist.",
            f'Declare it: [directory.NAME] with path = "{path.parent}".',
        )
    return seen


def _is_directory(machine: Machine, path: Path) -> bool:
    """Whether a path is a directory, or a link to one: /tmp is a link on some systems."""
    kind = machine.look(path).kind
    return kind in ("directory", "promised") or (kind == "link" and path.is_dir())


def remove(machine: Machine, path: Path, kind: Kind) -> Outcome:
    """Remove what is at a path if it is of the kind."""
    seen = machine.look(path)
    if seen.kind == "missing":
        return Outcome("none", f"{path} is absent")
    if seen.kind != kind:
        raise ResourceError(f"{path} is a {seen.kind}, not a {kind}; it is left alone.")
    try:
        machine.remove(path)
    except OSError as error:
        raise ResourceError(f"{path} cannot be removed: {error.strerror}.") from error
    return Outcome("remove", f"remove {path}")


def mode_text(mode: int) -> str:
    """Return permission bits as people write them."""
    return f"{mode:04o}"


def difference(path: Path, before: bytes, after: bytes) -> str:
    """Return a unified difference, or one sentence where the bytes are not text."""
    try:
        old, new = before.decode("utf-8"), after.decode("utf-8")
    except UnicodeDecodeError:
        return f"(binary: {len(before)} bytes, then {len(after)} bytes)\n"
    lines = unified_diff(
        old.splitlines(keepends=True),
        new.splitlines(keepends=True),
        str(path),
        "declared",
        n=2,
    )
    return "".join(line if line.endswith("\n") else line + "\n" for line in lines)
