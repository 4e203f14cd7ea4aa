# SPDX-License-Identifier: Apache-2.0
"""What follows from a license and the time: its status, its use, the length of a lease.

No input or output: every time is passed in, in seconds since 1970.
"""

import math
from datetime import UTC, datetime, timedelta

from coreline.errors import CorelineError, InputError
from coreline_server.licensing.model import (
    Activation,
    ActivationView,
    License,
    LicenseView,
    Status,
)

DAY_SECONDS = 86_400
YEAR = timedelta(days=365)
LIVE: frozenset[Status] = frozenset({"active", "trial", "grace"})


def status(license: License, now: int) -> Status:
    """Derive the status. Rights end only by a revocation or a date, so nothing else is stored."""
    if license.revoked_at is not None:
        return "revoked"
    if now < license.starts:
        return "scheduled"
    if now < license.expires:
        return "trial" if license.trial else "active"
    return "grace" if now < dead_at(license) else "expired"


def dead_at(license: License) -> int:
    """Return when the grace ends."""
    return license.expires + license.grace_days * DAY_SECONDS


def days_left(license: License, now: int) -> int:
    """Return the days until the license expires, rounded up; 0 when it is over."""
    if license.revoked_at is not None:
        return 0
    return max(0, math.ceil((license.expires - now) / DAY_SECONDS))


def require_live(license: License, now: int) -> None:
    """Refuse a license that may not be used now, and say why.

    Raises:
        InputError: ``license-revoked``, ``license-not-started`` or ``license-expired``.
    """
    found = status(license, now)
    if found not in LIVE:
        raise _refusal(license, found)


def _refusal(license: License, found: Status) -> CorelineError:
    if found == "revoked":
        why = f": {license.reason}" if license.reason else "."
        on = day(license.revoked_at or 0)
        sentence = f"License {license.id} was revoked on {on}{why}"
        return InputError("license-revoked", sentence, "Ask the vendor.")
    if found == "scheduled":
        sentence = f"License {license.id} starts on {day(license.starts)}."
        return InputError("license-not-started", sentence, "Wait for that day, or ask the vendor.")
    sentence = f"License {license.id} expired on {day(license.expires)}."
    return InputError("license-expired", sentence, "Renew it; the core keeps running meanwhile.")


def lease_end(license: License, now: int, wanted: int | None, limit: int) -> int:
    """Return when a lease ends: as asked, at most the limit, never after the license is dead."""
    return min(now + min(wanted or limit, limit), dead_at(license))


def seats_exhausted(license: License, oldest: list[Activation]) -> CorelineError:
    """Make the refusal of a seat, naming the oldest leases, which end first."""
    held = "; ".join(
        f"{seat.name or seat.fingerprint} ({seat.id}, last seen {_minute(seat.seen_at)})"
        for seat in oldest
    )
    return InputError(
        "seats-exhausted",
        f"All {license.seats} seats of license {license.id} are taken.",
        f"Free one with DELETE /v1/activations/ID, or wait for its lease to end. Oldest: {held}.",
    )


def view(license: License, now: int) -> LicenseView:
    """Return what the API shows of a license."""
    return LicenseView(
        id=license.id,
        customer=license.customer,
        edition=license.edition,
        features=license.features,
        status=status(license, now),
        seats=license.seats,
        trial=license.trial,
        starts=moment(license.starts),
        expires=moment(license.expires),
        grace_until=moment(dead_at(license)),
        days_left=days_left(license, now),
        created=moment(license.created_at),
        revoked=None if license.revoked_at is None else moment(license.revoked_at),
        reason=license.reason,
        token=license.token,
    )


def seat_view(activation: Activation, now: int) -> ActivationView:
    """Return what the API shows of an activation."""
    return ActivationView(
        id=activation.id,
        license=activation.license,
        fingerprint=activation.fingerprint,
        name=activation.name,
        live=activation.expires_at > now,
        created=moment(activation.created_at),
        seen=moment(activation.seen_at),
        expires=moment(activation.expires_at),
    )


def moment(at: int) -> datetime:
    """Return a time in UTC."""
    return datetime.fromtimestamp(at, UTC)


def day(at: int) -> str:
    """Return the day as YYYY-MM-DD."""
    return moment(at).date().isoformat()


def _minute(at: int) -> str:
    return moment(at).strftime("%Y-%m-%d %H:%MZ")
