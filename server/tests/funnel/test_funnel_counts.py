# SPDX-License-Identifier: Apache-2.0
"""The SQL of the funnel against a slow program that says the same rules in another way."""

import itertools

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.manifest.signals import parse_signal
from coreline_server.funnel.model import FeatureCount, Question
from coreline_server.funnel.rules import segment_of
from coreline_server.storage.events_duckdb import DuckEvents
from coreline_server.storage.funnel_duckdb import DuckFunnel
from coreline_server.telemetry.model import Stored

SEGMENTS = {
    "individual": (),
    "team": (parse_signal("seats >= 5"), parse_signal("ci")),
    "enterprise": (parse_signal("seats >= 50"), parse_signal("s.so"), parse_signal("nodes != 3")),
}
GATES = {"gate", "gate-open", "gate-closed"}
LONGEST = 4


class Oracle:
    """Walks every chain of events one by one, in plain Python."""

    def __init__(self, events, question):
        numbered = sorted(
            ((event.at_us, position, event) for position, event in enumerate(events)),
            key=lambda item: item[:2],
        )
        past = [item for item in numbered if item[2].at_us < question.until_us]
        self.window = question.window_us
        self.license_segment = {}
        for _, _, event in past:
            if event.segment is not None:
                self.license_segment.pop(event.license, None)
                self.license_segment[event.license] = event.segment
        self.installs = {event.install for _, _, event in past if event.install}
        self.licenses = {
            install: {e.license for _, _, e in past if e.install == install and e.license}
            for install in self.installs
        }
        self.past = past
        self.scoped = [item for item in past if item[2].at_us >= question.since_us]

    def of(self, install):
        for at_us, position, event in self.scoped:
            own = event.install == install
            bought = event.install is None and event.license in self.licenses[install]
            if own or (bought and event.name != "download"):
                yield at_us, position, event

    @staticmethod
    def shows(event):
        """Yield the stages that one event shows, as numbers from 0 for install."""
        qualifies = segment_of(event.signals or {}, SEGMENTS) is not None
        if event.name == "install":
            yield 0
        if event.name in {"active"} | GATES:
            yield 1
        if event.name in {"trial", "paid"} | GATES or qualifies:
            yield 2
        if event.name in ("trial", "paid", "renewed"):
            yield 3 + ("trial", "paid", "renewed").index(event.name)

    def reached(self, install):
        """Return the stages that an install reached, trying every event after every event."""
        shown = [
            (at_us, position, stage)
            for at_us, position, event in self.of(install)
            for stage in self.shows(event)
        ]
        before = {1: {0}, 2: {1}, 3: {2}, 4: {2, 3}, 5: {4}}
        good = {fact for fact in shown if fact[2] == 0}
        changed = True
        while changed:
            changed = False
            for fact, earlier in itertools.product(shown, list(good)):
                if (
                    fact not in good
                    and earlier[2] in before.get(fact[2], ())
                    and earlier < fact
                    and (fact[2] == 5 or fact[0] - earlier[0] <= self.window)
                ):
                    good.add(fact)
                    changed = True
        return {stage for _, _, stage in good}

    def segment(self, install):
        bought = [
            segment
            for license_id, segment in self.license_segment.items()
            if license_id in self.licenses[install]
        ]
        if bought:
            return bought[-1]
        values = {}
        for _, _, event in self.past:
            if event.install == install:
                values |= event.signals or {}
        return segment_of(values, SEGMENTS) or "unknown"

    def stage_counts(self):
        names = ("install", "active", "qualified", "trial", "paid", "renewed")
        counts = {}
        for install in self.installs:
            for stage in self.reached(install):
                row = counts.setdefault(self.segment(install), {})
                row[names[stage]] = row.get(names[stage], 0) + 1
        for _, _, event in self.scoped:
            if event.name == "download":
                row = counts.setdefault(self.license_segment.get(event.license, "unknown"), {})
                row["download"] = row.get("download", 0) + 1
        return counts

    def feature_counts(self):
        found = []
        gates = [e for _, _, e in self.scoped if e.install and e.name in GATES and e.feature]
        for feature in sorted({event.feature for event in gates}):
            asked = [event for event in gates if event.feature == feature]
            counts = [(event.signals or {}).get("count", 1) for event in asked]
            hits = sum(max(int(count), 1) for count in counts)
            installs = {event.install for event in asked}
            after = [self.after_gate(install, feature) for install in installs]
            numbers = [sum(name in names for names in after) for name in ("trial", "paid")]
            found.append(FeatureCount(feature, hits, len(installs), *numbers))
        return found

    def after_gate(self, install, feature):
        items = list(self.of(install))

        def near(first, then):
            return first[:2] < then[:2] and then[0] - first[0] <= self.window

        gates = [
            item
            for item in items
            if item[2].install and item[2].name in GATES and item[2].feature == feature
        ]
        trials = [
            item
            for item in items
            if item[2].name == "trial" and any(near(gate, item) for gate in gates)
        ]
        paid = [
            item
            for item in items
            if item[2].name == "paid" and any(near(first, item) for first in gates + trials)
        ]
        return ({"trial"} if trials else set()) | ({"paid"} if paid else set())


