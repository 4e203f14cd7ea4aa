# SPDX-License-Identifier: Apache-2.0
"""The shop floor: customers' machines take seats, keep them by heartbeats, and free them.

The caller is the license itself: its token, of any of its terms, is the credential. A token that
was not issued here is unknown, whatever its signature says.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from coreline.errors import CorelineError, InputError
from coreline_server.licensing import pages, rules
from coreline_server.licensing.desk import new_id
from coreline_server.licensing.model import (
    Activation,
    ActivationView,
    Lease,
    License,
    LicenseView,
    NewActivation,
    Page,
)
from coreline_server.licensing.store import LicensingStore, Signer, Taken


class Floor:
    """Seats.

    Args:
        store: keeps them.
        signer: signs leases.
        clock: the time, in UTC.
        lease_seconds: the longest lease.
        entropy: gives so many random bytes.
    """

    def __init__(
        self,
        store: LicensingStore,
        signer: Signer,
        *,
        clock: Callable[[], datetime],
        lease_seconds: int,
        entropy: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._store = store
        self._signer = signer
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._entropy = entropy

    def license(self, token: str) -> License:
        """Return the license of a token, dead or alive.

        Raises:
            InputError: the token was not issued here (``license-unknown``).
        """
        found = self._store.license_of_token(hashlib.sha256(token.encode()).digest())
        if found is None:
            raise InputError(
                "license-unknown",
                "The token is not of a license that was issued here.",
                "Send the license token, the middle part of the license file, as Bearer.",
            )
        return found

    def validate(self, license: License) -> LicenseView:
        """Return the license with its newest token, so that a renewal reaches the machine."""
        return rules.view(license, self._now())

    async def activate(self, license: License, new: NewActivation) -> Lease:
        """Take a seat; the same fingerprint gets the same seat again.

        Raises:
            InputError: ``seats-exhausted``, or the license is dead, with the reason.
        """
        now = self._now()
        rules.require_live(license, now)
        wanted = Activation(
            id=new_id("ACT", self._entropy),
            license=license.id,
            fingerprint=new.fingerprint,
            name=new.name,
            created_at=now,
            seen_at=now,
            lease_seconds=min(new.lease_seconds or self._lease_seconds, self._lease_seconds),
            expires_at=rules.lease_end(license, now, new.lease_seconds, self._lease_seconds),
        )
        taken = await self._store.activate(license, wanted)
        if isinstance(taken, Taken):
            raise rules.seats_exhausted(license, taken.oldest)
        return self._lease(taken, now)

    async def heartbeat(self, license: License, activation_id: str) -> Lease:
        """Extend a lease by the time that was asked for when the seat was taken.

        Raises:
            InputError: ``activation-not-found``, ``activation-lapsed``, or the license is dead.
        """
        now = self._now()
        kept = self._own(license, activation_id)
        rules.require_live(license, now)
        expires_at = rules.lease_end(license, now, kept.lease_seconds, self._lease_seconds)
        extended = replace(kept, seen_at=now, expires_at=expires_at)
        if not await self._store.heartbeat(extended):
            raise InputError(
                "activation-lapsed",
                f"The lease of {activation_id} ended on {rules.moment(kept.expires_at)}.",
                "Activate again, with the same fingerprint.",
            )
        return self._lease(extended, now)

    async def release(self, license: License, activation_id: str) -> None:
        """Free a seat. A dead license may do this too.

        Raises:
            InputError: ``activation-not-found``.
        """
        if not await self._store.release(activation_id, license.id):
            raise _not_found(activation_id)

    def taken(self, license_id: str) -> int:
        """Return how many seats of a license are taken now."""
        return self._store.seats_taken(license_id, self._now())

    def activations(
        self, cursor: str | None = None, limit: int = pages.LIMIT, license_id: str | None = None
    ) -> Page[ActivationView]:
        """Return a page of activations, newest first, lapsed ones too."""
        found = self._store.activations(pages.decode(cursor), limit + 1, license_id=license_id)
        page = pages.cut(found, limit, lambda row: pages.Cursor(row.created_at, row.id))
        now = self._now()
        return Page([rules.seat_view(row, now) for row in page.items], page.next)

    def _own(self, license: License, activation_id: str) -> Activation:
        kept = self._store.activation(activation_id)
        # Another customer's activation is answered like none: ids tell nothing.
        if kept is None or kept.license != license.id:
            raise _not_found(activation_id)
        return kept

    def _lease(self, activation: Activation, now: int) -> Lease:
        return Lease(
            id=activation.id,
            lease=self._signer.lease(activation, rules.moment(now)),
            expires=rules.moment(activation.expires_at),
        )

    def _now(self) -> int:
        return int(self._clock().timestamp())


def _not_found(activation_id: str) -> CorelineError:
    return InputError(
        "activation-not-found",
        f"The license has no activation {activation_id}.",
        "Activate first with POST /v1/activations.",
    )
