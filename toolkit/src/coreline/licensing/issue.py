# SPDX-License-Identifier: Apache-2.0
"""Mint a license: check the request, sign it, read it back as a customer's product would."""

from datetime import datetime

from coreline.errors import InternalError
from coreline.licensing.keys import SigningKey, seconds
from coreline.licensing.model import IssuedLicense, IssueRequest
from coreline.licensing.rules import check_request
from coreline_sdk.armor import Armor, write_armor
from coreline_sdk.chain import Trust
from coreline_sdk.codes import Refused
from coreline_sdk.jws import LICENSE_TYPE, Json, sign
from coreline_sdk.verify import verify_license


def issue(
    request: IssueRequest,
    signing: SigningKey,
    now: datetime,
    *,
    revocations: tuple[str, ...] = (),
    certificates: tuple[str, ...] = (),
) -> IssuedLicense:
    """Return the signed license of a request.

    Args:
        request: what to sign.
        signing: the leaf key, inside its dates.
        now: aware; becomes ``iat``.
        revocations: the tokens of the newest revocation lists, to go into the file.
        certificates: those of the keys that signed the lists.

    Raises:
        InputError: the request cannot be signed with this key, such as ``license-too-long``.
        InternalError: what was signed does not verify or says something else.
    """
    check_request(request, signing.claims, seconds(now))
    token = sign(_claims(request, now), typ=LICENSE_TYPE, kid=signing.kid, key=signing.private)
    chain = tuple(dict.fromkeys((signing.certificate, *certificates)))
    armor = write_armor(Armor(license=token, revocations=revocations, certificates=chain))
    return _read_back(token, armor, signing.trust(), request)


def _claims(request: IssueRequest, now: datetime) -> dict[str, Json]:
    claims: dict[str, Json] = {
        "iss": request.issuer,
        "sub": request.customer_id,
        "customer": request.customer,
        "aud": request.product,
        "jti": request.license_id,
        "iat": seconds(now),
        "nbf": seconds(request.starts),
        "exp": seconds(request.expires),
        "edition": request.edition,
        "features": _features(request),
        "grace_days": request.grace_days,
        "trial": request.trial,
    }
    if request.seats is not None:
        claims["seats"] = request.seats
    if request.segment is not None:
        claims["segment"] = request.segment
    return claims


def _features(request: IssueRequest) -> Json:
    """Return the features as a list of names; as a map only where one has limits."""
    if any(request.features.values()):
        return {name: dict[str, Json](limits) for name, limits in request.features.items()}
    return list[Json](sorted(request.features))


def _read_back(token: str, armor: str, trust: Trust, request: IssueRequest) -> IssuedLicense:
    try:
        claims = verify_license(armor, trust, request.product).claims
    except Refused as refused:
        raise InternalError("issue-not-verified", refused.sentence, refused.hint) from refused
    if claims.features.keys() != request.features.keys() or claims.seats != request.seats:
        raise InternalError("issue-differs", "The signed license says other than was asked.")
    return IssuedLicense(token=token, armor=armor, claims=claims)
