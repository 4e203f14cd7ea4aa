# SPDX-License-Identifier: Apache-2.0
"""Whose signature counts: root keys built into the product, and the dated leaf keys they certify.

The root key stays cold. A leaf key signs licenses, and a token counts when it was signed inside
the leaf's dates: a leaf that has ended ends nothing that it signed before. A certificate is
verified once for each ``Trust``; the tokens it is used for, every time.
"""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from coreline_sdk.claims import KeyClaims, read_key
from coreline_sdk.codes import (
    CLAIM_INVALID,
    ISSUED_OUTSIDE_KEY,
    KEY_UNKNOWN,
    NO_ROOT_KEYS,
    PURPOSE_WRONG,
    ROOT_KEY_MALFORMED,
    Refused,
)
from coreline_sdk.jws import KEY_TYPE, b64url_decode, b64url_encode, read_verified, take_apart

KEY_PREFIX = "ed25519:"
_CACHE_MAX = 64


class Leaf(NamedTuple):
    """A certified key and what it may sign."""

    claims: KeyClaims
    key: Ed25519PublicKey


class Trust:
    """The root keys of a product, and the certificates that were verified with them.

    Args:
        root_keys: public keys as ``public_text`` writes them.

    Raises:
        Refused: there is none (``no-root-keys``) or one is no key (``root-key-malformed``).
    """

    def __init__(self, root_keys: Iterable[str]) -> None:
        self._roots = dict(map(_read_root, root_keys))
        self._leaves: dict[str, Leaf] = {}
        if not self._roots:
            raise Refused(NO_ROOT_KEYS)

    def root(self, kid: str) -> Ed25519PublicKey | None:
        """Return a root key by its id."""
        return self._roots.get(kid)

    def leaves(self, certificates: Iterable[str]) -> dict[str, Leaf]:
        """Return the leaf keys by id that these certificates name.

        A certificate by a root key that this product does not know is passed over, so that one
        file can serve products from before and after a change of the root key.

        Raises:
            Refused: a certificate is damaged.
        """
        found: dict[str, Leaf] = {}
        for certificate in certificates:
            leaf = self._leaves.get(certificate) or self._verify(certificate)
            if leaf is not None:
                found.setdefault(leaf.claims.kid, leaf)
        return found

    def _verify(self, certificate: str) -> Leaf | None:
        opened = take_apart(certificate, KEY_TYPE)
        root = self._roots.get(opened.kid)
        if root is None:
            return None
        claims = read_key(read_verified(opened, root))
        public = b64url_decode(claims.public.encode())
        if key_id(public) != claims.kid:
            raise Refused(CLAIM_INVALID, "sub")
        leaf = Leaf(claims, Ed25519PublicKey.from_public_bytes(public))
        if len(self._leaves) < _CACHE_MAX:
            self._leaves[certificate] = leaf
        return leaf


def leaf_for(leaves: dict[str, Leaf], kid: str) -> Leaf:
    """Return the leaf of a key id.

    Raises:
        Refused: no certificate names it (``key-unknown``).
    """
    leaf = leaves.get(kid)
    if leaf is None:
        raise Refused(KEY_UNKNOWN)
    return leaf


def check_use(leaf: KeyClaims, purpose: str, issued_at: int) -> None:
    """Check that a leaf may sign for a purpose at the time it did.

    Raises:
        Refused: ``purpose-wrong`` or ``issued-outside-key``.
    """
    if purpose not in leaf.purposes:
        raise Refused(PURPOSE_WRONG, purpose)
    if not leaf.starts_at <= issued_at < leaf.expires_at:
        raise Refused(ISSUED_OUTSIDE_KEY)


def key_id(public: bytes) -> str:
    """Return the id of a key: its JWK thumbprint (RFC 7638, with RFC 8037, A.3)."""
    jwk = f'{{"crv":"Ed25519","kty":"OKP","x":"{b64url_encode(public)}"}}'
    return b64url_encode(hashlib.sha256(jwk.encode()).digest())


def public_text(public: bytes) -> str:
    """Return a public key as products carry it: ``ed25519:`` and base64url."""
    return KEY_PREFIX + b64url_encode(public)


def read_public(text: str) -> bytes:
    """Return the 32 bytes of a public key.

    Raises:
        Refused: ``root-key-malformed``.
    """
    try:
        public = b64url_decode(text.strip().removeprefix(KEY_PREFIX).encode())
    except Refused as error:
        raise Refused(ROOT_KEY_MALFORMED) from error
    if len(public) != 32 or not text.strip().startswith(KEY_PREFIX):
        raise Refused(ROOT_KEY_MALFORMED)
    return public


def _read_root(text: str) -> tuple[str, Ed25519PublicKey]:
    public = read_public(text)
    return key_id(public), Ed25519PublicKey.from_public_bytes(public)
