# SPDX-License-Identifier: Apache-2.0
"""What each kind of token must say: its claims as values, checked one by one.

Claims that are not named here are ignored, so that a license of tomorrow still works in a product
of today. Whether the times allow anything now is for ``standing`` to say.
"""

import re
from typing import NamedTuple, cast

from coreline_sdk.codes import CLAIM_INVALID, Refused
from coreline_sdk.jws import KEY_ID, Json

Limits = dict[str, "int | bool | str"]

TIME_MIN = 946_684_800
"""2000-01-01: an earlier time is a mistake in a unit or a clock that was never set."""
TIME_MAX = 4_102_444_800
"""2100-01-01: a later time is milliseconds taken for seconds."""
SEATS_MAX = 10**9
GRACE_DAYS_MAX = 366
DAYS_MAX = 36_525
FEATURES_MAX = 1_000
TEXT_LENGTH_MAX = 200
PURPOSES = ("lease", "license", "revocations")
"""What a leaf that sells may sign."""
RELEASE = "release"
"""What a leaf that attests to artifacts may sign, and nothing else: it is kept where releases are
built, which is no place for a key that sells. Products meet no certificate with it."""


class _Form:
    """What a text must look like; ``lines`` is many of them, each ended by a line feed."""

    def __init__(self, pattern: str) -> None:
        self.one = re.compile(pattern)
        self.lines = re.compile(f"(?:(?:{pattern})\n)*")


_NAME = _Form("[a-z0-9][a-z0-9_-]{0,63}")
_ID = _Form("[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}")
_KID = _Form(KEY_ID.pattern)
_PURPOSE = _Form("|".join((*PURPOSES, RELEASE)))


class LicenseClaims(NamedTuple):
    """What a license says. Times are seconds since 1970 (RFC 7519, NumericDate)."""

    issuer: str
    customer_id: str
    customer: str
    product: str
    license_id: str
    issued_at: int
    starts_at: int
    expires_at: int
    edition: str
    features: dict[str, Limits]
    seats: int | None
    grace_days: int
    trial: bool
    segment: str | None


class KeyClaims(NamedTuple):
    """What a root key certifies about a leaf key."""

    kid: str
    public: str
    issued_at: int
    starts_at: int
    expires_at: int
    purposes: tuple[str, ...]
    days_max: int


class RevocationClaims(NamedTuple):
    """A numbered list of what no longer holds. The highest number seen counts."""

    number: int
    issued_at: int
    licenses: frozenset[str]
    keys: frozenset[str]


class LeaseClaims(NamedTuple):
    """A seat that a machine holds for a while."""

    product: str
    license_id: str
    activation_id: str
    fingerprint: str
    issued_at: int
    expires_at: int


def read_license(claims: dict[str, Json]) -> LicenseClaims:
    """Return the claims of a license.

    Raises:
        Refused: a claim is missing or not of its kind (``claim-invalid``), with its name.
    """
    issued_at, starts_at, expires_at = _dates(claims)
    return LicenseClaims(
        issuer=_text(claims, "iss"),
        customer_id=_matching(claims, "sub", _ID),
        customer=_text(claims, "customer"),
        product=_text(claims, "aud"),
        license_id=_matching(claims, "jti", _ID),
        issued_at=issued_at,
        starts_at=starts_at,
        expires_at=expires_at,
        edition=_matching(claims, "edition", _NAME),
        features=_features(claims),
        seats=_integer(claims, "seats", 1, SEATS_MAX) if "seats" in claims else None,
        grace_days=_integer(claims, "grace_days", 0, GRACE_DAYS_MAX),
        trial=_flag(claims, "trial"),
        segment=_matching(claims, "segment", _NAME) if "segment" in claims else None,
    )


def read_key(claims: dict[str, Json]) -> KeyClaims:
    """Return the claims of a key certificate.

    Raises:
        Refused: ``claim-invalid``, with the claim's name.
    """
    purposes = _names(claims, "purposes", _PURPOSE)
    if not purposes:
        raise Refused(CLAIM_INVALID, "purposes")
    issued_at, starts_at, expires_at = _dates(claims)
    return KeyClaims(
        kid=_matching(claims, "sub", _KID),
        public=_matching(claims, "x", _KID),
        issued_at=issued_at,
        starts_at=starts_at,
        expires_at=expires_at,
        purposes=tuple(purposes),
        days_max=_integer(claims, "days_max", 1, DAYS_MAX),
    )


