# SPDX-License-Identifier: Apache-2.0
"""Private commits that were not published yet, and which of them change the core.

What the next publish prunes is decided there; here a commit changes the core where it changes a
path of the core, against its first parent.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from coreline.manifest.claims import Line
from coreline.sources.git import Git

LOOKED_MAX = 1000
"""Of more commits, only the newest are looked at: status answers at once."""


class Unpublished(NamedTuple):
    """One private commit that waits. ``subject`` is the first line of its message."""

    id: str
    subject: str
    changes_core: bool


def look_at(git: Git, commits: Sequence[bytes], line: Line) -> list[Unpublished]:
    """Return what the newest of some commits change, the newest first.

    Args:
        git: the private repository.
        commits: parents first.
        line: today's.
    """
    newest = [name.hex() for name in reversed(commits[-LOOKED_MAX:])]
    if not newest:
        return []
    listed = git.run(
        "diff-tree", "--stdin", "-z", "-r", "--root", "--name-only", "--no-renames",
        "--diff-merges=first-parent", "--format=%x01%H %s",
        stdin="".join(f"{name}\n" for name in newest).encode(),
    )  # fmt: skip
    found = {one.id: one for one in _commits(listed, line)}
    return [found[name] for name in newest if name in found]


def _commits(listed: bytes, line: Line) -> Iterator[Unpublished]:
    for part in listed.split(b"\x01")[1:]:
        head, *rows = part.decode("utf-8", "surrogateescape").split("\0")
        name, _, subject = head.partition(" ")
        paths = (row.removeprefix("\n") for row in rows)
        is_core = any(line.side(path) == "core" for path in paths if path)
        shown = subject.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        yield Unpublished(name, shown.rstrip("\n"), is_core)
