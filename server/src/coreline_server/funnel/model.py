# SPDX-License-Identifier: Apache-2.0
"""A question about the funnel, and its answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from msgspec import Struct

By = Literal["segment", "feature"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        since_us: events from then on count; microseconds since 1970, UTC.
        until_us: events before then count.
        window_us: the longest time from one stage to the next, in microseconds.
    """

    since_us: int
    until_us: int
    window_us: int


@dataclass(frozen=True, slots=True)
class FeatureCount:
    """How a feature's gates led on.

    Attributes:
        hits: how often its gates were asked.
        installs: how many installs asked them.
        trial, paid: how many of these started a trial, or bought, within the window after it.
    """

    feature: str
    hits: int
    installs: int
    trial: int
    paid: int


class StageCount(Struct, frozen=True):
    """One stage of a row.

    Attributes:
        stage: its name.
        count: how many installs reached it; for ``download``, how many files were downloaded.
        conversion: the share of the row's first stage with installs; null without any.
        step: the share of the stage before; null where there is none, or nobody in it.
    """

    stage: str
    count: int
    conversion: float | None
    step: float | None


class FunnelRow(Struct, frozen=True):
    """One segment or one feature.

    Attributes:
        hits: of a feature: how often its gates were asked.
    """

    name: str
    stages: list[StageCount]
    hits: int | None = None


class FunnelReport(Struct, frozen=True, kw_only=True):
    """The answer: the stages of all installs, and the rows."""

    by: By
    since: datetime
    until: datetime
    window_days: float
    stages: list[StageCount]
    rows: list[FunnelRow]
