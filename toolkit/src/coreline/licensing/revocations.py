# SPDX-License-Identifier: Apache-2.0
"""Write the next signed revocation list. The highest number counts, wherever a product finds it.

A leaf key signs lists of licenses. Only the root key may say that a leaf key was stolen, so a file
of lists holds two at most: the newest by a leaf key, and the newest by the root key.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from coreline.errors import InputError, InternalError
from coreline.licensing.keys import RootKey, SigningKey, seconds
from coreline_sdk.armor import Armor, read_armor, write_armor
from coreline_sdk.chain import Trust
from coreline_sdk.codes import Refused
from coreline_sdk.jws import REVOCATIONS_TYPE, TOKEN_BYTES_MAX, Json, sign
from coreline_sdk.verify import verify_revocations


@dataclass(frozen=True)
class LastLists:
    """What the lists of a file say together.

    Attributes:
        number: the highest; 0 when there is no list yet.
        licenses: the licenses that are revoked.
        keys: the leaf keys that are revoked.
        by_root: the token of the newest list that the root key signed; empty for none.
    """

    number: int = 0
    licenses: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    by_root: str = field(default="", repr=False)


EMPTY = LastLists()


def next_list(last: LastLists, licenses: Iterable[str], signing: SigningKey, now: datetime) -> str:
    """Return the armored file after the last one, with more licenses on it, by a leaf key.

    Raises:
        InputError: this key is revoked (``key-revoked``), or the list is full
            (``revocations-too-many``).
        InternalError: what was signed does not verify.
    """
    if signing.kid in last.keys:
        raise InputError(
            "key-revoked",
            f"The key {signing.kid} is revoked, so products pass over its lists.",
            "Make a new one: coreline keys rotate.",
        )
    claims = _claims(last, licenses, frozenset(), now)
    token = _sign(claims, signing.kid, signing)
    tokens = (token, last.by_root) if last.by_root else (token,)
    armor = Armor(revocations=tokens, certificates=(signing.certificate,))
    return _checked(armor, signing.trust())


def next_list_by_root(
    last: LastLists, licenses: Iterable[str], keys: Iterable[str], root: RootKey, now: datetime
) -> str:
    """Return the armored file after the last one, with more on it, by the root key.

    Raises:
        InputError: the list is full (``revocations-too-many``).
        InternalError: what was signed does not verify.
    """
    claims = _claims(last, licenses, last.keys.union(keys), now)
    return _checked(Armor(revocations=(_sign(claims, root.kid, root),)), Trust([root.public]))


def read_list(text: str, root: str) -> LastLists:
    """Return what the lists of a file say, that a root key or its leaves signed.

    Raises:
        InputError: one does not verify (``revocations-refused``).
    """
    try:
        lists = verify_revocations(text, Trust([root]))
    except Refused as refused:
        raise InputError(
            "revocations-refused",
            f"The last revocation list is refused: {refused.sentence}",
            "Restore the file from a backup; a list must never lose what it once said.",
        ) from refused
    tokens = read_armor(text).revocations
    return LastLists(
        number=max(one.claims.number for one in lists),
        licenses=frozenset().union(*(one.claims.licenses for one in lists)),
        keys=frozenset().union(*(one.claims.keys for one in lists)),
        by_root=next((token for token, one in zip(tokens, lists, strict=True) if one.by_root), ""),
    )


def _claims(
    last: LastLists, licenses: Iterable[str], keys: frozenset[str], now: datetime
) -> dict[str, Json]:
    return {
        "number": last.number + 1,
        "iat": seconds(now),
        "licenses": list[Json](sorted(last.licenses.union(licenses))),
        "keys": list[Json](sorted(keys)),
    }


def _sign(claims: dict[str, Json], kid: str, key: SigningKey | RootKey) -> str:
    token = sign(claims, typ=REVOCATIONS_TYPE, kid=kid, key=key.private)
    if len(token) > TOKEN_BYTES_MAX:
        raise InputError(
            "revocations-too-many",
            "The revocation list has outgrown a token (64 KiB).",
            "Products with a new root key need the old list no more: make a new root key.",
        )
    return token


def _checked(armor: Armor, trust: Trust) -> str:
    text = write_armor(armor)
    try:
        verify_revocations(text, trust)
    except Refused as refused:
        raise InternalError("revocations-not-verified", refused.sentence) from refused
    return text
