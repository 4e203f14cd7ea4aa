# SPDX-License-Identifier: Apache-2.0
"""What a product can know about its license. Plain values, cheap to import."""

from typing import TYPE_CHECKING, NamedTuple

from coreline_sdk.codes import UNCONFIGURED, Code

if TYPE_CHECKING:
    from datetime import datetime

    from coreline_sdk.claims import Limits


class Notice(NamedTuple):
    """Something an operator should look at. It takes nothing away."""

    code: str
    sentence: str


class LicenseStatus(NamedTuple):
    """Where the license stands.

    Attributes:
        code: the stable name of the answer; ``coreline_sdk.codes`` lists them.
        state: the group of answers it belongs to, such as ``valid`` or ``damaged``.
        sentence, hint: for a person.
        entitled: whether any feature is allowed now.
        license_id, edition, customer, segment: as in the license.
        features: the names that the license holds, allowed now or not.
        seats: None when they are not counted.
        expires, grace_until: in UTC; None without a license.
        warnings: what to look at, such as a clock that went back.
    """

    code: str
    state: str
    sentence: str
    hint: str
    entitled: bool = False
    license_id: str | None = None
    edition: str | None = None
    customer: str | None = None
    segment: str | None = None
    features: tuple[str, ...] = ()
    seats: int | None = None
    expires: "datetime | None" = None
    grace_until: "datetime | None" = None
    warnings: tuple[Notice, ...] = ()


class View(NamedTuple):
    """One look at the license, replaced as a whole by the next.

    Attributes:
        status: what to tell people.
        until: the deadline of each allowed feature, seconds since 1970.
        limits: the limits of each allowed feature.
        checked_at, recheck_at: when the look was taken, and when to take the next.
        hot: deadlines of the features that were asked for since, never after ``recheck_at``.
    """

    status: LicenseStatus
    until: dict[str, float]
    limits: "dict[str, Limits]"
    checked_at: float
    recheck_at: float
    hot: dict[str, float]


def bare_status(code: Code, detail: str = "", warnings: tuple[Notice, ...] = ()) -> LicenseStatus:
    """Return the status of an answer without a license to show."""
    sentence = f"{code.sentence} ({detail})" if detail else code.sentence
    return LicenseStatus(code.name, code.state, sentence, code.hint, warnings=warnings)


NOTHING = View(bare_status(UNCONFIGURED), {}, {}, 0.0, 0.0, {})
"""Before the first look: nothing is allowed, and the next look is due."""
