# SPDX-License-Identifier: Apache-2.0
"""Signs with the leaf key of a folder, as ``coreline keys new`` makes it. No root key is needed."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from coreline.licensing.issue import issue
from coreline.licensing.keyring import (
    REVOCATIONS_FILE,
    load_certificates,
    load_signing_key,
    read_text,
    replace,
)
from coreline.licensing.keys import SigningKey
from coreline.licensing.leases import sign_lease
from coreline.licensing.model import IssueRequest
from coreline.licensing.revocations import EMPTY, LastLists, next_list, read_list
from coreline_sdk.armor import Armor, read_armor, write_armor
from coreline_sdk.jws import LICENSE_TYPE, take_apart
from coreline_server.licensing.model import Activation
from coreline_server.storage.times import moment


class _Listed(NamedTuple):
    """The revocation list as it was last read; ``stamp`` is None while there is no file."""

    stamp: tuple[int, int] | None
    text: str
    last: LastLists


class KeyringSigner:
    """The ``Signer`` of a folder of keys.

    Args:
        folder: holds ``root.pub``, leaf keys, their certificates and ``revocations.txt``.
        product: what licenses and leases are for.
        now: the time, in UTC.

    Raises:
        InputError: no leaf key may sign now (``key-not-found``, ``key-outside-dates``).
    """

    def __init__(self, folder: Path, product: str, now: datetime) -> None:
        self._folder = folder
        self._product = product
        self._key = load_signing_key(folder, now)
        self._certificates = self._load_certificates()
        self._listed = _Listed(None, "", EMPTY)

    def license(self, request: IssueRequest, now: datetime) -> str:
        """Return the token of a license, read back and verified."""
        return issue(request, self._current(now), now).token

    def armor(self, token: str, revoked: list[str], now: datetime) -> str:
        """Return the license file: the token, the certificates, the newest revocation list."""
        listed = read_armor(self.revocations(revoked, now))
        # The token may be older than the last rotation, so it needs the certificate of its time.
        own = self._certificates.get(take_apart(token, LICENSE_TYPE).kid)
        certificates = [*([own] if own else []), *listed.certificates]
        return write_armor(
            Armor(
                license=token,
                revocations=listed.revocations,
                certificates=tuple(dict.fromkeys(certificates)),
            )
        )

    def revocations(self, revoked: list[str], now: datetime) -> str:
        """Return the signed list of revoked licenses; a new one, kept, when it has grown.

        Anyone may ask for it, so it is read and verified only when the file has changed.
        """
        path, key = self._folder / REVOCATIONS_FILE, self._current(now)
        stamp = _stamp(path)
        if stamp is not None and stamp != self._listed.stamp:
            text = read_text(path)
            self._listed = _Listed(stamp, text, read_list(text, key))
        if stamp is None or not self._listed.last.licenses.issuperset(revoked):
            text = next_list(self._listed.last, revoked, key, now)
            replace(path, text.encode())
            self._listed = _Listed(_stamp(path), text, read_list(text, key))
        return self._listed.text

    def lease(self, activation: Activation, now: datetime) -> str:
        """Return the signed lease of a seat, armored."""
        lease = sign_lease(
            self._current(now),
            product=self._product,
            license_id=activation.license,
            activation_id=activation.id,
            fingerprint=activation.fingerprint,
            now=now,
            expires=moment(activation.expires_at),
        )
        return lease.armor

    def _current(self, now: datetime) -> SigningKey:
        """Return the key, or the next one when it has ended: rotation needs no restart."""
        if now.timestamp() >= self._key.claims.expires_at:
            self._key = load_signing_key(self._folder, now)
            self._certificates = self._load_certificates()
        return self._key

    def _load_certificates(self) -> dict[str, str]:
        trust = self._key.trust()
        found: dict[str, str] = {}
        for leaf in load_certificates(self._folder):
            (certificate,) = read_armor(read_text(leaf.path)).certificates
            found |= dict.fromkeys(trust.leaves([certificate]), certificate)
        return found


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return what changes when a file is replaced."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_mtime_ns
