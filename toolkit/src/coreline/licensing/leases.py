# SPDX-License-Identifier: Apache-2.0
"""Sign leases: a machine's seat for a while, which its product verifies offline."""

from dataclasses import dataclass
from datetime import datetime

from coreline.licensing.keys import SigningKey, seconds
from coreline_sdk.armor import Armor, write_armor
from coreline_sdk.jws import LEASE_TYPE, Json, sign


@dataclass(frozen=True)
class Lease:
    """A signed lease.

    Attributes:
        token: the compact token.
        armor: the token with its certificate: what the server answers as ``lease``, so that a
            product verifies it also when the key is newer than its license file.
    """

    token: str
    armor: str


def sign_lease(
    signing: SigningKey,
    *,
    product: str,
    license_id: str,
    activation_id: str,
    fingerprint: str,
    now: datetime,
    expires: datetime,
) -> Lease:
    """Return the lease of one activation. It is not read back: it is signed on a hot path."""
    claims: dict[str, Json] = {
        "aud": product,
        "sub": license_id,
        "jti": activation_id,
        "fingerprint": fingerprint,
        "iat": seconds(now),
        "exp": seconds(expires),
    }
    token = sign(claims, typ=LEASE_TYPE, kid=signing.kid, key=signing.private)
    return Lease(token, write_armor(Armor(lease=token, certificates=(signing.certificate,))))
