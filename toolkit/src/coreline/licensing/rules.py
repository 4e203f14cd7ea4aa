# SPDX-License-Identifier: Apache-2.0
"""What may be issued: an edition of the manifest, for how long, as a trial or not."""

import re
from datetime import UTC, datetime, timedelta

from coreline.errors import InputError
from coreline.licensing.keys import seconds
from coreline.licensing.model import IssueRequest
from coreline.manifest.model import Edition, Manifest
from coreline_sdk.claims import (
    FEATURES_MAX,
    GRACE_DAYS_MAX,
    SEATS_MAX,
    TEXT_LENGTH_MAX,
    TIME_MAX,
    TIME_MIN,
    KeyClaims,
)

EARLY = timedelta(days=1)
"""How long before its issue a license begins: a machine that takes local time for UTC is up to
fourteen hours behind, and a new customer's first sight should not be ``not-yet-valid``."""

DAY = 86_400
_LAST_DAY = datetime(2100, 1, 1, tzinfo=UTC)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}")


def request_for(
    manifest: Manifest,
    edition: str,
    *,
    license_id: str,
    customer_id: str,
    customer: str,
    now: datetime,
    starts: datetime | None = None,
    expires: datetime | None = None,
    seats: int | None = None,
    trial: bool = False,
) -> IssueRequest:
    """Return the request of a license for an edition, with its features and grace days.

    Args:
        manifest: where the edition is written down.
        edition: its name.
        license_id, customer_id, customer: as in ``IssueRequest``.
        now: aware.
        starts: None for a day before now.
        expires: None for a trial's own days after now.
        seats: None when seats are not counted.
        trial: a trial has the edition's ``trial_days`` at most and no grace days.

    Raises:
        InputError: ``edition-unknown``, ``trial-not-offered``, ``trial-too-long``,
            ``expiry-missing``.
    """
    sold = _edition(manifest, edition)
    return IssueRequest(
        product=manifest.product.name,
        issuer=next(iter(manifest.product.vendor), manifest.product.name),
        license_id=license_id,
        customer_id=customer_id,
        customer=customer,
        edition=edition,
        features={name: {} for name in sold.features},
        starts=starts or now - EARLY,
        expires=_trial_end(edition, sold, starts or now, expires) if trial else _end(expires),
        seats=seats,
        grace_days=0 if trial else sold.grace_days,
        trial=trial,
        segment=sold.segment,
    )


def check_request(request: IssueRequest, key: KeyClaims, now: int) -> None:
    """Check that a key may sign a request now.

    Raises:
        InputError: with the first reason against it.
    """
    if not key.starts_at <= now < key.expires_at:
        raise InputError(
            "key-outside-dates",
            "The signing key is outside its dates.",
            "Make a new one under the same root key: coreline keys rotate.",
        )
    if "license" not in key.purposes:
        raise InputError(
            "key-purpose-wrong",
            "This key may not sign licenses.",
            "Make one that may: coreline keys rotate.",
        )
    _check_dates(request)
    starts, expires = seconds(request.starts), seconds(request.expires)
    if expires <= max(starts, now):
        raise InputError(
            "expiry-too-early", "The license would end before it begins.", "Give a later --expires."
        )
    if expires - now > key.days_max * DAY:
        raise InputError(
            "license-too-long",
            f"The license would last {-(-(expires - now) // DAY)} days; "
            f"this key may sign {key.days_max} at most.",
            "Issue a shorter license and renew it. A longer ceiling is certified with "
            "coreline keys rotate --license-days.",
        )
    _check_fields(request)


def _check_fields(request: IssueRequest) -> None:
    check_id("The license's id", request.license_id)
    check_id("The customer's id", request.customer_id)
    for name in ("product", "issuer", "customer"):
        text = getattr(request, name)
        if not 1 <= len(text) <= TEXT_LENGTH_MAX:
            raise InputError(
                "text-length-wrong",
                f"The {name} has {len(text)} characters, not 1 to {TEXT_LENGTH_MAX}.",
                "Shorten it." if text else "Give one.",
            )
        # Products and consoles show these texts, and half a character cannot be signed.
        if not text.isprintable():
            raise InputError(
                "text-not-printable",
                f"The {name} {text!r} has characters that cannot be shown.",
                "Write it without line ends and control characters, in UTF-8.",
            )
    if request.seats is not None and not 1 <= request.seats <= SEATS_MAX:
        raise InputError(
            "seats-out-of-range",
            f"{request.seats} is no number of seats.",
            f"Give one from 1 to {SEATS_MAX}, or leave it out where seats are not counted.",
        )
    if not 0 <= request.grace_days <= GRACE_DAYS_MAX:
        raise InputError(
            "grace-out-of-range",
            f"grace_days is {request.grace_days}, not 0 to {GRACE_DAYS_MAX}.",
            "Correct grace_days of the edition.",
        )
    if len(request.features) > FEATURES_MAX:
        raise InputError(
            "features-too-many",
            f"A license holds {FEATURES_MAX} features at most.",
            "Sell them as fewer features, or in several editions.",
        )


def check_id(what: str, given: str) -> None:
    """Check that an id is one.

    Raises:
        InputError: ``id-malformed``.
    """
    if not _ID.fullmatch(given):
        raise InputError(
            "id-malformed",
            f"{what} {given!r} is no id.",
            "Use letters, digits and . _ : @ -, at most 128, beginning with a letter or digit.",
        )


def _check_dates(request: IssueRequest) -> None:
    """Check that products take the dates for dates."""
    for moment in (request.starts, request.expires):
        if not TIME_MIN <= seconds(moment) <= TIME_MAX:
            raise InputError(
                "date-out-of-range",
                f"{moment:%Y-%m-%d} is not between 2000 and 2099.",
                "Give another date.",
            )


def _edition(manifest: Manifest, name: str) -> Edition:
    edition = manifest.editions.get(name)
    if edition is None:
        known = ", ".join(sorted(manifest.editions)) or "none"
        raise InputError(
            "edition-unknown",
            f"The manifest has no edition {name}.",
            f"It has: {known}.",
        )
    return edition


def _end(expires: datetime | None) -> datetime:
    if expires is None:
        raise InputError(
            "expiry-missing", "A license needs an end.", "Give --days or --expires, or --trial."
        )
    return expires


def _trial_end(name: str, sold: Edition, starts: datetime, expires: datetime | None) -> datetime:
    if sold.trial_days == 0:
        raise InputError(
            "trial-not-offered",
            f"The edition {name} offers no trial.",
            f"Set trial_days under [editions.{name}].",
        )
    # A day of the year 9999 is refused later, as a date; adding days to it must not fall.
    latest = min(starts, _LAST_DAY) + timedelta(days=sold.trial_days)
    if expires is not None and expires > latest:
        raise InputError(
            "trial-too-long",
            f"A trial of {name} lasts {sold.trial_days} days, so until {latest:%Y-%m-%d}.",
            "Leave out --expires and --days.",
        )
    return expires or latest
