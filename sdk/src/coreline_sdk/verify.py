# SPDX-License-Identifier: Apache-2.0
"""Verify licenses, revocation lists and leases. Pure: texts and root keys in, claims out.

What the verified claims allow at a given time is ``standing``.
"""

from typing import NamedTuple

from coreline_sdk.armor import Armor, read_armor
from coreline_sdk.chain import Leaf, Trust, check_use, leaf_for
from coreline_sdk.claims import (
    KeyClaims,
    LeaseClaims,
    LicenseClaims,
    RevocationClaims,
    read_lease,
    read_license,
    read_revocations,
)
from coreline_sdk.codes import (
    ARMOR_MALFORMED,
    CLAIM_INVALID,
    LICENSE_TOO_LONG,
    WRONG_PRODUCT,
    Refused,
)
from coreline_sdk.jws import (
    LEASE_TYPE,
    LICENSE_TYPE,
    REVOCATIONS_TYPE,
    read_verified,
    take_apart,
)

DAY = 86_400


class Revocations(NamedTuple):
    """A verified revocation list."""

    claims: RevocationClaims
    signer: str
    by_root: bool


class License(NamedTuple):
    """A verified license, the key that signed it, and the lists that came with it."""

    token: str
    claims: LicenseClaims
    leaf: KeyClaims
    certificates: tuple[str, ...]
    revocations: tuple[Revocations, ...]


def verify_license(text: str, trust: Trust, product: str | None) -> License:
    """Return the license of an armored file, verified up to a root key.

    Args:
        text: the armored file.
        trust: the root keys.
        product: the name that ``aud`` must be; None to accept any, for tools that only show.

    Raises:
        Refused: with the first rule that is broken.
    """
    armor = read_armor(text)
    if armor.license is None:
        raise Refused(ARMOR_MALFORMED, "no LICENSE block")
    leaves = trust.leaves(armor.certificates)
    claims, leaf = _license(armor.license, leaves)
    if product is not None and claims.product != product:
        raise Refused(WRONG_PRODUCT, claims.product)
    lists = tuple(_list(token, trust, leaves) for token in armor.revocations)
    return License(armor.license, claims, leaf.claims, armor.certificates, lists)


def verify_token(token: str, trust: Trust, certificates: tuple[str, ...]) -> LicenseClaims:
    """Return the claims of a license token whose certificates are known, as a server has them.

    Raises:
        Refused: with the first rule that is broken.
    """
    return _license(token, trust.leaves(certificates))[0]


def verify_revocations(text: str, trust: Trust) -> tuple[Revocations, ...]:
    """Return the revocation lists of an armored file, at least one.

    Raises:
        Refused: with the first rule that is broken.
    """
    armor = read_armor(text)
    if not armor.revocations:
        raise Refused(ARMOR_MALFORMED, "no REVOCATIONS block")
    leaves = trust.leaves(armor.certificates)
    return tuple(_list(token, trust, leaves) for token in armor.revocations)


def verify_lease(text: str, trust: Trust, product: str) -> LeaseClaims:
    """Return the claims of an armored lease.

    Raises:
        Refused: with the first rule that is broken.
    """
    armor: Armor = read_armor(text)
    if armor.lease is None:
        raise Refused(ARMOR_MALFORMED, "no LEASE block")
    opened = take_apart(armor.lease, LEASE_TYPE)
    leaf = leaf_for(trust.leaves(armor.certificates), opened.kid)
    claims = read_lease(read_verified(opened, leaf.key))
    check_use(leaf.claims, "lease", claims.issued_at)
    if claims.product != product:
        raise Refused(WRONG_PRODUCT, claims.product)
    return claims


def _license(token: str, leaves: dict[str, Leaf]) -> tuple[LicenseClaims, Leaf]:
    opened = take_apart(token, LICENSE_TYPE)
    leaf = leaf_for(leaves, opened.kid)
    claims = read_license(read_verified(opened, leaf.key))
    check_use(leaf.claims, "license", claims.issued_at)
    # The ceiling is in the root's certificate, so a stolen leaf cannot sign for a hundred years.
    if claims.expires_at - claims.issued_at > leaf.claims.days_max * DAY:
        raise Refused(LICENSE_TOO_LONG, f"at most {leaf.claims.days_max} days")
    return claims, leaf


def _list(token: str, trust: Trust, leaves: dict[str, Leaf]) -> Revocations:
    opened = take_apart(token, REVOCATIONS_TYPE)
    root = trust.root(opened.kid)
    if root is not None:
        return Revocations(read_revocations(read_verified(opened, root)), opened.kid, True)
    leaf = leaf_for(leaves, opened.kid)
    claims = read_revocations(read_verified(opened, leaf.key))
    check_use(leaf.claims, "revocations", claims.issued_at)
    # A leaf that was stolen must not be able to condemn the leaf that replaced it.
    if claims.keys:
        raise Refused(CLAIM_INVALID, "keys")
    return Revocations(claims, opened.kid, False)
