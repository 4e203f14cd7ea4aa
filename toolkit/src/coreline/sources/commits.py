# SPDX-License-Identifier: Apache-2.0
"""The commits of a repository and its tags, as many as a revision leads to, in one call each."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from coreline.errors import InputError
from coreline.sources.git import Git

_STRUCTURE = "%H %T %at %P"
_DETAILS = "%H%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%s"


class Commit(NamedTuple):
    """A commit by its place in the history; ids in hexadecimal, the time in seconds (author's)."""

    id: str
    tree: str
    time: int
    parents: tuple[str, ...]


class Details(NamedTuple):
    """Who wrote a commit and who put it in its place; dates as RFC 3339."""

    id: str
    author: str
    author_email: str
    author_date: str
    committer: str
    committer_email: str
    commit_date: str
    subject: str


class Tag(NamedTuple):
    """A tag that leads to a commit."""

    name: str
    commit: str
    time: int
    """When it was made, in seconds; of the commit where the tag does not say it."""


class Shape(NamedTuple):
    """What a repository is, as far as its history is concerned."""

    prefix: str
    """The folder that was opened, from the top, with a slash at its end; empty at the top."""
    is_shallow: bool
    format: str
    """Of its ids: ``sha1`` or ``sha256``."""


def shape_of(git: Git) -> Shape:
    """Return what a repository is.

    Raises:
        InputError: the folder is in none (``repository-unknown``).
    """
    asked = git.attempt(
        "rev-parse", "--is-shallow-repository", "--show-object-format", "--show-prefix"
    )
    answers = asked.stdout.decode("utf-8", "surrogateescape").split("\n")
    if asked.returncode != 0 or len(answers) < 3:
        raise InputError(
            "repository-unknown",
            f"{git.folder} is not in a git repository.",
            "Run it in a repository, or name one with -C.",
        )
    return Shape(answers[2], answers[0] == "true", answers[1])


def read_commits(git: Git, revisions: Sequence[str]) -> list[Commit]:
    """Return every commit that some revisions lead to, parents first.

    Args:
        git: the repository.
        revisions: full ids.
    """
    listing = git.run(
        "rev-list",
        "--topo-order",
        "--reverse",
        "--no-commit-header",
        f"--format={_STRUCTURE}",
        "--stdin",
        stdin="".join(f"{one}\n" for one in revisions).encode(),
    )
    return [_commit(row) for row in listing.decode().split("\n") if row]


def _commit(row: str) -> Commit:
    name, tree, time, parents = row.split(" ", 3)
    return Commit(name, tree, int(time), tuple(parents.split()))


def read_details(git: Git, commits: Iterable[str]) -> dict[str, Details]:
    """Return who wrote some commits, by their full ids."""
    wanted = list(dict.fromkeys(commits))
    if not wanted:
        return {}
    listing = git.run(
        "rev-list",
        "--no-walk=unsorted",
        "--no-commit-header",
        f"--format={_DETAILS}",
        "--stdin",
        stdin="".join(f"{one}\n" for one in wanted).encode(),
    )
    rows = listing.decode("utf-8", "replace").split("\n")
    found = (Details(*row.split("\0")) for row in rows if row.count("\0") == 7)
    return {one.id: one for one in found}


def read_tags(git: Git) -> list[Tag]:
    """Return the tags that lead to commits, in the order of their making."""
    listing = git.run(
        "for-each-ref",
        "--sort=creatordate",
        "--format=%(refname:strip=2)%00%(creatordate:unix)%00%(objecttype)%00%(objectname)"
        "%00%(*objecttype)%00%(*objectname)",
        "refs/tags",
    )
    tags: list[Tag] = []
    for row in listing.decode("utf-8", "replace").split("\n"):
        if not row:
            continue
        name, time, kind, target, peeled_kind, peeled = row.split("\0")
        kind, target = (kind, target) if kind != "tag" else (peeled_kind, peeled)
        if kind == "commit":
            tags.append(Tag(name, target, int(time or 0)))
    return tags


def directory_of(git: Git) -> Path:
    """Return the git directory of a repository, also where a folder below its top was opened."""
    return Path(git.text("rev-parse", "--path-format=absolute", "--git-dir"))


def blobs_at(git: Git, commits: Sequence[str], path: str) -> dict[str, str | None]:
    """Return the blob that lies at a path in each of some commits; None where there is none."""
    return dict(
        zip(commits, _checked(git, (f"{one}:{path}" for one in commits), "blob"), strict=True)
    )


def _checked(git: Git, names: Iterable[str], kind: str) -> list[str | None]:
    """Return the ids that some names have, None for those that name nothing of the kind."""
    asked = "".join(f"{name}\n" for name in names)
    answers = git.run("cat-file", "--batch-check=%(objecttype) %(objectname)", stdin=asked.encode())
    rows = (row.partition(" ") for row in answers.decode("utf-8", "replace").splitlines())
    return [name if of == kind else None for of, _, name in rows]


def trees_below(git: Git, commits: Sequence[Commit], prefix: str) -> dict[str, str | None]:
    """Return the tree of a folder in each commit, by the commit's id; None where it is not there.

    Args:
        git: the repository.
        commits: any commits.
        prefix: the folder, with a slash at its end; empty for the top.
    """
    if not prefix:
        return {one.id: one.tree for one in commits}
    folder = prefix.rstrip("/")
    names = _checked(git, (f"{one.tree}:{folder}" for one in commits), "tree")
    return dict(zip((one.id for one in commits), names, strict=True))
