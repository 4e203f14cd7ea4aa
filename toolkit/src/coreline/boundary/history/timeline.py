# SPDX-License-Identifier: Apache-2.0
"""The history as it is told: a row for each commit, what broke it, who mended it, what shipped."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from coreline.boundary.history.episodes import (
    AREAS,
    Area,
    Episode,
    area_of,
    episodes_of,
    lives_of,
    merged_by,
)
from coreline.boundary.history.model import Record
from coreline.manifest.model import Grade
from coreline.sources.commits import Commit, Details, Tag


class Share(Struct, frozen=True, kw_only=True):
    """How much of a commit lies on one side."""

    files: int
    code_bytes: int
    """Of programs, pages and styles; see ``coreline.boundary.history.code``."""


class Row(Struct, frozen=True, kw_only=True):
    """One commit."""

    commit: str
    time: int
    """The author's date, in seconds since 1970."""
    grade: Grade
    references: Mapping[str, int]
    """How many findings of each kind prove a grade."""
    broken: Mapping[Area, int]
    """How many of them need the wrap, by area."""
    core: Share
    wrap: Share
    missing: int
    """Files whose content could not be read."""
    tags: Sequence[str]
    is_main: bool
    """Whether it is one of the main line: first parents from the head."""
    findings: Sequence[int]
    """By their place in the history's list."""

    @property
    def wrap_share(self) -> float:
        """The wrap's part of all code, from 0 to 1."""
        total = self.core.code_bytes + self.wrap.code_bytes
        return self.wrap.code_bytes / total if total else 0.0


class Change(Struct, frozen=True, kw_only=True):
    """A commit that broke or mended the line, and who could have seen it."""

    commit: str
    subject: str
    author: str
    author_email: str
    author_date: str
    committer: str
    commit_date: str
    merged: "Change | None" = None
    """The commit that brought it to the main line, where that is another one."""


class Break(Struct, frozen=True, kw_only=True):
    """An episode, told: one part of the history in which the line was broken."""

    area: Area
    broke: Sequence[Change]
    mended: Sequence[Change]
    is_open: bool
    """Whether the head is still in it."""
    commits: int
    """How many commits were broken in it."""
    days: int | None
    """From the author's date of the first break to that of the last mending."""
    shipped: Sequence[str]
    """The tags of its commits."""
    findings: Sequence[int]


class History(Struct, frozen=True, kw_only=True):
    """The line through time."""

    label: str
    head: str
    rows: Sequence[Row]
    """Parents first."""
    breaks: Sequence[Break]
    record: Record
    commits: Sequence[Commit]
    """Parents first."""
    notes: Sequence[str] = ()

    @property
    def lives(self) -> Mapping[int, Sequence[Episode]]:
        """When each finding that breaks something came and went, by its number."""
        return lives_of(self.commits, self.record)

    @property
    def main(self) -> list[Row]:
        """The main line."""
        return [row for row in self.rows if row.is_main]

    @property
    def tagged(self) -> list[Row]:
        """The releases, in the order of the history."""
        return [row for row in self.rows if row.tags]


def rows_of(commits: Sequence[Commit], record: Record, tags: Sequence[Tag], head: str) -> list[Row]:
    """Return a row for each commit.

    Args:
        commits: parents first.
        record: has a point for each.
        tags: of the repository.
        head: the commit where the main line ends.
    """
    kinds: list[Mapping[str, int]] = [
        Counter[str](record.findings[one].kind for one in some) for some in record.judgements
    ]
    grades: dict[int, Grade] = {}
    areas = [
        Counter(area_of(seen) for seen in some if seen.grade == "broken")
        for some in ([record.findings[one] for one in numbers] for numbers in record.judgements)
    ]
    names: dict[str, list[str]] = defaultdict(list)
    for tag in tags:
        names[tag.commit].append(tag.name)
    main = {name for name, by in merged_by(commits, head).items() if name == by}
    rows: list[Row] = []
    for one in commits:
        point = record.points[one.id]
        number = point.judgement
        if number not in grades:
            grades[number] = record.grade(one.id)
        rows.append(
            Row(
                commit=one.id,
                time=one.time,
                grade=grades[number],
                references=kinds[number],
                broken=areas[number],
                core=Share(files=point.core_files, code_bytes=point.core_bytes),
                wrap=Share(files=point.wrap_files, code_bytes=point.wrap_bytes),
                missing=point.missing,
                tags=tuple(names.get(one.id, ())),
                is_main=one.id in main,
                findings=record.judgements[number],
            )
        )
    return rows


def all_episodes(commits: Sequence[Commit], record: Record) -> list[Episode]:
    """Return the episodes of every area."""
    return [one for area in AREAS for one in episodes_of(commits, record, area)]


def asked_of(episodes: Sequence[Episode], brought: Mapping[str, str]) -> list[str]:
    """Return the commits whose authors have to be known to tell some episodes."""
    changes = [name for one in episodes for name in (*one.broke, *one.mended, *one.left)]
    return list(dict.fromkeys([*changes, *(brought[name] for name in changes if name in brought)]))


def breaks_of(
    episodes: Sequence[Episode],
    commits: Sequence[Commit],
    tags: Sequence[Tag],
    head: str,
    details: Mapping[str, Details],
    brought: Mapping[str, str],
) -> list[Break]:
    """Return episodes as they are told.

    Args:
        episodes: of the history.
        commits: parents first.
        tags: of the repository.
        head: the commit where the main line ends.
        details: who wrote the commits of ``asked_of``.
        brought: which commit of the main line brought each commit.
    """
    times = {one.id: one.time for one in commits}
    found: list[Break] = []
    for one in episodes:
        inside = set(one.commits)
        ends = one.mended or one.left
        is_open = head in inside
        last = max((times[name] for name in ends), default=None)
        first = min(times[name] for name in one.broke)
        found.append(
            Break(
                area=one.area,
                broke=[_change(name, details, brought) for name in one.broke],
                mended=[_change(name, details, brought) for name in ends],
                is_open=is_open,
                commits=len(one.commits),
                days=None if last is None or is_open else max(0, last - first) // 86_400,
                shipped=[tag.name for tag in tags if tag.commit in inside],
                findings=one.findings,
            )
        )
    return found


def _change(name: str, details: Mapping[str, Details], brought: Mapping[str, str]) -> Change:
    one = details[name]
    by = brought.get(name)
    merged = None if by is None or by == name else _change(by, details, {})
    return Change(
        commit=one.id,
        subject=one.subject,
        author=one.author,
        author_email=one.author_email,
        author_date=one.author_date,
        committer=one.committer,
        commit_date=one.commit_date,
        merged=merged,
    )
