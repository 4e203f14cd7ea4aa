# SPDX-License-Identifier: Apache-2.0
"""From a repository to its history: what git is asked, what is kept between runs.

What is kept lies in the repository's git directory and is never needed to be right: a torn file
is read as none, and an entry is found by the commit's id, so that a rewritten history finds
nothing of the old one.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from coreline.boundary.check import load_languages
from coreline.boundary.history.contents import version_of
from coreline.boundary.history.episodes import merged_by
from coreline.boundary.history.model import Record
from coreline.boundary.history.timeline import (
    History,
    all_episodes,
    asked_of,
    breaks_of,
    rows_of,
)
from coreline.boundary.history.walk import State, judge_commits, version
from coreline.errors import InputError
from coreline.manifest.model import MANIFEST_NAME
from coreline.manifest.parse import ParsedManifest, parse_manifest
from coreline.sources.cache import FactCache, git_directory
from coreline.sources.commits import (
    Commit,
    Shape,
    blobs_at,
    directory_of,
    read_commits,
    read_details,
    read_tags,
    shape_of,
    trees_below,
)
from coreline.sources.git import Git
from coreline.sources.objects import EMPTY_TREE

Progress = Callable[[str, int, int], None]


def history_of(
    folder: Path,
    revision: str,
    parsed: ParsedManifest,
    *,
    own: bool,
    cached: bool,
    progress: Progress,
) -> History:
    """Hold every commit that a revision leads to against a line.

    Args:
        folder: of the manifest; its repository is looked at.
        revision: where the history ends.
        parsed: the line.
        own: whether a commit is held against its own manifest, where it has one that can be read.
        cached: whether what earlier runs found may be used, and kept.
        progress: told how far it is.

    Raises:
        InputError: it is no repository, has no such revision, or has ids of SHA-256.
        OutsideError: git failed.
    """
    git = Git(folder)
    shape = shape_of(git)
    _refuse(shape)
    head = git.resolve(revision)
    commits = read_commits(git, [head])
    known = {one.id for one in commits}
    tags = [tag for tag in read_tags(git) if tag.commit in known]
    kept = _Kept.of(git, shape, parsed, own=own) if cached else _Kept(None, None, Record())
    missing = [one for one in commits if one.id not in kept.record.points]
    if missing:
        lines = _lines(git, shape, missing, parsed) if own else {one.id: parsed for one in missing}
        _judge(git, shape, missing, lines, kept, progress)
        kept.save()
    record = kept.record
    episodes = all_episodes(commits, record)
    brought = merged_by(commits, head)
    details = read_details(git, asked_of(episodes, brought))
    return History(
        label=f"{len(commits):,} commits to {revision}",
        head=head,
        rows=rows_of(commits, record, tags, head),
        breaks=breaks_of(episodes, commits, tags, head, details, brought),
        record=record,
        commits=commits,
        notes=_notes(shape, commits, record),
    )


class _Kept(NamedTuple):
    """What earlier runs left, and where the next one looks for it."""

    points: FactCache | None
    contents: FactCache | None
    record: Record

    @classmethod
    def of(cls, git: Git, shape: Shape, parsed: ParsedManifest, *, own: bool) -> "_Kept":
        """Read what there is of one line."""
        directory = git_directory(git.folder) or directory_of(git)
        folder = directory / "coreline" / "history"
        contents = FactCache(folder / "contents")
        points = FactCache(folder).opened(
            b"\0".join([version(parsed), shape.prefix.encode(), b"own" if own else b""])
        )
        record = Record.unpacked(points.get("record"))
        return cls(points, contents, record)

    def save(self) -> None:
        """Keep the record for the next run."""
        if self.points is not None and self.contents is not None:
            self.contents.save()
            self.points.put("record", self.record.packed())
            self.points.save()


def _judge(
    git: Git,
    shape: Shape,
    commits: Sequence[Commit],
    lines: Mapping[str, ParsedManifest],
    kept: _Kept,
    progress: Progress,
) -> None:
    """Hold commits against lines, and add them to the record.

    Args:
        git: the repository.
        shape: of the repository.
        commits: parents first.
        lines: of each commit; those of one line are judged together.
        kept: its record grows.
        progress: told how far it is.
    """
    trees = trees_below(git, commits, shape.prefix)
    groups: dict[int, tuple[ParsedManifest, list[State]]] = {}
    for one in commits:
        tree = trees[one.id]
        state = State(one.id, EMPTY_TREE if tree is None else bytes.fromhex(tree))
        groups.setdefault(id(lines[one.id]), (lines[one.id], []))[1].append(state)
    store = kept.contents
    if store is not None:
        store.opened(version_of(load_languages()))
    with git.batch() as batch:
        for parsed, states in groups.values():
            judge_commits(states, parsed, kept.record, batch, store, progress)


def _lines(
    git: Git, shape: Shape, commits: Sequence[Commit], parsed: ParsedManifest
) -> dict[str, ParsedManifest]:
    """Return the manifest of each commit; today's where it has none, or one with mistakes."""
    path = f"{shape.prefix}{MANIFEST_NAME}"
    blobs = blobs_at(git, [one.id for one in commits], path)
    parsed_of: dict[str | None, ParsedManifest] = {None: parsed}
    for found in git.objects([name for name in set(blobs.values()) if name is not None]):
        parsed_of[found.name] = parsed
        if found.data is not None:
            with suppress(InputError):
                parsed_of[found.name] = parse_manifest(found.data.decode("utf-8", "replace"))
    return {one.id: parsed_of[blobs[one.id]] for one in commits}


def _refuse(shape: Shape) -> None:
    if shape.format != "sha1":
        raise InputError(
            "history-object-format",
            f"The repository's ids are {shape.format}; history can only read sha1.",
            "`coreline check --at COMMIT` reads single commits of such a repository.",
        )


def _notes(shape: Shape, commits: Sequence[Commit], record: Record) -> list[str]:
    notes: list[str] = []
    if shape.is_shallow:
        known = {one.id for one in commits}
        cut = sum(any(parent not in known for parent in one.parents) for one in commits)
        notes.append(
            f"The repository is a shallow clone: {cut:,} commits have parents that are not here. "
            "What broke before them is told as if they had broken it: run git fetch --unshallow."
        )
    missing = max((record.points[one.id].missing for one in commits), default=0)
    if missing:
        notes.append(
            f"Up to {missing:,} file{'' if missing == 1 else 's'} of a commit not analyzed: the "
            "content is missing from this clone, or too large."
        )
    return notes
