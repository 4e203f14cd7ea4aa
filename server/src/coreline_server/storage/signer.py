# SPDX-License-Identifier: Apache-2.0
"""Signs with the leaf key of a folder, as ``coreline keys new`` makes it. No root key is needed."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from coreline.licensing.issue import issue
from coreline.licensing.keyring import (
    REVOCATIONS_FILE,
    load_certificates,
    load_root_public,
    load_signing_key,
    locked,
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
        InputError: no leaf key may sign now (``key-not-found``, ``key-outside-dates``,
            ``key-revoked``).
    """

    def __init__(self, folder: Path, product: str, now: datetime) -> None:
        self._folder = folder
        self._product = product
        self._listed = _Listed(None, "", EMPTY)
        self._key = load_signing_key(folder, now, revoked=self._read().last.keys)
        self._certificates = self._load_certificates()

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
        """Return the signed list of revoked licenses; a new one, kept, when it has grown."""
        listed = self._read()
        if listed.stamp is not None and listed.last.licenses.issuperset(revoked):
            return listed.text
        # The operator's own ``coreline license revoke`` may be writing the next list just now.
        with locked(self._folder):
            last = self._read().last
            text = next_list(last, revoked, self._current(now), now)
            replace(self._folder / REVOCATIONS_FILE, text.encode())
        return self._read().text

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
        """Return the key, or the next one when it has ended or the root key has revoked it.

        Rotation needs no restart.
        """
        revoked = self._read().last.keys
        if now.timestamp() >= self._key.claims.expires_at or self._key.kid in revoked:
            self._key = load_signing_key(self._folder, now, revoked=revoked)
            self._certificates = self._load_certificates()
        return self._key

    def _read(self) -> _Listed:
        """Return the list; anyone may ask for it, so it is verified only when it has changed."""
        path = self._folder / REVOCATIONS_FILE
        stamp = _stamp(path)
        if stamp is None:
            # What a lost file said is still known, and the next list says it again.
            self._listed = self._listed._replace(stamp=None)
        elif stamp != self._listed.stamp:
            text = read_text(path)
            self._listed = _Listed(stamp, text, read_list(text, load_root_public(self._folder)))
        return self._listed

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
