# SPDX-License-Identifier: Apache-2.0
"""The made-up installations are what they say they are."""

from collections import Counter
from datetime import UTC, datetime

from coreline.cli.demo.population import GROUPS, STAGES, count, events

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_as_many_events_as_written_down_each_with_its_own_id() -> None:
    made_up = list(events(NOW, "converge"))
    names = Counter("qualified" if e["name"] == "gate-closed" else e["name"] for e in made_up)
    assert names == {stage: count(stage) for stage in STAGES}
    assert len({event["id"] for event in made_up}) == len(made_up)


def test_each_stage_has_no_more_than_the_one_before() -> None:
    for group in GROUPS:
        reached = [group.reached[stage] for stage in STAGES]
        assert reached == sorted(reached, reverse=True)


def test_all_of_it_is_in_the_past() -> None:
    assert max(str(event["at"]) for event in events(NOW, "converge")) < NOW.isoformat()
