# SPDX-License-Identifier: Apache-2.0
"""What licensing needs from outside: a store, and someone who signs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from coreline.licensing.model import IssueRequest
from coreline_server.licensing.model import Activation, Customer, License, Status
from coreline_server.licensing.pages import Cursor


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asked for a change and when; a retry of the same request has the same key.

    Attributes:
        who: the caller's name, for the audit log.
        now: seconds since 1970, UTC.
        key: the request's idempotency key, if it has one.
        request: the SHA-256 of what was asked for, to notice a key that is used twice.
    """

    who: str
    now: int
    key: str | None = None
    request: bytes = b""


@dataclass(frozen=True, slots=True)
class Taken:
    """All seats are taken: the activations whose leases end first."""

    oldest: list[Activation]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many there are: customers, licenses by their status, seats that are taken now."""

    customers: int
    licenses: Mapping[Status, int]
    seats: int


class LicensingStore(Protocol):
    """Keeps customers, licenses and activations. What a method returns is durable.

    The methods that add take an ``Origin`` and return the id of what is kept: of an earlier one, if
    the origin's key was used before.

    Raises:
        InputError: from these, ``idempotency-key-reused``.
    """

    def earlier(self, origin: Origin) -> str | None:
        """Return the id that an earlier request with the same key made."""
        ...

    async def add_customer(self, customer: Customer, origin: Origin) -> str:
        """Keep a customer."""
        ...

    def customer(self, customer_id: str) -> Customer | None:
        """Return a customer."""
        ...

    def customers(self, after: Cursor | None, limit: int) -> list[Customer]:
        """Return customers, newest first, after a row of the page before."""
        ...

    async def add_license(self, license: License, origin: Origin) -> str:
        """Keep a license and its first term."""
        ...

    async def renew(self, license: License, origin: Origin) -> str | None:
        """Keep another term of a license: its token, its dates, its seats, trial or not.

        None, and nothing is kept, if the license runs as long already.
        """
        ...

    async def revoke(self, license_id: str, reason: str, origin: Origin) -> bool:
        """Revoke a license; False if it was revoked before."""
        ...

    def license(self, license_id: str) -> License | None:
        """Return a license in its newest term."""
        ...

    def license_of_token(self, token_sha256: bytes) -> License | None:
        """Return the license that a token of any of its terms belongs to."""
        ...

    def licenses(
        self,
        after: Cursor | None,
        limit: int,
        *,
        now: int,
        customer: str | None = None,
        status: Status | None = None,
    ) -> list[License]:
        """Return licenses, newest first."""
        ...

    def tally(self, now: int) -> Tally:
        """Count everything."""
        ...

    def seats_taken(self, license_id: str, now: int) -> int:
        """Count the live leases of a license."""
        ...

    def revoked(self) -> list[str]:
        """Return the ids of all revoked licenses, in the order of their revocation."""
        ...

    async def add_registry_token(self, license_id: str, digest: bytes, origin: Origin) -> None:
        """Keep the hash of a registry token."""
        ...

    async def revoke_registry_tokens(self, license_id: str, origin: Origin) -> int:
        """Make all registry tokens of a license useless; return how many were live."""
        ...

    def registry_tokens(self, license_id: str) -> int:
        """Count the live registry tokens of a license."""
        ...

    async def activate(self, license: License, wanted: Activation) -> Activation | Taken:
        """Take a seat, or find the one that the fingerprint has; never more than there are."""
        ...

    async def heartbeat(self, activation: Activation) -> bool:
        """Extend a live lease; False if it has lapsed or was freed."""
        ...

    async def release(self, activation_id: str, license_id: str) -> bool:
        """Free a seat of a license; False if the license has none such."""
        ...

    def activation(self, activation_id: str) -> Activation | None:
        """Return an activation."""
        ...

    def activations(
        self, after: Cursor | None, limit: int, *, license_id: str | None = None
    ) -> list[Activation]:
        """Return activations, newest first, lapsed ones too."""
        ...


class Signer(Protocol):
    """Signs with the vendor's leaf key."""

    def license(self, request: IssueRequest, now: datetime) -> str:
        """Return the token of a license, read back and verified.

        Raises:
            InputError: the key may not sign this, such as too long a term.
        """
        ...

    def armor(self, token: str, revoked: list[str], now: datetime) -> str:
        """Return the license file: the token, the certificates, the newest revocation list."""
        ...

    def revocations(self, revoked: list[str], now: datetime) -> str:
        """Return the signed list of revoked licenses, armored."""
        ...

    def lease(self, activation: Activation, now: datetime) -> str:
        """Return the signed lease of a seat, armored."""
        ...
