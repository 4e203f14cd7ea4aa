# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: S608 - Statements are made of this module's texts and of the manifest's names, which
# are limited to letters, digits and a few signs; what comes from a request is always a parameter.
"""The funnel's counts in SQL, by the rules of ``funnel.rules``.

A chain of ASOF joins: for each event of a stage the nearest one before it that reached the stage
before. The nearest is enough, because if any is within the window, it is. Events are ordered by a
key of time, sequence and stage, so the order is total and one event may show several stages.
"""

from collections.abc import Iterable, Mapping

from coreline.manifest.signals import Signal
from coreline_server.funnel.model import FeatureCount, Question
from coreline_server.funnel.rules import (
    BEFORE,
    CHAIN,
    EVENTS,
    GATES,
    UNKNOWN,
    WITHOUT_WINDOW,
    Segments,
)
from coreline_server.storage.events_duckdb import DuckEvents

# Room for eight stages below each sequence number, and for the sequence below each microsecond.
_KEY = "at_us::HUGEINT * 1152921504606846976 + seq * 8"
_NUMBERS = "('UBIGINT', 'BIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE')"


class DuckFunnel:
    """Implements ``funnel.store.FunnelStore``."""

    def __init__(self, events: DuckEvents) -> None:
        self._events = events

    def stage_counts(
        self, question: Question, segments: Segments
    ) -> Mapping[str, Mapping[str, int]]:
        """Return for each segment how many installs reached each stage."""
        found: dict[str, dict[str, int]] = {}
        with self._events.cursor() as cursor:
            rows = cursor.execute(_stage_sql(segments), _parameters(question)).fetchall()
        for segment, stage, count in rows:
            found.setdefault(segment, {})[stage] = count
        return found

    def feature_counts(self, question: Question) -> list[FeatureCount]:
        """Return for each feature that was asked for how it led on."""
        with self._events.cursor() as cursor:
            rows = cursor.execute(_feature_sql(), _parameters(question)).fetchall()
        return [FeatureCount(*row) for row in rows]


def _parameters(question: Question) -> dict[str, int]:
    return {
        "since": question.since_us,
        "until": question.until_us,
        "longest": question.window_us,
    }


def _stage_sql(segments: Segments) -> str:
    parts = [
        *_seen(),
        *(_fact(stage, segments) for stage in CHAIN),
        *(_reached(stage) for stage in CHAIN),
        *_segment_parts(segments),
    ]
    union = " UNION ALL ".join(
        f"SELECT '{stage}' AS stage, install FROM reached_{stage}" for stage in CHAIN
    )
    return f"""
        WITH {", ".join(parts)}
        SELECT coalesce(segment, '{UNKNOWN}'), stage, count(DISTINCT install)
        FROM ({union}) LEFT JOIN segment_of USING (install) GROUP BY ALL
        UNION ALL
        SELECT coalesce(s.segment, '{UNKNOWN}'), 'download', count(*)
        FROM scoped LEFT JOIN license_segment s USING (license)
        WHERE name = 'download' GROUP BY ALL
    """


def _feature_sql() -> str:
    parts = [
        *_seen(),
        f"""gates AS MATERIALIZED (
            SELECT install, feature, signals, at_us, {_KEY} + 2 AS key FROM seen
            WHERE name IN {_names(GATES)} AND feature IS NOT NULL
        )""",
        "asked AS MATERIALIZED (SELECT DISTINCT install, feature FROM gates)",
        *(
            f"""fact_{stage} AS (
                SELECT install, feature, at_us, {_KEY} + {CHAIN.index(stage)} AS key
                FROM seen_all JOIN asked USING (install) WHERE name = '{stage}'
            )"""
            for stage in ("trial", "paid")
        ),
        _after("trial", "SELECT install, feature, at_us, key FROM gates", ", feature"),
        _after(
            "paid",
            "SELECT install, feature, at_us, key FROM gates"
            " UNION ALL SELECT install, feature, at_us, key FROM reached_trial",
            ", feature",
        ),
    ]
    hit = "greatest(coalesce(try_cast(json_extract(signals, '$.count') AS BIGINT), 1), 1)"
    return f"""
        WITH {", ".join(parts)},
        hits AS (
            SELECT feature, sum({hit})::BIGINT AS hits, count(DISTINCT install) AS installs
            FROM gates GROUP BY feature
        ),
        trials AS (SELECT feature, count(DISTINCT install) AS trial FROM reached_trial GROUP BY 1),
        buys AS (SELECT feature, count(DISTINCT install) AS paid FROM reached_paid GROUP BY 1)
        SELECT feature, hits, installs, coalesce(trial, 0), coalesce(paid, 0)
        FROM hits LEFT JOIN trials USING (feature) LEFT JOIN buys USING (feature) ORDER BY feature
    """


