# SPDX-License-Identifier: Apache-2.0
"""Installations that the story makes up, so that the funnel has something to count.

Nothing is random: how many of each segment get how far is written down here, so the funnel's
numbers are known before the server is asked.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

STAGES = ("install", "active", "qualified", "trial", "paid")


class Group(NamedTuple):
    """Installations of one segment and how many of them reach each stage."""

    segment: str
    signals: dict[str, int]
    reached: dict[str, int]


GROUPS = (
    # Qualified by their signals, so with their first run.
    Group(
        "enterprise",
        {"seats": 120},
        {"install": 40, "active": 31, "qualified": 31, "trial": 12, "paid": 7},
    ),
    Group(
        "team",
        {"seats": 8},
        {"install": 90, "active": 64, "qualified": 64, "trial": 6, "paid": 2},
    ),
    # Qualified only by asking for something that is sold.
    Group("unknown", {}, {"install": 370, "active": 211, "qualified": 25, "trial": 3, "paid": 1}),
)

_BEGUN = timedelta(days=30)
_STEP = timedelta(hours=20)


def events(now: datetime, product: str) -> Iterator[dict[str, object]]:
    """Yield the events of all groups, as products and the vendor's billing would send them."""
    for group in GROUPS:
        for number in range(group.reached["install"]):
            install = f"made-up-{group.segment}-{number:04}"
            begun = now - _BEGUN + timedelta(minutes=number)
            for stage, name in enumerate(STAGES):
                if number < group.reached[name]:
                    yield _event(group, install, name, begun + stage * _STEP, product)


def _event(group: Group, install: str, stage: str, at: datetime, product: str) -> dict[str, object]:
    event: dict[str, object] = {
        "id": f"{install}-{stage}",
        "install": install,
        "name": "gate-closed" if stage == "qualified" else stage,
        "at": at.isoformat(),
        "product": product,
    }
    if stage == "qualified":
        event["feature"] = "fleet"
    if group.signals:
        event["signals"] = group.signals
    return event


def count(stage: str) -> int:
    """Return how many made-up installations reach a stage."""
    return sum(group.reached[stage] for group in GROUPS)
