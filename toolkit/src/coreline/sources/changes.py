# SPDX-License-Identifier: Apache-2.0
"""What differs between two commits: renames as git finds them, and who changed a path last."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from coreline.sources.commits import Details
from coreline.sources.git import Git

_SIMILAR_PERCENT_MIN = 60
_RENAMES_MAX = 1000
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
    """Return the files that were moved between two commits, below the opened folder.

    Where a content is missing (a partial clone) git compares none at all; then only files that
    were moved as they are can be told, which their ids show.
    """
    similar = _diff_tree(before, after, _SIMILAR_PERCENT_MIN)
    done = git.attempt(*similar)
    listing = done.stdout if done.returncode == 0 else git.run(*_diff_tree(before, after, 100))
    fields = [_text(field) for field in listing.split(b"\0")]
    rows = zip(fields[0::3], fields[1::3], fields[2::3], strict=False)
    return [Renamed(old, new, int(status[1:])) for status, old, new in rows if status[:1] == "R"]


def _diff_tree(before: str, after: str, percent: int) -> list[str]:
    found = f"-M{percent}%", f"-l{_RENAMES_MAX}"
    head = ("diff-tree", "-r", "-z", "--name-status", "--relative", *found, "--diff-filter=R")
    return [*head, before, after]


class Change(NamedTuple):
    """One commit that changed a path."""

    details: Details
    status: str
    """``A`` for added, ``D`` for removed, ``M`` for edited, as git writes them."""
    blob: str
    """The id of the content after it; all zeros where it removed the path."""


def changes_of(git: Git, before: str, after: str, paths: Sequence[str]) -> dict[str, list[Change]]:
    """Return the commits after one, up to another, that changed each of some paths, newest first.

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
        "--topo-order",
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
    found: dict[str, list[Change]] = defaultdict(list)
    for block in listing.split(b"\x01")[1:]:
        head = block.split(b"\0", 8)
        details = Details(*(field.decode("utf-8", "replace") for field in head[:8]))
        for status, blob, path in _changed(head[8]):
            found[path].append(Change(details, status, blob))
    return dict(found)


def _changed(raw: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield the status, the new id and the path of each row of ``--raw -z``."""
    fields = raw.lstrip(b"\0\n").split(b"\0")
    for row, path in zip(fields[0::2], fields[1::2], strict=False):
        parts = row.lstrip(b"\n").decode().split(" ")
        if len(parts) == 5:
            yield parts[4][:1], parts[3], _text(path)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
