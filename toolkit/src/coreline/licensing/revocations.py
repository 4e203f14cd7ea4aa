# SPDX-License-Identifier: Apache-2.0
"""Write the next signed revocation list. The highest number counts, wherever a product finds it."""

from collections.abc import Iterable
from datetime import datetime

from coreline.errors import InputError, InternalError
from coreline.licensing.keys import RootKey, SigningKey, seconds
from coreline_sdk.armor import Armor, read_armor, write_armor
from coreline_sdk.chain import Trust
from coreline_sdk.claims import RevocationClaims
from coreline_sdk.codes import Refused
from coreline_sdk.jws import REVOCATIONS_TYPE, TOKEN_BYTES_MAX, Json, sign
from coreline_sdk.verify import Revocations, verify_revocations

EMPTY = RevocationClaims(0, 0, frozenset(), frozenset())


def next_list(
    previous: RevocationClaims, licenses: Iterable[str], signing: SigningKey, now: datetime
) -> str:
    """Return the armored list after a previous one, with more licenses on it.

    Raises:
        InputError: the list is full (``revocations-too-many``), or a root key signed the last one
            with keys on it (``revocations-need-root``): a leaf cannot repeat those.
        InternalError: what was signed does not verify.
    """
    if previous.keys:
        raise InputError(
            "revocations-need-root",
            "The last list revokes keys, which only the root key may say.",
            "Give the root key: --root-key FILE.",
        )
    token = sign(
        _claims(previous, licenses, (), now),
        typ=REVOCATIONS_TYPE,
        kid=signing.kid,
        key=signing.private,
    )
    return _checked(Armor(revocations=token, certificates=(signing.certificate,)), signing)


def next_list_by_root(
    previous: RevocationClaims,
    licenses: Iterable[str],
    keys: Iterable[str],
    root: RootKey,
    now: datetime,
) -> str:
    """Return the armored list after a previous one, signed by the root key.

    Raises:
        InputError: the list is full (``revocations-too-many``).
    """
    claims = _claims(previous, licenses, keys, now)
    token = sign(claims, typ=REVOCATIONS_TYPE, kid=root.kid, key=root.private)
    if len(token) > TOKEN_BYTES_MAX:
        raise _full()
    return write_armor(Armor(revocations=token))


def revocations_parts(text: str) -> tuple[str | None, tuple[str, ...]]:
    """Return the token and the certificates of an armored list, to go into license files."""
    armor = read_armor(text)
    return armor.revocations, armor.certificates


def read_list(text: str, signing: SigningKey) -> Revocations:
    """Return a list that this key's root, or a leaf of it, signed.

    Raises:
        InputError: it does not verify (``revocations-refused``).
    """
    return read_list_by(text, signing.root)


def read_list_by(text: str, root: str) -> Revocations:
    """Return a list that a root key, by its public line, or a leaf of it signed.

    Raises:
        InputError: it does not verify (``revocations-refused``).
    """
    try:
        return verify_revocations(text, Trust([root]))
    except Refused as refused:
        raise InputError(
            "revocations-refused",
            f"The last revocation list is refused: {refused.sentence}",
            "Restore the file from a backup; a list must never lose what it once said.",
        ) from refused


def _claims(
    previous: RevocationClaims, licenses: Iterable[str], keys: Iterable[str], now: datetime
) -> dict[str, Json]:
    return {
        "number": previous.number + 1,
        "iat": seconds(now),
        "licenses": list[Json](sorted(previous.licenses.union(licenses))),
        "keys": list[Json](sorted(previous.keys.union(keys))),
    }


def _checked(armor: Armor, signing: SigningKey) -> str:
    if len(armor.revocations or "") > TOKEN_BYTES_MAX:
        raise _full()
    text = write_armor(armor)
    try:
        verify_revocations(text, signing.trust())
    except Refused as refused:
        raise InternalError("revocations-not-verified", refused.sentence) from refused
    return text


def _full() -> InputError:
    return InputError(
        "revocations-too-many",
        "The revocation list has outgrown a token (64 KiB).",
        "Rotate the root key, or let licenses end before revoking more.",
    )
