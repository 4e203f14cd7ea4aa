# SPDX-License-Identifier: Apache-2.0
"""What differs between two commits: renames as git finds them, and who changed a path last."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from coreline.sources.commits import Details
from coreline.sources.git import Git

_SIMILAR_PERCENT_MIN = 60
_RENAMES_MAX = 4000
"""With more files on both sides git looks for equal contents alone: pairs grow with the square."""
_PATHS_MAX = 400
_FORMAT = "%x01%H%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%s%x00"


class Renamed(NamedTuple):
    """A file that lies elsewhere, edited or not."""

    before: str
    after: str
    percent: int
    """How much of it is the same."""


def read_renames(git: Git, before: str, after: str) -> list[Renamed]:
    """Return the files that were moved between two commits, below the opened folder."""
    listing = git.run(
        "diff-tree",
        "-r",
        "-z",
        "--name-status",
        "--relative",
        f"-M{_SIMILAR_PERCENT_MIN}%",
        f"-l{_RENAMES_MAX}",
        "--diff-filter=R",
        before,
        after,
    )
    fields = [_text(field) for field in listing.split(b"\0")]
    rows = zip(fields[0::3], fields[1::3], fields[2::3], strict=False)
    return [Renamed(old, new, int(status[1:])) for status, old, new in rows if status[:1] == "R"]


def last_changes(git: Git, before: str, after: str, paths: Sequence[str]) -> dict[str, Details]:
    """Return the last commit after one, up to another, that changed each of some paths.

    Merges are left out: the commit that made the change is meant. Paths that none changed are
    missing, and so are those above a number that git's command line bears.

    Args:
        git: the repository.
        before: a commit; what it leads to is not looked at.
        after: a commit.
        paths: below the opened folder.
    """
    wanted = list(dict.fromkeys(paths))[:_PATHS_MAX]
    if not wanted:
        return {}
    listing = git.run(
        "--literal-pathspecs",
        "log",
        "--full-history",
        "--no-merges",
        "--no-renames",
        "--no-show-signature",
        "--raw",
        "--no-abbrev",
        "--relative",
        "-z",
        f"--format={_FORMAT}",
        f"{before}..{after}",
        "--",
        *wanted,
    )
    found: dict[str, Details] = {}
    for block in listing.split(b"\x01")[1:]:
        head = block.split(b"\0", 8)
        details = Details(*(field.decode("utf-8", "replace") for field in head[:8]))
        for path in _changed(head[8]):
            found.setdefault(path, details)
    return found


def _changed(raw: bytes) -> Iterable[str]:
    """Yield the paths of ``--raw -z``: each follows its row of modes and ids."""
    fields = raw.lstrip(b"\0\n").split(b"\0")
    for row, path in zip(fields[0::2], fields[1::2], strict=False):
        if row.lstrip(b"\n").startswith(b":"):
            yield _text(path)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