def _seen() -> list[str]:
    """The events in question; those of a license belong to each install that it is linked to."""
    columns = "name, signals, at_us, seq"
    return [
        "scoped AS (SELECT * FROM events WHERE at_us >= $since AND at_us < $until)",
        """links AS MATERIALIZED (
            SELECT DISTINCT license, install FROM events
            WHERE license IS NOT NULL AND install IS NOT NULL AND at_us < $until
        )""",
        f"seen AS (SELECT install, feature, {columns} FROM scoped WHERE install IS NOT NULL)",
        f"""seen_all AS (
            SELECT install, {columns} FROM seen
            UNION ALL
            SELECT links.install, {columns} FROM scoped JOIN links USING (license)
            WHERE scoped.install IS NULL AND name <> 'download'
        )""",
    ]


def _fact(stage: str, segments: Segments) -> str:
    test = f"name IN {_names(EVENTS[stage])}"
    if stage == "qualified":
        signals = [signal for known in segments.values() for signal in known]
        test = _any([test, *(_holds(signal, _value(signal.name)) for signal in signals)])
    return f"""fact_{stage} AS (
        SELECT install, at_us, {_KEY} + {CHAIN.index(stage)} AS key FROM seen_all WHERE {test}
    )"""


def _reached(stage: str) -> str:
    if stage not in BEFORE:
        return f"reached_{stage} AS MATERIALIZED (SELECT * FROM fact_{stage})"
    before = " UNION ALL ".join(f"SELECT * FROM reached_{name}" for name in BEFORE[stage])
    return _after(stage, before, "")


def _after(stage: str, before: str, more: str) -> str:
    """Make the events of a stage that come after one of ``before``, within the window."""
    same = " AND f.feature = p.feature" if more else ""
    window = "" if stage in WITHOUT_WINDOW else "WHERE f.at_us - p.at_us <= $longest"
    return f"""reached_{stage} AS MATERIALIZED (
        SELECT f.install{more and ", f.feature"}, f.at_us, f.key
        FROM fact_{stage} f ASOF JOIN ({before}) p
        ON f.install = p.install{same} AND f.key > p.key {window}
    )"""


def _segment_parts(segments: Segments) -> Iterable[str]:
    names = sorted({signal.name for known in segments.values() for signal in known})
    column = {name: f"signal_{number}" for number, name in enumerate(names)}
    newest = "".join(
        # What arg_max takes the value of is never an event that lacks the signal.
        f", arg_max({_value(name)}, {_KEY}) AS {column[name]}"
        for name in names
    )
    # The last segment that matches wins, so it is asked first.
    cases = "".join(
        f" WHEN {_any(_holds(signal, column[signal.name]) for signal in known)} THEN '{name}'"
        for name, known in reversed(list(segments.items()))
        if known
    )
    choice = f"CASE{cases} END" if cases else "NULL::VARCHAR"
    return [
        f"""license_segment AS MATERIALIZED (
            SELECT license, arg_max(segment, key) AS segment, max(key) AS key
            FROM (SELECT license, segment, {_KEY} AS key FROM events
                WHERE segment IS NOT NULL AND at_us < $until)
            GROUP BY license
        )""",
        f"""told AS (
            SELECT install{newest} FROM events
            WHERE install IS NOT NULL AND at_us < $until GROUP BY install
        )""",
        """bought AS (
            SELECT install, arg_max(segment, key) AS segment
            FROM links JOIN license_segment USING (license) GROUP BY install
        )""",
        f"""segment_of AS MATERIALIZED (
            SELECT install, coalesce(bought.segment, {choice}) AS segment
            FROM told LEFT JOIN bought USING (install)
        )""",
    ]


def _value(name: str) -> str:
    return f"""json_extract(signals, '$."{name}"')"""


def _holds(signal: Signal, value: str) -> str:
    """Say in SQL what ``Signal.holds`` says."""
    number = f"json_type({value}) IN {_NUMBERS}"
    if signal.comparison is not None and signal.number is not None:
        sign = "=" if signal.comparison == "==" else signal.comparison
        return (
            f"(CASE WHEN {number} THEN {value}::DOUBLE {sign} {signal.number!r}::DOUBLE"
            " ELSE false END)"
        )
    return (
        f"(CASE WHEN {number} THEN {value}::DOUBLE <> 0 WHEN {value} IS NULL THEN false"
        f" ELSE {value}::VARCHAR NOT IN ('false', '\"\"') END)"
    )


def _any(tests: Iterable[str]) -> str:
    return " OR ".join(tests)


def _names(names: Iterable[str]) -> str:
    return "(" + ", ".join(f"'{name}'" for name in names) + ")"
