# SPDX-License-Identifier: Apache-2.0
"""Put counts into the report that people and scripts read."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from coreline.manifest.model import Manifest
from coreline_server.funnel.model import (
    By,
    FeatureCount,
    FunnelReport,
    FunnelRow,
    Question,
    StageCount,
)
from coreline_server.funnel.rules import BEFORE, CHAIN, STAGES, UNKNOWN, segments
from coreline_server.funnel.store import FunnelStore

FEATURE_STAGES = ("gate", "trial", "paid")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def report(
    store: FunnelStore,
    manifest: Manifest,
    *,
    by: By,
    since: datetime,
    until: datetime,
    window: timedelta,
) -> FunnelReport:
    """Answer a question about the funnel. Takes as long as the store does.

    Args:
        store: counts.
        manifest: names the segments and the features.
        by: what a row is.
        since, until: which events count: from ``since`` on, before ``until``.
        window: the longest time from one stage to the next.
    """
    question = Question(
        since_us=(since - _EPOCH) // _MICROSECOND,
        until_us=(until - _EPOCH) // _MICROSECOND,
        window_us=window // _MICROSECOND,
    )
    counts = store.stage_counts(question, segments(manifest))
    if by == "segment":
        rows = _segment_rows(counts, manifest)
    else:
        rows = _feature_rows(store.feature_counts(question), manifest)
    total = {stage: sum(stages.get(stage, 0) for stages in counts.values()) for stage in STAGES}
    return FunnelReport(
        by=by,
        since=since,
        until=until,
        window_days=window / timedelta(days=1),
        stages=stage_counts(total),
        rows=rows,
    )


def stage_counts(counts: Mapping[str, int]) -> list[StageCount]:
    """Give each stage its shares: of the installs, and of the stage before."""
    found = []
    for stage in STAGES:
        count = counts.get(stage, 0)
        # A trial may be skipped, so the stage before ``paid`` is the one that cannot be.
        before = BEFORE[stage][0] if stage in BEFORE else None
        conversion = _share(count, counts.get("install", 0)) if stage in CHAIN else None
        step = _share(count, counts.get(before, 0)) if before else None
        found.append(StageCount(stage, count, conversion, step))
    return found


def _segment_rows(counts: Mapping[str, Mapping[str, int]], manifest: Manifest) -> list[FunnelRow]:
    others = sorted(counts.keys() - manifest.segments.keys() - {UNKNOWN})
    names = [*manifest.segments, *others, *([UNKNOWN] if UNKNOWN in counts else [])]
    return [FunnelRow(name, stage_counts(counts.get(name, {}))) for name in names]


def _feature_rows(counts: list[FeatureCount], manifest: Manifest) -> list[FunnelRow]:
    by_name = {count.feature: count for count in counts}
    sold = [name for name, feature in manifest.features.items() if feature.side == "wrap"]
    names = [*sold, *sorted(by_name.keys() - set(sold))]
    return [_feature_row(by_name.get(name, FeatureCount(name, 0, 0, 0, 0))) for name in names]


def _feature_row(count: FeatureCount) -> FunnelRow:
    numbers = (count.installs, count.trial, count.paid)
    stages = [
        StageCount(stage, number, _share(number, count.installs), _share(number, before))
        for stage, number, before in zip(
            FEATURE_STAGES, numbers, (0, count.installs, count.installs), strict=True
        )
    ]
    return FunnelRow(count.feature, stages, hits=count.hits)


def _share(count: int, whole: int) -> float | None:
    return round(count / whole, 6) if whole else None
