# SPDX-License-Identifier: Apache-2.0
"""Where a file lies that a commit or the index has, from a folder up to the repository's top."""

from pathlib import Path

from coreline.sources.git import Git


def nearest_tracked(folder: Path, name: str, *, at: str | None) -> Path | None:
    """Return the nearest folder, from one up to the top, in which a state has a file.

    The disk says nothing of it: the file may exist in that commit alone.

    Args:
        folder: where to begin.
        name: of the file.
        at: a commit, or None for what is staged.

    Returns:
        The folder as short as ``folder`` was written; None where no folder has the file, and
        outside git.
    """
    git = Git(folder)
    asked = git.attempt("rev-parse", "--show-prefix")
    if asked.returncode != 0:
        return None
    prefix = asked.stdout.rstrip(b"\n").decode("utf-8", "surrogateescape")
    parts = prefix.split("/")[:-1]
    # The nearest first, each with the steps that lead up to it.
    places = {
        "/".join([*parts[: len(parts) - up], name]): "../" * up for up in range(len(parts) + 1)
    }
    top = folder / ("../" * len(parts) or ".")
    if at is None:
        listed = Git(top).attempt("--literal-pathspecs", "ls-files", "-z", "--", *places)
    else:
        listed = Git(top).attempt("ls-tree", "-z", "--name-only", "--full-tree", at, *places)
    found = listed.stdout.decode("utf-8", "surrogateescape").split("\0")
    steps = next((steps for path, steps in places.items() if path in found), None)
    return None if steps is None else folder / steps
