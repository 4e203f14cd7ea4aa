# SPDX-License-Identifier: Apache-2.0
"""The SDK's client and the server understand each other, refusals too."""

from collections.abc import Mapping
from typing import Any

from coreline.licensing.keyring import load_root_public
from coreline_sdk.activation import Activation
from coreline_sdk.transport import Reply
from coreline_server.config import Config

# The fixture `server` of conftest.py; its class is not importable from here.
Server = Any


class InProcess:
    """A transport that ends in the application."""

    def __init__(self, server: Server) -> None:
        self._client = server.client

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        answer = self._client.request(method, url, headers=dict(headers), content=body)
        return Reply(answer.status_code, answer.content)


def machine(server: Server, config: Config, license: dict[str, Any], name: str) -> Activation:
    return Activation(
        "http://vendor.example",
        token=license["token"],
        product="converge",
        root_keys=(load_root_public(config.keys),),
        fingerprint=name,
        name=name,
        transport=InProcess(server),
        clock=lambda: float(server.clock().timestamp()),
    )


def test_a_seat_is_held_kept_refused_and_given_back(server: Server, config: Config) -> None:
    license = server.license(seats=1)
    first = machine(server, config, license, "first")
    second = machine(server, config, license, "second")
    assert first.activate().outcome == "held"
    refused = second.activate()
    assert (refused.outcome, refused.code) == ("refused", "seats-exhausted")
    assert "first" in refused.hint
    server.clock.move(hours=23)
    assert first.heartbeat().outcome == "held"
    server.clock.move(hours=23)
    assert first.held
    assert first.release().outcome == "released"
    assert second.activate().outcome == "held"


def test_a_lapsed_seat_is_taken_again(server: Server, config: Config) -> None:
    seat = machine(server, config, server.license(seats=1), "m")
    seat.activate()
    server.clock.move(hours=24)
    assert not seat.held
    lapsed = seat.heartbeat()
    assert (lapsed.outcome, lapsed.code) == ("refused", "activation-lapsed")
    assert seat.activate().outcome == "held"


def test_a_revoked_license_is_told_why(server: Server, config: Config) -> None:
    license = server.license()
    seat = machine(server, config, license, "m")
    seat.activate()
    body = {"reason": "charge back"}
    server.client.post(f"/v1/licenses/{license['id']}/revoke", json=body, headers=server.admin)
    answer = seat.heartbeat()
    assert (answer.outcome, answer.code) == ("refused", "license-revoked")
    assert "charge back" in answer.sentence
