# SPDX-License-Identifier: Apache-2.0
"""Seats: leases are verified offline, and a silent server takes nothing away."""

import json
from typing import Any

import pytest
from minting import DAY, NOW, ROOT_KEY, lease_file, license_token

from coreline_sdk.activation import Activation
from coreline_sdk.transport import FakeTransport, Reply, Transport, UrllibTransport


def machine(fake: FakeTransport, now: float = NOW + 60) -> Activation:
    return Activation(
        "https://licenses.example.com/",
        token=license_token(),
        product="converge",
        root_keys=(ROOT_KEY,),
        fingerprint="machine-1",
        clock=lambda: now,
        name="build server",
        transport=fake,
    )


def lease(**changed: Any) -> Reply:
    return Reply(201, json.dumps({"id": "ACT-1", "lease": lease_file(**changed)}).encode())


def test_a_seat_is_taken_kept_and_given_back() -> None:
    fake = FakeTransport(lease(), lease(exp=NOW + 2 * DAY), Reply(204))
    activation = machine(fake)
    seat = activation.activate()
    assert seat.outcome == "held"
    assert seat.lease is not None
    assert seat.lease.expires_at == NOW + DAY
    held = [activation.held]
    renewed = activation.heartbeat()
    assert renewed.lease is not None
    assert renewed.lease.expires_at == NOW + 2 * DAY
    assert activation.release().outcome == "released"
    assert [*held, activation.held] == [True, False]
    base = "https://licenses.example.com/v1/activations"
    assert [(sent.method, sent.url) for sent in fake.sent] == [
        ("POST", base),
        ("POST", f"{base}/ACT-1/heartbeat"),
        ("DELETE", f"{base}/ACT-1"),
    ]
    assert fake.sent[0].headers["Authorization"] == f"Bearer {license_token()}"
    assert json.loads(fake.sent[0].body) == {"fingerprint": "machine-1", "name": "build server"}


@pytest.mark.parametrize(
    "trouble",
    [
        OSError("down"),
        Reply(500),
        Reply(503),
        Reply(429),
        # A proxy, a sign-in page and a moved address are not the server either.
        Reply(407),
        Reply(403, b"<html>Please sign in</html>"),
        Reply(302),
        Reply(404),
    ],
)
def test_a_silent_server_takes_nothing_away(trouble: OSError | Reply) -> None:
    activation = machine(FakeTransport(lease(), trouble, trouble))
    held = activation.activate().lease
    assert activation.heartbeat() == ("no-answer", held, "", "", "")
    assert activation.release().outcome == "no-answer"
    assert activation.held


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (lease(aud="other"), "wrong-product"),
        (lease(fingerprint="machine-2"), "lease-of-another-machine"),
        (lease(iat=NOW - 9 * DAY), "issued-outside-key"),
        (lease(jti=""), "claim-invalid"),
        (lease(sub="LIC-2"), "lease-of-another-license"),
        (lease(iat=NOW - 1), "lease-outdated"),
        (Reply(200, b'{"lease": "' + license_token().encode() + b'"}'), "armor-malformed"),
        (Reply(200, b"not json"), "armor-malformed"),
        (Reply(200, b"[]"), "armor-malformed"),
    ],
)
def test_a_lease_that_does_not_verify_changes_nothing(reply: Reply, code: str) -> None:
    activation = machine(FakeTransport(lease(), reply))
    held = activation.activate().lease
    seat = activation.heartbeat()
    assert (seat.outcome, seat.lease, seat.code) == ("lease-refused", held, code)
    assert activation.held


def test_a_refusal_is_passed_on_in_the_servers_words() -> None:
    body = {
        "title": "No seat",
        "detail": "All 5 seats are taken.",
        "code": "seats-taken",
        "hint": "Free one.",
    }
    seat = machine(FakeTransport(Reply(409, json.dumps(body).encode()))).activate()
    assert seat == ("refused", None, "seats-taken", "All 5 seats are taken.", "Free one.")


def test_a_lease_ends_on_its_date() -> None:
    activation = machine(FakeTransport(lease()), now=NOW + DAY)
    assert activation.activate().outcome == "held"
    assert not activation.held


def test_without_a_seat_there_is_nothing_to_keep_or_give_back() -> None:
    activation = machine(FakeTransport())
    assert activation.heartbeat().outcome == "no-seat"
    assert activation.release().outcome == "no-seat"


class Falls:
    """A transport of the product's own, with a bug."""

    def send(self, *_: object) -> Reply:
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("transport", "token", "url"),
    [
        (Falls(), license_token(), "https://licenses.example.com"),
        (UrllibTransport(), "no token\n", "http://localhost"),
        (UrllibTransport(), license_token(), "http://[bad"),
        (UrllibTransport(), license_token(), "ftp://example.com"),
    ],
)
def test_nothing_on_the_way_to_the_server_raises(
    transport: Transport, token: str, url: str
) -> None:
    activation = Activation(
        url,
        token=token,
        product="converge",
        root_keys=(ROOT_KEY,),
        fingerprint="machine-1",
        clock=lambda: NOW,
        transport=transport,
    )
    assert activation.activate().outcome == "no-answer"
