# SPDX-License-Identifier: Apache-2.0
"""Customers, licenses and activations as values, and the requests that make them."""

from datetime import datetime
from typing import Annotated, Generic, Literal, TypeVar

from msgspec import Meta, Struct

Status = Literal["scheduled", "active", "trial", "grace", "expired", "revoked"]
STATUSES: tuple[Status, ...] = ("scheduled", "active", "trial", "grace", "expired", "revoked")

Text = Annotated[str, Meta(min_length=1, max_length=200)]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339, with a time zone.")]
Seats = Annotated[int, Meta(ge=1, le=1_000_000)]

T = TypeVar("T")


class Page(Struct, Generic[T], frozen=True):
    """A page of a list. ``next`` is the cursor of the page after it, null at the end."""

    items: list[T]
    next: str | None


class NewCustomer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A customer to keep."""

    name: Text
    # The end is written so because `$` alone also stands before a line feed at the end.
    email: Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+$(?!\s)", max_length=254)]
    segment: Annotated[str, Meta(max_length=100)] | None = None


class Customer(Struct, frozen=True, kw_only=True):
    """Who buys."""

    id: str
    name: str
    email: str
    segment: str | None
    created: datetime


class NewLicense(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A license to issue.

    Attributes:
        customer: the customer's id.
        edition: an edition of the manifest.
        starts: now, when it is not given.
        expires: a year after the start when it is not given; for a trial, the edition's trial days.
    """

    customer: Annotated[str, Meta(max_length=100)]
    edition: Annotated[str, Meta(max_length=100)]
    seats: Seats = 1
    starts: Moment | None = None
    expires: Moment | None = None
    trial: bool = False


class Renewal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new term of a license, which ends a trial."""

    expires: Moment
    seats: Seats | None = None


class Revocation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a license is revoked; its customer is told."""

    reason: Annotated[str, Meta(max_length=500)] = ""


class License(Struct, frozen=True, kw_only=True):
    """What a customer bought, in its newest term. Seconds since 1970; the status is derived."""

    id: str
    customer: str
    edition: str
    features: list[str]
    seats: int
    trial: bool
    starts: int
    expires: int
    grace_days: int
    created_at: int
    revoked_at: int | None = None
    reason: str | None = None
    token: str = ""


class LicenseView(Struct, frozen=True, kw_only=True):
    """A license as the API shows it. ``token`` is what the product reads."""

    id: str
    customer: str
    edition: str
    features: list[str]
    status: Status
    seats: int
    trial: bool
    starts: datetime
    expires: datetime
    grace_until: datetime
    days_left: int
    created: datetime
    revoked: datetime | None
    reason: str | None
    token: str


class IssuedRegistryToken(Struct, frozen=True):
    """The password for pip and uv: the only time that it is shown."""

    token: str


class RevokedRegistryTokens(Struct, frozen=True):
    """How many registry tokens were live before."""

    revoked: int


class NewActivation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A machine that asks for a seat.

    Attributes:
        fingerprint: what stays the same on one machine; the same one gets the same seat.
        lease_seconds: how long the seat is kept without a heartbeat. A container that may vanish
            asks for minutes, so that it leaks no seat; nobody gets more than the server's limit.
    """

    fingerprint: Annotated[str, Meta(min_length=1, max_length=200)]
    name: Annotated[str, Meta(max_length=200)] = ""
    lease_seconds: Annotated[int, Meta(ge=60)] | None = None


class Activation(Struct, frozen=True, kw_only=True):
    """A seat that a machine took. Seconds since 1970."""

    id: str
    license: str
    fingerprint: str
    name: str
    created_at: int
    seen_at: int
    lease_seconds: int
    expires_at: int


class Lease(Struct, frozen=True, kw_only=True):
    """The answer to an activation or a heartbeat. ``lease`` is signed and works offline."""

    id: str
    lease: str
    expires: datetime


class ActivationView(Struct, frozen=True, kw_only=True):
    """An activation as the API shows it."""

    id: str
    license: str
    fingerprint: str
    name: str
    live: bool
    created: datetime
    seen: datetime
    expires: datetime
