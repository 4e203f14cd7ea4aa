# SPDX-License-Identifier: Apache-2.0
"""Keys and licenses for the SDK's own tests, which must not need the toolkit."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coreline_sdk.armor import Armor, write_armor
from coreline_sdk.chain import key_id, public_text
from coreline_sdk.jws import (
    KEY_TYPE,
    LEASE_TYPE,
    LICENSE_TYPE,
    REVOCATIONS_TYPE,
    Json,
    b64url_encode,
    sign,
)

DAY = 86_400
NOW = 1_790_000_000
"""2026-09-21."""

_ROOT = Ed25519PrivateKey.from_private_bytes(b"r" * 32)
_LEAF = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
_LEAF_PUBLIC = _LEAF.public_key().public_bytes_raw()

ROOT_KEY = public_text(_ROOT.public_key().public_bytes_raw())
ROOT_KID = key_id(_ROOT.public_key().public_bytes_raw())
LEAF_KID = key_id(_LEAF_PUBLIC)

CERTIFICATE = sign(
    {
        "sub": LEAF_KID,
        "x": b64url_encode(_LEAF_PUBLIC),
        "iat": NOW - DAY,
        "nbf": NOW - DAY,
        "exp": NOW + 400 * DAY,
        "purposes": ["lease", "license", "revocations"],
        "days_max": 400,
    },
    typ=KEY_TYPE,
    kid=ROOT_KID,
    key=_ROOT,
)


def license_token(**changed: Json) -> str:
    claims: dict[str, Json] = {
        "iss": "example.com",
        "sub": "acme",
        "customer": "Acme GmbH",
        "aud": "converge",
        "jti": "LIC-1",
        "iat": NOW,
        "nbf": NOW,
        "exp": NOW + 100 * DAY,
        "edition": "enterprise",
        "features": {"compliance": {}, "fleet": {"machines": 100}},
        "seats": 5,
        "grace_days": 14,
        "trial": False,
    }
    return sign(claims | changed, typ=LICENSE_TYPE, kid=LEAF_KID, key=_LEAF)


def license_file(*lists: str, **changed: Json) -> str:
    armor = Armor(license=license_token(**changed), revocations=lists, certificates=(CERTIFICATE,))
    return write_armor(armor)


def revocation_list(number: int, *licenses: str) -> str:
    claims: dict[str, Json] = {
        "number": number,
        "iat": NOW,
        "licenses": list[Json](licenses),
        "keys": [],
    }
    return sign(claims, typ=REVOCATIONS_TYPE, kid=LEAF_KID, key=_LEAF)


def revocation_file(number: int, *licenses: str) -> str:
    token = revocation_list(number, *licenses)
    return write_armor(Armor(revocations=(token,), certificates=(CERTIFICATE,)))


def lease_file(**changed: Json) -> str:
    claims: dict[str, Json] = {
        "aud": "converge",
        "sub": "LIC-1",
        "jti": "ACT-1",
        "fingerprint": "machine-1",
        "iat": NOW,
        "exp": NOW + DAY,
    }
    token = sign(claims | changed, typ=LEASE_TYPE, kid=LEAF_KID, key=_LEAF)
    return write_armor(Armor(lease=token, certificates=(CERTIFICATE,)))
