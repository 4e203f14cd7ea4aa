# SPDX-License-Identifier: Apache-2.0
"""Episodes: connected commits that are broken, from their parents and findings alone."""

import pytest

from coreline.boundary.history.episodes import AREAS, episodes_of, lives_of, merged_by
from coreline.boundary.history.model import Point, Record, Seen
from coreline.boundary.model import Kind
from coreline.manifest.model import Grade
from coreline.sources.commits import Commit


def seen(name: str, kind: Kind = "static", grade: Grade = "broken") -> Seen:
    return Seen(name, "references", kind, grade, "a.py", 1, (name,), None, "")


def history(*rows: tuple[str, str, str]) -> tuple[list[Commit], Record]:
    """Make commits of their names, their parents and their findings, one letter each."""
    findings = [seen("x"), seen("y"), seen("t", "test"), seen("g", grade="tight")]
    numbers = {one.fingerprint: index for index, one in enumerate(findings)}
    record = Record(findings=findings)
    commits = []
    for index, (name, parents, found) in enumerate(rows):
        commits.append(Commit(name, "", index * 86_400, tuple(parents)))
        record.judgements.append(tuple(numbers[one] for one in found))
        record.points[name] = Point(index, 0, 0, 0, 0)
    return commits, record


def test_a_line_that_broke_and_was_mended_twice_has_two_episodes() -> None:
    rows = history(("a", "", ""), ("b", "a", "x"), ("c", "b", ""), ("d", "c", "xy"), ("e", "d", ""))
    first, second = episodes_of(*rows, "code")
    assert (first.broke, first.mended, first.commits) == (["b"], ["c"], ["b"])
    assert (second.broke, second.mended, second.findings) == (["d"], ["e"], [0, 1])


def test_another_break_while_it_is_broken_is_the_same_episode_but_a_life_of_its_own() -> None:
    rows = history(("a", "", "x"), ("b", "a", "xy"), ("c", "b", "y"), ("d", "c", ""))
    (one,) = episodes_of(*rows, "code")
    assert (one.broke, one.mended) == (["a"], ["d"])
    lives = lives_of(*rows)
    assert [(life.broke, life.mended) for life in lives[0]] == [(["a"], ["c"])]
    assert [(life.broke, life.mended) for life in lives[1]] == [(["b"], ["d"])]


def test_two_branches_that_broke_apart_and_met_are_one_episode() -> None:
    rows = history(
        ("a", "", ""), ("b", "a", "x"), ("c", "a", "x"), ("m", "bc", "x"), ("d", "m", "")
    )
    (one,) = episodes_of(*rows, "code")
    assert (one.broke, one.mended, one.commits) == (["b", "c"], ["d"], ["b", "c", "m"])


def test_a_branch_that_was_whole_ends_it_by_a_merge_only_where_no_commit_mended_it() -> None:
    merged = history(("a", "", ""), ("b", "a", "x"), ("c", "a", ""), ("m", "bc", ""))
    (one,) = episodes_of(*merged, "code")
    assert (one.mended, one.left) == ([], ["m"])
    mended = history(
        ("a", "", ""), ("b", "a", "x"), ("c", "a", ""), ("f", "b", ""), ("m", "bc", "")
    )
    (one,) = episodes_of(*mended, "code")
    assert (one.mended, one.left) == (["f"], [])


def test_what_a_missing_parent_broke_is_told_of_the_oldest_commit_there() -> None:
    (one,) = episodes_of(*history(("b", "a", "x"), ("c", "b", "x")), "code")
    assert (one.broke, one.mended) == (["b"], [])


@pytest.mark.parametrize("area", AREAS)
def test_areas_are_apart_and_what_is_tight_breaks_none(area: str) -> None:
    rows = history(("a", "", "g"), ("b", "a", "tg"))
    found = episodes_of(*rows, area)  # type: ignore[arg-type]  # One of the areas.
    assert [one.commits for one in found] == ([["b"]] if area == "tests" else [])


def test_the_main_line_brings_what_its_merges_bring() -> None:
    commits, _ = history(
        ("a", "", ""),
        ("b", "a", ""),
        ("s", "a", ""),
        ("t", "s", ""),
        ("m", "bt", ""),
        ("z", "m", ""),
    )
    brought = merged_by(commits, "z")
    assert brought == {"a": "a", "b": "b", "m": "m", "s": "m", "t": "m", "z": "z"}
