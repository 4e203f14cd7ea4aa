# SPDX-License-Identifier: Apache-2.0
"""When the line broke and when it was mended: from commits and their findings, nothing else.

An episode is a part of the history in which every commit needs the wrap in the same area: commits
that are connected, each broken. It begins where no parent was broken, and it is mended where a
commit is whole and all its parents were not.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from coreline.boundary.history.model import Record, Seen
from coreline.sources.commits import Commit

Area = Literal["code", "names", "build", "tests"]
AREAS: tuple[Area, ...] = ("code", "names", "build", "tests")


class Episode(Struct, kw_only=True):
    """A part of the history in which the line was broken."""

    area: Area
    broke: list[str]
    """The commits that broke it: the parents of each were whole, or it has none."""
    mended: list[str]
    """The commits that mended it: all parents of each were broken."""
    left: list[str]
    """Merges in which a whole side won over a broken one, where no commit mended it."""
    commits: list[str]
    """Every commit in which it was broken, parents first."""
    findings: list[int]
    """What was found in any of them, by the numbers of the record."""


def area_of(seen: Seen) -> Area:
    """Return what a finding breaks: what code imports, what it reads by a name (a setting that
    only a wrap defines), how it is built, or its tests."""
    if seen.kind == "test":
        return "tests"
    if seen.kind == "name":
        return "names"
    return "build" if seen.kind in ("build", "overlay", "link") else "code"


def broken_by_area(record: Record) -> list[Mapping[Area, tuple[int, ...]]]:
    """Return, for each judgement of a record, the findings that break each area."""
    areas = [area_of(seen) if seen.grade == "broken" else None for seen in record.findings]
    rows: list[Mapping[Area, tuple[int, ...]]] = []
    for numbers in record.judgements:
        found: dict[Area, list[int]] = defaultdict(list)
        for number in numbers:
            area = areas[number]
            if area is not None:
                found[area].append(number)
        rows.append({area: tuple(some) for area, some in found.items()})
    return rows


def episodes_of(commits: Sequence[Commit], record: Record, area: Area) -> list[Episode]:
    """Return the episodes of an area, in the order of their beginnings.

    Args:
        commits: parents first; a parent may be missing (a shallow clone).
        record: has a point for each.
        area: which findings count.
    """
    rows = broken_by_area(record)
    broken = {
        one.id: rows[point.judgement][area]
        for one in commits
        if area in rows[(point := record.points[one.id]).judgement]
    }
    return _episodes(commits, broken, area)


def lives_of(commits: Sequence[Commit], record: Record) -> dict[int, list[Episode]]:
    """Return the episodes of each finding that breaks something, by its number.

    Args:
        commits: parents first.
        record: has a point for each.
    """
    found: dict[int, dict[str, tuple[int, ...]]] = defaultdict(dict)
    for one in commits:
        for number in record.numbers(one.id):
            if record.findings[number].grade == "broken":
                found[number][one.id] = (number,)
    return {
        number: _episodes(commits, broken, area_of(record.findings[number]))
        for number, broken in sorted(found.items())
    }


def _episodes(
    commits: Sequence[Commit], broken: Mapping[str, tuple[int, ...]], area: Area
) -> list[Episode]:
    known = {one.id for one in commits}
    groups = _Groups()
    for one in commits:
        if one.id in broken:
            groups.join(one.id, [parent for parent in one.parents if parent in broken])
    episodes: dict[str, Episode] = {}
    for one in commits:
        parents = [parent for parent in one.parents if parent in known]
        if one.id in broken:
            _lengthen(episodes, groups.of(one.id), area, one.id, broken, parents)
        else:
            _end(episodes, groups, one.id, broken, parents)
    for episode in episodes.values():
        if episode.mended:
            episode.left.clear()
    return list(episodes.values())


def _lengthen(
    episodes: dict[str, Episode],
    group: str,
    area: Area,
    commit: str,
    broken: Mapping[str, tuple[int, ...]],
    parents: Sequence[str],
) -> None:
    if group not in episodes:
        episodes[group] = Episode(area=area, broke=[], mended=[], left=[], commits=[], findings=[])
    episode = episodes[group]
    episode.commits.append(commit)
    episode.findings = list(dict.fromkeys([*episode.findings, *broken[commit]]))
    if not any(parent in broken for parent in parents):
        episode.broke.append(commit)


def _end(
    episodes: Mapping[str, Episode],
    groups: "_Groups",
    commit: str,
    broken: Iterable[str],
    parents: Sequence[str],
) -> None:
    were = [parent for parent in parents if parent in broken]
    for group in dict.fromkeys(groups.of(parent) for parent in were):
        episode = episodes[group]
        (episode.mended if len(were) == len(parents) else episode.left).append(commit)


class _Groups:
    """Commits that are connected, as sets that grow together."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, commit: str) -> str:
        """Return the commit that stands for a group."""
        top = commit
        while self._above[top] != top:
            top = self._above[top]
        while self._above[commit] != top:
            self._above[commit], commit = top, self._above[commit]
        return top

    def join(self, commit: str, others: Iterable[str]) -> None:
        """Add a commit to the groups of others, which become one."""
        self._above[commit] = commit
        for other in others:
            self._above[self.of(commit)] = self.of(other)


def merged_by(commits: Sequence[Commit], head: str) -> dict[str, str]:
    """Return the commit of the main line (first parents from the head) that brought each commit.

    A commit of the main line brought itself.
    """
    by_id = {one.id: one for one in commits}
    main: list[str] = []
    at: str | None = head
    while at is not None and at in by_id:
        main.append(at)
        parents = by_id[at].parents
        at = parents[0] if parents else None
    brought: dict[str, str] = {}
    for commit in reversed(main):
        waiting = [commit]
        while waiting:
            one = waiting.pop()
            if one in by_id and one not in brought:
                brought[one] = commit
                waiting.extend(by_id[one].parents)
    return brought
