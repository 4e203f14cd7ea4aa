# SPDX-License-Identifier: Apache-2.0
"""Batches of events: what is taken, what is dropped, what is refused and where."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.errors import InputError
from coreline_server.telemetry.model import Event, Stored
from coreline_server.telemetry.rules import (
    BODY_BYTES_MAX,
    LINES_MAX,
    EventsInvalidError,
    downloaded,
    inflate,
    microseconds,
    parse_events,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def event(**fields):
    return {
        "id": "e1",
        "install": "i1",
        "name": "active",
        "at": "2026-11-24T11:59:59.000001Z",
        "product": "converge",
        **fields,
    }


def parse(*events, is_array=False, vendor=False):
    texts = [item if isinstance(item, str) else json.dumps(item) for item in events]
    body = f"[{','.join(texts)}]" if is_array else "\n".join(texts)
    return parse_events(
        body.encode(), is_array=is_array, product="converge", now=NOW, vendor=vendor
    )


@pytest.mark.parametrize("is_array", [False, True])
def test_what_is_not_known_is_dropped_and_signals_are_kept(is_array):
    sent = event(ip="10.0.0.1", user={"name": "x"}, signals={"seats": 60, "unheard-of": "yes"})
    (stored,) = parse(sent, is_array=is_array)
    assert stored == Stored(
        id="e1",
        install="i1",
        name="active",
        at_us=microseconds(datetime(2026, 11, 24, 11, 59, 59, 1, UTC)),
        signals={"seats": 60, "unheard-of": "yes"},
    )
    assert b"10.0.0.1" not in msgspec.json.encode(stored)


def test_any_zone_is_the_same_moment():
    zones = ["2026-03-29T01:30:00Z", "2026-03-29T03:30:00+02:00", "2026-03-28T20:30:00-05:00"]
    assert len({stored.at_us for stored in parse(*(event(at=zone) for zone in zones))}) == 1


def test_a_clock_that_runs_far_ahead_is_set_to_the_arrival():
    soon, far = parse(event(at="2026-11-25T11:00:00Z"), event(at="2031-01-01T00:00:00Z"))
    assert soon.at_us == microseconds(NOW + timedelta(hours=23))
    assert far.at_us == microseconds(NOW)


def test_all_or_nothing_with_every_place():
    with pytest.raises(EventsInvalidError) as caught:
        parse(event(), "{", "", event(name="Loud"), event(at="2026-11-24T12:00:00"))
    assert [place for place, _ in caught.value.mistakes] == ["line 2", "line 4", "line 5"]
    assert caught.value.sentence.startswith("3 of 4 events are wrong, the first at line 2")


@pytest.mark.parametrize(
    "fields",
    [
        {"id": ""},
        {"id": "x" * 101},
        {"id": 7},
        {"install": "a b"},
        {"install": None},
        {"product": "other"},
        {"feature": "x\u0000"},
        {"version": "1 or 2"},
        {"license": "'; DROP TABLE events"},
        {"signals": {"seats": [1]}},
        {"signals": {"seats": None}},
        {"signals": {'x"y': 1}},
        {"signals": {"n": 2**53 + 1}},
        {"signals": {"n": "a\u0000b"}},
        {"signals": {"n": "x" * 257}},
        {"signals": {f"n{number}": 1 for number in range(65)}},
        {"signals": [1]},
    ],
)
def test_wrong_fields_are_refused(fields):
    with pytest.raises(EventsInvalidError):
        parse(event(**fields))


@pytest.mark.parametrize("name", ["trial", "paid", "renewed", "download", "activated"])
def test_a_product_cannot_claim_what_only_the_vendor_knows(name):
    with pytest.raises(EventsInvalidError, match="vendor's server alone"):
        parse(event(name=name))
    assert parse(event(name=name), vendor=True)[0].name == name


def test_too_many_and_no_array_are_refused():
    for body, is_array, code in (
        (b"1\n" * (LINES_MAX + 1), False, "events-too-large"),
        (b"[1,", True, "events-invalid"),
        (b"{}", True, "events-invalid"),
        (b"\xff\xfe", False, "events-invalid"),
    ):
        with pytest.raises(InputError) as caught:
            parse_events(body, is_array=is_array, product="converge", now=NOW)
        assert caught.value.code == code
    assert parse_events(b"\n \n", is_array=False, product="converge", now=NOW) == []


def test_gzip_is_bounded():
    assert inflate(gzip.compress(b"x" * BODY_BYTES_MAX)) == b"x" * BODY_BYTES_MAX
    for body, code in (
        (gzip.compress(b"x" * (BODY_BYTES_MAX + 1)), "events-too-large"),
        (gzip.compress(b"\0" * (1 << 26)), "events-too-large"),
        (gzip.compress(b"xyz")[:-1], "events-invalid"),
        (gzip.compress(b"x") + b"more", "events-invalid"),
        (b"plain", "events-invalid"),
        (b"", "events-invalid"),
    ):
        with pytest.raises(InputError) as caught:
            inflate(body)
        assert caught.value.code == code


def test_a_core_download_keeps_no_time_of_day():
    core = downloaded("d1", "converge", "1.0", None, NOW)
    wrap = downloaded("d2", "converge-enterprise", "1.0", "LIC-1", NOW)
    assert (core.at_us % 86_400_000_000, core.license, core.install) == (0, None, None)
    assert (wrap.at_us, wrap.license) == (microseconds(NOW), "LIC-1")


@given(st.binary(max_size=200), st.booleans())
@settings(max_examples=300, deadline=None, derandomize=True)
def test_no_bytes_do_more_than_be_refused(body, is_array):
    try:
        parse_events(body, is_array=is_array, product="converge", now=NOW)
    except InputError as error:
        refused = error.code
    else:
        refused = "events-invalid"
    assert refused == "events-invalid"


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@given(st.dictionaries(TEXTS, TEXTS | st.booleans() | st.floats(allow_nan=False), max_size=3))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_what_is_taken_is_what_the_model_allows(signals):
    try:
        (stored,) = parse(event(signals=signals))
    except EventsInvalidError:
        return
    text = msgspec.json.encode(event(signals=stored.signals or {}))
    assert msgspec.json.decode(text, type=Event).signals == signals
