# SPDX-License-Identifier: Apache-2.0
"""What is issued, as values: the request of a license, and the license that came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from coreline_sdk.claims import LicenseClaims, Limits

DAYS_MAX = 400
"""The mint ceiling: a year and the days in which a renewal is argued about."""


@dataclass(frozen=True, kw_only=True)
class IssueRequest:
    """A license to be signed. Times are aware datetimes, kept to the second.

    Attributes:
        product: the product's name, the token's ``aud``.
        issuer: the vendor, such as its domain.
        license_id: letters, digits and ``._:@-``, at most 128.
        customer_id: of the same form.
        customer: the name to show.
        features: names, each with its limits; empty limits for a plain feature.
        seats: None when seats are not counted.
    """

    product: str
    issuer: str
    license_id: str
    customer_id: str
    customer: str
    edition: str
    features: Mapping[str, Limits]
    starts: datetime
    expires: datetime
    seats: int | None = None
    grace_days: int = 0
    trial: bool = False
    segment: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssuedLicense:
    """A signed license, read back and verified.

    Attributes:
        token: the compact token, which is also the customer's credential at the server.
        armor: the file for the customer: token, certificates, revocation list.
        claims: what the token says.
    """

    token: str
    armor: str = field(repr=False)
    claims: LicenseClaims