def read_revocations(claims: dict[str, Json]) -> RevocationClaims:
    """Return the claims of a revocation list.

    Raises:
        Refused: ``claim-invalid``, with the claim's name.
    """
    return RevocationClaims(
        number=_integer(claims, "number", 1, 2**53 - 1),
        issued_at=_time(claims, "iat"),
        licenses=frozenset(_names(claims, "licenses", _ID)),
        keys=frozenset(_names(claims, "keys", _KID)),
    )


def read_lease(claims: dict[str, Json]) -> LeaseClaims:
    """Return the claims of a lease.

    Raises:
        Refused: ``claim-invalid``, with the claim's name.
    """
    return LeaseClaims(
        product=_text(claims, "aud"),
        license_id=_matching(claims, "sub", _ID),
        activation_id=_matching(claims, "jti", _ID),
        fingerprint=_text(claims, "fingerprint"),
        issued_at=_time(claims, "iat"),
        expires_at=_time(claims, "exp"),
    )


def _time(claims: dict[str, Json], name: str) -> int:
    return _integer(claims, name, TIME_MIN, TIME_MAX)


def _dates(claims: dict[str, Json]) -> tuple[int, int, int]:
    """Return ``iat``, ``nbf`` and ``exp``, which must come after both of the others."""
    issued, starts, ends = _time(claims, "iat"), _time(claims, "nbf"), _time(claims, "exp")
    if ends <= issued or ends <= starts:
        raise Refused(CLAIM_INVALID, "exp")
    return issued, starts, ends


def _integer(claims: dict[str, Json], name: str, least: int, most: int) -> int:
    value = claims.get(name)
    # True is an int in Python, but not a number in JSON.
    if type(value) is not int or not least <= value <= most:
        raise Refused(CLAIM_INVALID, name)
    return value


def _flag(claims: dict[str, Json], name: str) -> bool:
    value = claims.get(name)
    if type(value) is not bool:
        raise Refused(CLAIM_INVALID, name)
    return value


def _text(claims: dict[str, Json], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= TEXT_LENGTH_MAX:
        raise Refused(CLAIM_INVALID, name)
    return value


def _matching(claims: dict[str, Json], name: str, form: _Form) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not form.one.fullmatch(value):
        raise Refused(CLAIM_INVALID, name)
    return value


def _names(claims: dict[str, Json], name: str, form: _Form) -> list[str]:
    """Return a list of names, each of which must match and stand there once."""
    value = claims.get(name)
    if not isinstance(value, list):
        raise Refused(CLAIM_INVALID, name)
    if not value:
        return []
    names = cast("list[str]", value)
    try:
        # One match over all lines costs a third of a match each; the count sees to it that no
        # name holds a line feed of its own.
        lines = "\n".join(names) + "\n"
    except TypeError as error:  # One is no text.
        raise Refused(CLAIM_INVALID, name) from error
    if lines.count("\n") != len(names) or not form.lines.fullmatch(lines):
        raise Refused(CLAIM_INVALID, name)
    if len(set(names)) != len(names):
        raise Refused(CLAIM_INVALID, name)
    return names


def _features(claims: dict[str, Json]) -> dict[str, Limits]:
    value = claims.get("features")
    if isinstance(value, dict):
        features = {name: _limits(limits) for name, limits in value.items()}
        if not all(map(_NAME.one.fullmatch, features)):
            raise Refused(CLAIM_INVALID, "features")
    else:
        features = {name: {} for name in _names(claims, "features", _NAME)}
    if len(features) > FEATURES_MAX:
        raise Refused(CLAIM_INVALID, "features")
    return features


def _limits(value: Json) -> Limits:
    if not isinstance(value, dict):
        raise Refused(CLAIM_INVALID, "features")
    limits: Limits = {}
    for name, limit in value.items():
        if not _NAME.one.fullmatch(name) or not isinstance(limit, int | str):
            raise Refused(CLAIM_INVALID, "features")
        limits[name] = limit
    return limits