def load(folder, events, store=None, number=1):
    """Put events into a store in the order in which they arrived."""
    store = store or DuckEvents(folder / "events.duckdb")
    path = folder / f"{number:012d}.ndjson"
    lines = [
        b'{"seq":%d,%b\n' % (1 << 24 | position, msgspec.json.encode(event)[1:])
        for position, event in enumerate(events)
    ]
    path.write_bytes(b"".join(lines))
    store.load([(number, path)])
    return store


SIGNALS = st.dictionaries(
    st.sampled_from(["seats", "ci", "s.so", "nodes", "other"]),
    st.sampled_from([0, 1, 3, 4.5, 5, 50, 60, True, False, "", "yes", "50", "false"]),
    max_size=2,
)


NAMES = [
    *("install", "active", "gate", "gate-open", "trial", "paid", "renewed"),
    *("download", "activated", "other"),
]


@st.composite
def histories(draw):
    events = []
    for number in range(draw(st.integers(0, 25))):
        name = draw(st.sampled_from(NAMES))
        events.append(
            Stored(
                id=f"e{number}",
                name=name,
                at_us=draw(st.integers(0, 12)),
                install=draw(st.sampled_from(["a", "b", None])) if name != "download" else None,
                feature=draw(st.sampled_from(["fleet", "sso", None])),
                license=draw(st.sampled_from([None, "L1", "L2"])),
                segment=draw(st.sampled_from([None, None, "enterprise", "gone"])),
                signals=draw(SIGNALS) or None,
            )
        )
    return [
        event if event.license else msgspec.structs.replace(event, segment=None) for event in events
    ]


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Return one store for all examples, and numbers for their segments."""
    folder = tmp_path_factory.mktemp("funnel")
    store = DuckEvents(folder / "events.duckdb")
    yield folder, store, itertools.count(1)
    store.close()


@given(histories(), st.integers(0, 3), st.integers(8, 13))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_sql_and_oracle_agree(shared, events, since, until):
    folder, store, numbers = shared
    question = Question(since, until, LONGEST)
    store.forget(2**62)
    load(folder, events, store, next(numbers))
    funnel, oracle = DuckFunnel(store), Oracle(events, question)
    assert funnel.stage_counts(question, SEGMENTS) == oracle.stage_counts()
    assert funnel.feature_counts(question) == oracle.feature_counts()


ALL = Question(0, 10**18, 14)
VALUES = [0, 1, 49, 50, 50.5, 51, -1, 0.0, 1e15, True, False, "", "x", "50", "0", "false", None]


@pytest.mark.parametrize(
    "text", ["n", *(f"n {sign} 50" for sign in (">=", "<=", "==", "!=", ">", "<")), "n > 0.5"]
)
def test_signals_mean_in_sql_what_they_mean_in_the_manifest(tmp_path, text):
    signal = parse_signal(text)
    values = {f"i{number}": value for number, value in enumerate(VALUES)}
    store = load(
        tmp_path,
        [
            Stored(id=install, install=install, name="install", at_us=1, signals={"n": value})
            for install, value in values.items()
            if value is not None
        ],
    )
    found = DuckFunnel(store).stage_counts(ALL, {"matching": (signal,)})
    store.close()
    expected = sum(signal.holds({"n": value}) for value in VALUES if value is not None)
    assert found.get("matching", {}).get("install", 0) == expected
    assert 0 < expected < len(values)


@pytest.fixture
def counts(tmp_path):
    """Count the stages of one install's events, given as (name, time)."""

    def count(*events, question=ALL):
        stored = [
            Stored(id=f"e{number}", install="a", name=name, at_us=at_us)
            for number, (name, at_us) in enumerate(events)
        ]
        store = load(tmp_path, stored)
        try:
            return DuckFunnel(store).stage_counts(question, {}).get("unknown", {})
        finally:
            store.close()

    return count


def test_a_gate_shows_active_and_qualified(counts):
    assert counts(("install", 1), ("gate", 2)) == {"install": 1, "active": 1, "qualified": 1}


def test_a_stage_before_its_predecessor_does_not_count(counts):
    assert counts(("active", 1), ("install", 2)) == {"install": 1}


def test_the_order_of_arrival_decides_at_the_same_time(counts):
    assert counts(("active", 1), ("install", 1)) == {"install": 1}


def test_and_the_other_way_round(counts):
    assert counts(("install", 1), ("active", 1)) == {"install": 1, "active": 1}


@pytest.mark.parametrize(("at_us", "reached"), [(15, 1), (16, 0)])
def test_the_window_includes_its_end(counts, at_us, reached):
    assert counts(("install", 1), ("active", at_us)).get("active", 0) == reached


def test_the_window_runs_from_stage_to_stage_by_any_event_of_a_stage(counts):
    """The first ``active`` is too early for the gate, the second is not."""
    events = [("install", 0), ("active", 1), ("active", 13), ("gate-closed", 20)]
    assert counts(*events)["qualified"] == 1


def test_a_purchase_without_a_trial_counts_and_a_renewal_has_no_window(counts):
    found = counts(("install", 0), ("active", 1), ("paid", 2), ("renewed", 10**9))
    assert found == {"install": 1, "active": 1, "qualified": 1, "paid": 1, "renewed": 1}
