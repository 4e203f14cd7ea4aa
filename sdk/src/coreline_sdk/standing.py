# SPDX-License-Identifier: Apache-2.0
"""What a verified license allows, at a time and for a build. Pure rules, without a clock.

Rights end on a date in the token or on a signed list, and on nothing else.
"""

from collections.abc import Iterable
from math import inf
from typing import NamedTuple

from coreline_sdk.codes import (
    BUILD_KEPT,
    EXPIRED,
    IN_GRACE,
    KEY_REVOKED,
    NOT_YET_VALID,
    REVOKED,
    TRIAL,
    VALID,
    Code,
)
from coreline_sdk.verify import DAY, License, Revocations


class Standing(NamedTuple):
    """Where a license stands.

    Attributes:
        code: the answer.
        until: entitled before this time (seconds since 1970); 0.0 for not at all, ``inf`` for as
            long as this build is used.
        grace_until: the end of the grace days.
    """

    code: Code
    until: float
    grace_until: int


def standing(
    license_: License, *, now: float, built_at: float | None, lists: Iterable[Revocations]
) -> Standing:
    """Return where a license stands.

    Args:
        license_: verified.
        now: seconds since 1970.
        built_at: when the wrap was built, seconds since 1970; None when it is not known.
        lists: every verified revocation list at hand, beside the license's own.
    """
    claims = license_.claims
    grace_until = claims.expires_at + claims.grace_days * DAY
    revoked = _revoked(license_, [*license_.revocations, *lists])
    if revoked is not None:
        return Standing(revoked, 0.0, grace_until)
    if now < claims.starts_at:
        return Standing(NOT_YET_VALID, 0.0, grace_until)
    # A trial is for trying: its build is not kept, or every trial would be a purchase.
    kept = not claims.trial and built_at is not None and built_at <= claims.expires_at
    until = inf if kept else float(grace_until)
    if now < claims.expires_at:
        return Standing(TRIAL if claims.trial else VALID, until, grace_until)
    if kept:
        return Standing(BUILD_KEPT, until, grace_until)
    if now < grace_until:
        return Standing(IN_GRACE, until, grace_until)
    return Standing(EXPIRED, 0.0, grace_until)


def newest(lists: Iterable[Revocations]) -> Revocations | None:
    """Return the list with the highest number that no revoked key signed.

    Otherwise a thief of a leaf key could publish an empty list with a very high number.
    """
    known = list(lists)
    condemned = _condemned(known)
    trusted = [one for one in known if one.signer not in condemned]
    return max(trusted, key=lambda one: (one.claims.number, one.by_root), default=None)


def _revoked(license_: License, lists: list[Revocations]) -> Code | None:
    if license_.leaf.kid in _condemned(lists):
        return KEY_REVOKED
    latest = newest(lists)
    if latest is not None and license_.claims.license_id in latest.claims.licenses:
        return REVOKED
    return None


def _condemned(lists: list[Revocations]) -> frozenset[str]:
    """Return the leaf keys that the newest list of a root key names."""
    by_root = [one.claims for one in lists if one.by_root]
    latest = max(by_root, key=lambda claims: claims.number, default=None)
    return latest.keys if latest is not None else frozenset()
