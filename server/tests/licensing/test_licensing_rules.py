# SPDX-License-Identifier: Apache-2.0
"""What follows from a license and the time."""

import pytest

from coreline.errors import InputError
from coreline_server.licensing import pages, rules
from coreline_server.licensing.model import Activation, License, Status

DAY = 86_400


def license_(**fields: object) -> License:
    values: dict[str, object] = {
        "id": "LIC-1",
        "customer": "CUS-1",
        "edition": "enterprise",
        "features": ["fleet"],
        "seats": 2,
        "trial": False,
        "starts": 10 * DAY,
        "expires": 20 * DAY,
        "grace_days": 5,
        "created_at": 10 * DAY,
    }
    return License(**{**values, **fields})  # type: ignore[arg-type] # The fields of a test.


@pytest.mark.parametrize(
    ("now", "fields", "status"),
    [
        (10 * DAY - 1, {}, "scheduled"),
        (10 * DAY, {}, "active"),
        (20 * DAY - 1, {}, "active"),
        (15 * DAY, {"trial": True}, "trial"),
        (20 * DAY, {}, "grace"),
        (25 * DAY - 1, {}, "grace"),
        (25 * DAY, {}, "expired"),
        (20 * DAY, {"grace_days": 0}, "expired"),
        (15 * DAY, {"revoked_at": 12 * DAY}, "revoked"),
        (30 * DAY, {"revoked_at": 12 * DAY}, "revoked"),
    ],
)
def test_status(now: int, fields: dict[str, object], status: Status) -> None:
    assert rules.status(license_(**fields), now) == status


@pytest.mark.parametrize(
    ("now", "fields", "code"),
    [
        (0, {}, "license-not-started"),
        (25 * DAY, {}, "license-expired"),
        (15 * DAY, {"revoked_at": 12 * DAY, "reason": "charge back"}, "license-revoked"),
    ],
)
def test_a_dead_license_is_refused_with_the_reason(
    now: int, fields: dict[str, object], code: str
) -> None:
    with pytest.raises(InputError) as caught:
        rules.require_live(license_(**fields), now)
    assert caught.value.code == code
    assert "1970-01" in caught.value.sentence
    assert str(fields.get("reason", "")) in caught.value.sentence


def test_days_left_round_up_and_end_at_nothing() -> None:
    assert rules.days_left(license_(), 20 * DAY - 1) == 1
    assert rules.days_left(license_(), 10 * DAY) == 10
    assert rules.days_left(license_(), 21 * DAY) == 0
    assert rules.days_left(license_(revoked_at=1), 10 * DAY) == 0


@pytest.mark.parametrize(
    ("wanted", "end"), [(None, 15 * DAY + 100), (60, 15 * DAY + 60), (10**9, 15 * DAY + 100)]
)
def test_a_lease_is_as_long_as_asked_up_to_the_limit(wanted: int | None, end: int) -> None:
    assert rules.lease_end(license_(), 15 * DAY, wanted, 100) == end


def test_a_lease_never_outlives_the_license() -> None:
    assert rules.lease_end(license_(), 25 * DAY - 10, None, 100) == 25 * DAY


def test_the_refusal_of_a_seat_names_the_oldest() -> None:
    seat = Activation(
        id="ACT-1",
        license="LIC-1",
        fingerprint="f",
        name="build-7",
        created_at=0,
        seen_at=0,
        lease_seconds=60,
        expires_at=60,
    )
    error = rules.seats_exhausted(license_(), [seat])
    assert error.code == "seats-exhausted"
    assert "build-7 (ACT-1, last seen 1970-01-01 00:00Z)" in error.hint


def test_cursors_come_back_and_others_are_refused() -> None:
    cursor = pages.Cursor(1_700_000_000, "LIC-ABC")
    assert pages.decode(pages.encode(cursor)) == cursor
    assert pages.decode(None) is None
    for text in ("", "é", "AAAA", "====", pages.encode(pages.Cursor(10**13, "x"))):
        with pytest.raises(InputError) as caught:
            pages.decode(text)
        assert caught.value.code == "cursor-invalid"
