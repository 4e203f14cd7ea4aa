# SPDX-License-Identifier: Apache-2.0
"""Minting: what is signed is what was asked, within what the key and the manifest allow."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coreline.errors import InputError, InternalError
from coreline.licensing.issue import issue
from coreline.licensing.keys import RootKey, SigningKey, new_leaf, seconds, signing_key
from coreline.licensing.leases import sign_lease
from coreline.licensing.model import IssueRequest
from coreline.licensing.rules import request_for
from coreline.manifest.model import Core, Edition, Feature, Manifest, Product
from coreline_sdk.chain import Trust
from coreline_sdk.codes import Refused
from coreline_sdk.verify import verify_lease, verify_license, verify_token

NOW = datetime(2026, 9, 21, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ROOT = RootKey(Ed25519PrivateKey.from_private_bytes(b"r" * 32))
LEAF = new_leaf(ROOT, now=NOW, private=Ed25519PrivateKey.from_private_bytes(b"l" * 32))
MANIFEST = Manifest(
    product=Product(name="converge", primary="Bring a machine to a state", vendor=["example.com"]),
    core=Core(spdx="Apache-2.0", paths=["src/**"]),
    features={"fleet": Feature(side="wrap"), "audit": Feature(side="wrap")},
    editions={
        "enterprise": Edition(
            features=["fleet", "audit"], segment="enterprise", trial_days=30, grace_days=14
        ),
        "small": Edition(features=["audit"]),
    },
)


def request(**changed: Any) -> IssueRequest:
    settings: dict[str, Any] = {
        "license_id": "LIC-1",
        "customer_id": "acme",
        "customer": "Acme GmbH",
        "now": NOW,
        "expires": NOW + 365 * DAY,
        "seats": 5,
    }
    return request_for(MANIFEST, changed.pop("edition", "enterprise"), **settings | changed)


def code_of(error: pytest.ExceptionInfo[InputError]) -> str:
    assert error.value.sentence
    return error.value.code


def test_an_edition_becomes_a_license() -> None:
    issued = issue(request(), LEAF, NOW)
    found = verify_license(issued.armor, Trust([ROOT.public]), "converge")
    assert found.claims == issued.claims
    assert found.token == issued.token
    assert issued.claims._asdict() == {
        "issuer": "example.com",
        "customer_id": "acme",
        "customer": "Acme GmbH",
        "product": "converge",
        "license_id": "LIC-1",
        "issued_at": seconds(NOW),
        "starts_at": seconds(NOW - DAY),
        "expires_at": seconds(NOW + 365 * DAY),
        "edition": "enterprise",
        "features": {"audit": {}, "fleet": {}},
        "seats": 5,
        "grace_days": 14,
        "trial": False,
        "segment": "enterprise",
    }


def test_limits_are_kept() -> None:
    limited = replace(request(), features={"fleet": {"machines": 100, "tier": "gold"}})
    assert issue(limited, LEAF, NOW).claims.features == limited.features


def test_the_same_request_gives_the_same_license() -> None:
    assert issue(request(), LEAF, NOW) == issue(request(), LEAF, NOW)


def test_a_trial_has_its_days_and_no_grace() -> None:
    claims = issue(request(trial=True, expires=None), LEAF, NOW).claims
    assert (claims.trial, claims.grace_days) == (True, 0)
    assert claims.expires_at == seconds(NOW + 30 * DAY)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"edition": "gold"}, "edition-unknown"),
        ({"expires": None}, "expiry-missing"),
        ({"edition": "small", "trial": True, "expires": None}, "trial-not-offered"),
        ({"trial": True, "expires": NOW + 31 * DAY}, "trial-too-long"),
        ({"expires": NOW}, "expiry-too-early"),
        ({"expires": NOW - DAY}, "expiry-too-early"),
        ({"starts": NOW + 9 * DAY, "expires": NOW + 9 * DAY}, "expiry-too-early"),
        ({"expires": NOW + 400 * DAY + timedelta(seconds=1)}, "license-too-long"),
        ({"starts": NOW + 300 * DAY, "expires": NOW + 500 * DAY}, "license-too-long"),
        ({"license_id": "LIC 1"}, "id-malformed"),
        ({"customer_id": ""}, "id-malformed"),
        ({"customer": "x" * 201}, "text-length-wrong"),
        ({"seats": 0}, "seats-out-of-range"),
    ],
)
def test_what_may_not_be_issued(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as refused:
        issue(request(**changed), LEAF, NOW)
    assert code_of(refused) == code


def test_the_longest_license_is_exactly_the_ceiling() -> None:
    longest = request(expires=NOW + 400 * DAY)
    assert issue(longest, LEAF, NOW).claims.expires_at == seconds(NOW + 400 * DAY)
    short = new_leaf(ROOT, now=NOW, days_max=30)
    with pytest.raises(InputError) as refused:
        issue(longest, short, NOW)
    assert code_of(refused) == "license-too-long"
    assert "30 at most" in refused.value.sentence


@pytest.mark.parametrize("features", [{}, {f"f-{n}": {} for n in range(1000)}])
def test_no_feature_and_very_many(features: dict[str, Any]) -> None:
    asked = replace(request(), features=features)
    assert issue(asked, LEAF, NOW).claims.features == features


def test_too_many_features_and_too_much_grace() -> None:
    with pytest.raises(InputError) as refused:
        issue(replace(request(), features={f"f-{n}": {} for n in range(1001)}), LEAF, NOW)
    assert code_of(refused) == "features-too-many"
    with pytest.raises(InputError) as refused:
        issue(replace(request(), grace_days=367), LEAF, NOW)
    assert code_of(refused) == "grace-out-of-range"


@pytest.mark.parametrize("at", [NOW - DAY, NOW + 400 * DAY])
def test_a_leaf_signs_inside_its_dates_alone(at: datetime) -> None:
    with pytest.raises(InputError) as refused:
        issue(request(expires=at + DAY), LEAF, at)
    assert code_of(refused) == "key-outside-dates"


def test_a_leaf_signs_for_its_purposes_alone() -> None:
    with pytest.raises(InputError) as refused:
        issue(request(), new_leaf(ROOT, now=NOW, purposes=("lease",)), NOW)
    assert code_of(refused) == "key-purpose-wrong"


def test_what_does_not_verify_is_never_returned() -> None:
    other = Ed25519PrivateKey.from_private_bytes(b"x" * 32)
    broken = SigningKey(other, LEAF.certificate, LEAF.root, LEAF.claims)
    with pytest.raises(InternalError) as failed:
        issue(request(), broken, NOW)
    assert failed.value.code == "issue-not-verified"


def test_a_key_and_a_certificate_must_belong_together() -> None:
    with pytest.raises(InputError) as refused:
        signing_key(ROOT.private, LEAF.certificate, ROOT.public)
    assert code_of(refused) == "key-refused"


def test_a_time_without_a_zone_is_a_bug() -> None:
    with pytest.raises(InternalError):
        seconds(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test.


def test_a_server_verifies_the_token_alone() -> None:
    issued, trust = issue(request(), LEAF, NOW), Trust([ROOT.public])
    assert verify_token(issued.token, trust, (LEAF.certificate,)) == issued.claims
    with pytest.raises(Refused):
        verify_token(issued.token, trust, ())


def test_leases_verify_offline() -> None:
    lease = sign_lease(
        LEAF,
        product="converge",
        license_id="LIC-1",
        activation_id="ACT-1",
        fingerprint="machine",
        now=NOW,
        expires=NOW + DAY,
    )
    claims = verify_lease(lease.armor, Trust([ROOT.public]), "converge")
    assert claims == ("converge", "LIC-1", "ACT-1", "machine", seconds(NOW), seconds(NOW + DAY))
    with pytest.raises(Refused):
        verify_lease(lease.armor, Trust([ROOT.public]), "other")
