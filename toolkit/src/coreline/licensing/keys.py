# SPDX-License-Identifier: Apache-2.0
"""Keys as values: a cold root key, the dated leaf keys it certifies. Files are ``keyring``."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from coreline.errors import InputError, InternalError
from coreline.licensing.model import DAYS_MAX
from coreline_sdk.armor import Armor, write_armor
from coreline_sdk.chain import Trust, key_id, leaf_for, public_text
from coreline_sdk.claims import PURPOSES, KeyClaims
from coreline_sdk.codes import Refused
from coreline_sdk.jws import KEY_TYPE, Json, b64url_encode, sign

LEAF_DAYS = 400


@dataclass(frozen=True)
class RootKey:
    """The key that only certifies leaf keys and condemns stolen ones. Kept offline."""

    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> str:
        """The line that products carry."""
        return public_text(self.private.public_key().public_bytes_raw())

    @property
    def kid(self) -> str:
        """The key's id."""
        return key_id(self.private.public_key().public_bytes_raw())


@dataclass(frozen=True)
class SigningKey:
    """A leaf key with its certificate: what signs licenses, leases and revocation lists."""

    private: Ed25519PrivateKey = field(repr=False)
    certificate: str
    root: str
    claims: KeyClaims

    @property
    def kid(self) -> str:
        """The key's id."""
        return self.claims.kid

    def trust(self) -> Trust:
        """Return the trust that verifies what this key signs."""
        return Trust([self.root])


def seconds(moment: datetime) -> int:
    """Return an aware datetime as seconds since 1970."""
    if moment.tzinfo is None:
        raise InternalError("time-without-zone", f"{moment} has no time zone.")
    return int(moment.timestamp())


def new_leaf(
    root: RootKey,
    *,
    now: datetime,
    days: int = LEAF_DAYS,
    days_max: int = DAYS_MAX,
    purposes: tuple[str, ...] = PURPOSES,
    private: Ed25519PrivateKey | None = None,
) -> SigningKey:
    """Return a new leaf key, certified by the root key from now on.

    Args:
        root: who certifies.
        now: aware.
        days: how long the leaf may sign; what it signed outlives it.
        days_max: the longest license that it may sign, in days.
        purposes: which kinds of token it may sign.
        private: the leaf's key, where it is not to be made here.

    Raises:
        InputError: the dates or purposes cannot be certified (``key-refused``).
    """
    leaf = private or Ed25519PrivateKey.generate()
    public = leaf.public_key().public_bytes_raw()
    claims: dict[str, Json] = {
        "sub": key_id(public),
        "x": b64url_encode(public),
        "iat": seconds(now),
        "nbf": seconds(now),
        "exp": seconds(now + timedelta(days=days)),
        "purposes": list[Json](sorted(purposes)),
        "days_max": days_max,
    }
    certificate = sign(claims, typ=KEY_TYPE, kid=root.kid, key=root.private)
    return signing_key(leaf, certificate, root.public)


def signing_key(private: Ed25519PrivateKey, certificate: str, root: str) -> SigningKey:
    """Return a leaf key with its certificate, after verifying that they belong together.

    Raises:
        InputError: they do not, or the certificate is not by that root key (``key-refused``).
    """
    kid = key_id(private.public_key().public_bytes_raw())
    try:
        leaf = leaf_for(Trust([root]).leaves([certificate]), kid)
    except Refused as refused:
        raise InputError(
            "key-refused",
            f"The certificate of key {kid[:8]} is refused: {refused.sentence}",
            "Give the certificate that was made with this key, and the root key that made it.",
        ) from refused
    return SigningKey(private, certificate, root, leaf.claims)


def certificate_text(certificate: str) -> str:
    """Return a certificate as the text of a file."""
    return write_armor(Armor(certificates=(certificate,)))
