# SPDX-License-Identifier: Apache-2.0
"""Makes good and hostile tokens for ``generate.py``, with keys from fixed seeds."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coreline_sdk.armor import Armor, write_armor
from coreline_sdk.chain import key_id, public_text
from coreline_sdk.jws import (
    KEY_TYPE,
    LICENSE_TYPE,
    REVOCATIONS_TYPE,
    Json,
    b64url_encode,
    canonical_bytes,
    header_bytes,
    sign,
)

DAY = 86_400
ISSUED = 1_790_000_000  # 2026-09-21
EXPIRES = ISSUED + 365 * DAY
GRACE_DAYS = 14
NOW = ISSUED + 30 * DAY
ORDER = 2**252 + 27742317777372353535851937790883648493
"""The order of Ed25519's group (RFC 8032, 5.1): a scalar beyond it is a second spelling."""


class Key(NamedTuple):
    """A key pair of the vectors."""

    private: Ed25519PrivateKey

    @property
    def raw(self) -> bytes:
        """The public key."""
        return self.private.public_key().public_bytes_raw()

    @property
    def kid(self) -> str:
        """The key's id."""
        return key_id(self.raw)

    @property
    def text(self) -> str:
        """The public key as products carry it."""
        return public_text(self.raw)


class Vector(NamedTuple):
    """One case.

    Attributes:
        name: what it is about.
        code, entitled: the answer.
        armor: the license file. Where there is a ``fill``, its mark stands for long text.
        now: seconds since 1970.
        built: the date of the build.
        revocations: a file of lists kept beside the license.
        product, roots: what the product was made with.
        fill: a mark in the armor, what to put there, and how many times.
    """

    name: str
    code: str
    armor: str
    entitled: bool = False
    now: int = NOW
    built: str | None = None
    revocations: str | None = None
    product: str = "converge"
    roots: tuple[str, ...] = ()
    fill: tuple[str, str, int] | None = None


def key(name: str) -> Key:
    """Return the key of a name, always the same."""
    seed = hashlib.sha256(f"coreline test vector, not a secret: {name}".encode()).digest()
    return Key(Ed25519PrivateKey.from_private_bytes(seed))


ROOT, LEAF, OTHER_ROOT, OTHER_LEAF = map(key, ("root", "leaf", "other root", "other leaf"))


def certificate(
    leaf: Key = LEAF,
    root: Key = ROOT,
    *,
    starts: int = ISSUED - DAY,
    ends: int = ISSUED + 400 * DAY,
    purposes: tuple[str, ...] = ("license", "revocations"),
    **other: Json,
) -> str:
    """Return a key certificate."""
    claims: dict[str, Json] = {
        "sub": leaf.kid,
        "x": b64url_encode(leaf.raw),
        "iat": starts,
        "nbf": starts,
        "exp": ends,
        "purposes": list[Json](purposes),
        "days_max": 400,
    }
    return sign(claims | other, typ=KEY_TYPE, kid=root.kid, key=root.private)


def claims(**changed: Json) -> dict[str, Json]:
    """Return the claims of a good license, changed."""
    good: dict[str, Json] = {
        "iss": "example.com",
        "sub": "acme",
        "customer": "Acme GmbH",
        "aud": "converge",
        "jti": "LIC-1",
        "iat": ISSUED,
        "nbf": ISSUED,
        "exp": EXPIRES,
        "edition": "enterprise",
        "features": ["compliance", "fleet"],
        "seats": 5,
        "grace_days": GRACE_DAYS,
        "trial": False,
    }
    return good | changed


def without(name: str) -> dict[str, Json]:
    """Return the claims of a good license without one."""
    return {key: value for key, value in claims().items() if key != name}


def token(content: dict[str, Json] | None = None, signer: Key = LEAF) -> str:
    """Return a license token."""
    return sign(content or claims(), typ=LICENSE_TYPE, kid=signer.kid, key=signer.private)


def raw_token(
    head: bytes | None = None,
    body: bytes | None = None,
    encode: Callable[[bytes], str] | None = None,
) -> str:
    """Return a token of any bytes, correctly signed."""
    encode = encode or b64url_encode
    head = header_bytes(LICENSE_TYPE, LEAF.kid) if head is None else head
    body = canonical_bytes(claims()) if body is None else body
    signed = f"{b64url_encode(head)}.{encode(body)}"
    return f"{signed}.{b64url_encode(LEAF.private.sign(signed.encode()))}"


def armor(license_: str | None = None, *certificates: str, lists: tuple[str, ...] = ()) -> str:
    """Return a license file."""
    chain = certificates or (certificate(),)
    return write_armor(Armor(license=license_ or token(), revocations=lists, certificates=chain))


def listed(
    number: int,
    *licenses: str,
    keys: tuple[str, ...] = (),
    signer: Key = LEAF,
    at: int = ISSUED + DAY,
) -> str:
    """Return a revocation list."""
    content: dict[str, Json] = {
        "number": number,
        "iat": at,
        "licenses": list[Json](licenses),
        "keys": list[Json](keys),
    }
    return sign(content, typ=REVOCATIONS_TYPE, kid=signer.kid, key=signer.private)


def list_file(*tokens: str) -> str:
    """Return a file of revocation lists."""
    return write_armor(Armor(revocations=tokens, certificates=(certificate(),)))


def header(**changed: Json) -> bytes:
    """Return a good header, changed; a value of None removes the key."""
    good: dict[str, Json] = {"alg": "Ed25519", "typ": LICENSE_TYPE, "kid": LEAF.kid}
    fields = {name: value for name, value in (good | changed).items() if value is not None}
    return json.dumps(fields, separators=(",", ":")).encode()


def body_with(name: str, raw: str) -> bytes:
    """Return a payload in which one claim is written as it never should be."""
    marked = canonical_bytes(claims(**{name: "MARK"})).decode()
    return marked.replace('"MARK"', raw).encode()


def raw(part: str) -> bytes:
    """Return the bytes of a token's part."""
    return base64.urlsafe_b64decode(part + "==")
