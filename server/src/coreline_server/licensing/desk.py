# SPDX-License-Identifier: Apache-2.0
"""The vendor's desk: customers and licenses are made, renewed, revoked and shown here."""

import dataclasses
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime

import msgspec

from coreline.errors import InputError, NothingToDo
from coreline.licensing.model import IssueRequest
from coreline.licensing.rules import request_for
from coreline.manifest.model import Edition, Manifest
from coreline_sdk.claims import Limits
from coreline_server.licensing import pages, rules
from coreline_server.licensing.model import (
    Customer,
    License,
    LicenseView,
    NewCustomer,
    NewLicense,
    Page,
    Renewal,
    Revocation,
    Status,
)
from coreline_server.licensing.store import LicensingStore, Origin, Signer, Tally

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def new_id(prefix: str, entropy: Callable[[int], bytes]) -> str:
    """Make an id that is read aloud without mistakes: 12 of 32 letters, 60 bits."""
    return prefix + "-" + "".join(ALPHABET[byte % 32] for byte in entropy(12))


class Desk:
    """Customers and licenses.

    Args:
        store: keeps them.
        signer: signs license tokens.
        manifest: its editions say which features are sold.
        clock: the time, in UTC.
        entropy: gives so many random bytes.
    """

    def __init__(
        self,
        store: LicensingStore,
        signer: Signer,
        manifest: Manifest,
        *,
        clock: Callable[[], datetime],
        entropy: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._store = store
        self._signer = signer
        self._manifest = manifest
        self._clock = clock
        self._entropy = entropy

    def now(self) -> int:
        """Return the time in seconds since 1970."""
        return int(self._clock().timestamp())

    def editions(self) -> dict[str, Edition]:
        """Return what can be sold."""
        return dict(self._manifest.editions)

    # Customers -----------------------------------------------------------------------------------

    async def add_customer(self, new: NewCustomer, who: str, key: str | None = None) -> Customer:
        """Keep a customer, once for each idempotency key."""
        segments = self._manifest.segments
        if new.segment is not None and segments and new.segment not in segments:
            raise InputError(
                "segment-unknown",
                f"The manifest has no segment {new.segment}.",
                f"Use one of: {', '.join(sorted(segments))}.",
            )
        # Its licenses carry the name; what cannot be signed is refused before anything is kept.
        if not new.name.isprintable() or not new.name.strip():
            raise InputError(
                "text-not-printable",
                f"The name {new.name!r} cannot be shown.",
                "Write it without line ends and control characters.",
            )
        origin = self._origin(who, key, new)
        now = rules.moment(origin.now)
        customer = Customer(
            id=new_id("CUS", self._entropy),
            name=new.name,
            email=new.email,
            segment=new.segment,
            created=now,
        )
        return self.customer(await self._store.add_customer(customer, origin))

    def customer(self, customer_id: str) -> Customer:
        """Return a customer.

        Raises:
            InputError: there is none with this id (``customer-not-found``).
        """
        found = self._store.customer(customer_id)
        if found is None:
            raise InputError("customer-not-found", f"There is no customer {customer_id}.")
        return found

    def customers(self, cursor: str | None = None, limit: int = pages.LIMIT) -> Page[Customer]:
        """Return a page of customers, newest first."""
        found = self._store.customers(pages.decode(cursor), limit + 1)
        return pages.cut(
            found, limit, lambda row: pages.Cursor(int(row.created.timestamp()), row.id)
        )

    # Licenses ------------------------------------------------------------------------------------

    async def issue(self, new: NewLicense, who: str, key: str | None = None) -> LicenseView:
        """Issue a license, once for each idempotency key.

        Raises:
            InputError: ``customer-not-found``, ``edition-unknown``, ``idempotency-key-reused``,
                a trial that is not offered, or a term that the signing key may not sign.
        """
        origin = self._origin(who, key, new)
        earlier = self._store.earlier(origin)
        if earlier is not None:
            return self.license(earlier)
        try:
            license = self._first_term(new, self.customer(new.customer), origin.now)
        except OverflowError as error:
            raise InputError(
                "date-out-of-range", "The license would end after 9999.", "Give another date."
            ) from error
        return self.license(await self._store.add_license(license, origin))

    async def renew(
        self, license_id: str, renewal: Renewal, who: str, key: str | None = None
    ) -> LicenseView:
        """Add a term: the same license with a new token. Seats and registry tokens stay.

        Raises:
            InputError: ``license-not-found``, ``license-revoked``, ``renewal-too-short``, or a
                term that the signing key may not sign.
        """
        origin = self._origin(who, key, renewal, license_id)
        earlier = self._store.earlier(origin)
        if earlier is not None:
            return self.license(earlier)
        license = self._kept(license_id)
        if license.revoked_at is not None:
            rules.require_live(license, origin.now)
        if renewal.expires <= rules.moment(license.expires):
            raise _too_short(license)
        license = self._next_term(license, renewal, origin.now)
        if await self._store.renew(license, origin) is None:
            # Another renewal was faster and gave the license a later end, which it keeps.
            raise _too_short(self._kept(license_id))
        return self.license(license_id)

    async def revoke(self, license_id: str, revocation: Revocation, who: str) -> LicenseView:
        """End a license by a signed statement: the revocation list names it from now on.

        Raises:
            InputError: ``license-not-found``.
            NothingToDo: it was revoked before (``license-revoked-already``).
        """
        license = self._kept(license_id)
        if not await self._store.revoke(license.id, revocation.reason, self._origin(who)):
            raise NothingToDo("license-revoked-already", f"License {license_id} is revoked.")
        return self.license(license_id)

    def license(self, license_id: str) -> LicenseView:
        """Return a license with its status of this moment.

        Raises:
            InputError: there is none with this id (``license-not-found``).
        """
        return rules.view(self._kept(license_id), self.now())

    def licenses(
        self,
        cursor: str | None = None,
        limit: int = pages.LIMIT,
        *,
        customer: str | None = None,
        status: Status | None = None,
    ) -> Page[LicenseView]:
        """Return a page of licenses, newest first."""
        now = self.now()
        found = self._store.licenses(
            pages.decode(cursor), limit + 1, now=now, customer=customer, status=status
        )
        page = pages.cut(found, limit, lambda row: pages.Cursor(row.created_at, row.id))
        return Page([rules.view(license, now) for license in page.items], page.next)

    def tally(self) -> Tally:
        """Count customers, licenses by status, and seats that are taken."""
        return self._store.tally(self.now())

    def file(self, license_id: str) -> str:
        """Return the license file for the customer, which works without any network."""
        token = self._kept(license_id).token
        return self._signer.armor(token, self._store.revoked(), self._clock())

    def revocations(self) -> str:
        """Return the signed list of revoked licenses."""
        return self._signer.revocations(self._store.revoked(), self._clock())

    async def registry_token(self, license_id: str, who: str) -> str:
        """Make a token with which pip and uv fetch the wrap; only its hash is kept.

        Raises:
            InputError: ``license-not-found``.
        """
        license = self._kept(license_id)
        token = "clr_" + self._entropy(32).hex()
        digest = hashlib.sha256(token.encode()).digest()
        await self._store.add_registry_token(license.id, digest, self._origin(who))
        return token

    async def revoke_registry_tokens(self, license_id: str, who: str) -> int:
        """Make all registry tokens of a license useless, as when one leaked; the license lives on.

        Raises:
            InputError: ``license-not-found``.
        """
        license = self._kept(license_id)
        return await self._store.revoke_registry_tokens(license.id, self._origin(who))

    def registry_tokens(self, license_id: str) -> int:
        """Return how many live registry tokens a license has."""
        return self._store.registry_tokens(license_id)

    # Parts ---------------------------------------------------------------------------------------

    def _kept(self, license_id: str) -> License:
        found = self._store.license(license_id)
        if found is None:
            raise InputError("license-not-found", f"There is no license {license_id}.")
        return found

    def _first_term(self, new: NewLicense, customer: Customer, now: int) -> License:
        at = rules.moment(now)
        request = request_for(
            self._manifest,
            new.edition,
            license_id=new_id("LIC", self._entropy),
            customer_id=customer.id,
            customer=customer.name,
            now=at,
            starts=new.starts,
            expires=new.expires or (None if new.trial else (new.starts or at) + rules.YEAR),
            seats=new.seats,
            trial=new.trial,
        )
        return self._signed(request, created_at=now, now=at)

    def _next_term(self, license: License, renewal: Renewal, now: int) -> License:
        at, customer = rules.moment(now), self.customer(license.customer)
        request = request_for(
            self._manifest,
            license.edition,
            license_id=license.id,
            customer_id=customer.id,
            customer=customer.name,
            now=at,
            starts=rules.moment(license.starts),
            expires=renewal.expires,
            seats=renewal.seats or license.seats,
        )
        no_limits: Limits = {}
        # A renewal never takes away what was bought, even if the edition lost a feature.
        bought = {**dict.fromkeys(license.features, no_limits), **request.features}
        request = dataclasses.replace(request, features=bought)
        return self._signed(request, created_at=license.created_at, now=at)

    def _signed(self, request: IssueRequest, *, created_at: int, now: datetime) -> License:
        return License(
            id=request.license_id,
            customer=request.customer_id,
            edition=request.edition,
            features=list(request.features),
            seats=request.seats or 1,
            trial=request.trial,
            starts=int(request.starts.timestamp()),
            expires=int(request.expires.timestamp()),
            grace_days=request.grace_days,
            created_at=created_at,
            token=self._signer.license(request, now),
        )

    def _origin(
        self,
        who: str,
        key: str | None = None,
        request: msgspec.Struct | None = None,
        what: str = "",
    ) -> Origin:
        body = type(request).__name__.encode() + what.encode() + msgspec.json.encode(request)
        return Origin(who, self.now(), key, hashlib.sha256(body).digest())


def _too_short(license: License) -> InputError:
    return InputError(
        "renewal-too-short",
        f"The license runs until {rules.day(license.expires)} already.",
        "Give a later end.",
    )
