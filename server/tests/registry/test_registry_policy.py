# SPDX-License-Identifier: Apache-2.0
"""The one decision, over every combination of side, bearer, state, access and age."""

import itertools

import pytest

from coreline_server.registry.model import Holder
from coreline_server.registry.policy import ALLOWED, Access, Bearer, Verdict, decide

DAY = 86_400
STARTS, EXPIRES, GRACE_DAYS = 1_000 * DAY, 1_100 * DAY, 10
NOWS = {
    "before": STARTS - 1,
    "first": STARTS,
    "last": EXPIRES - 1,
    "grace": EXPIRES,
    "grace-end": EXPIRES + GRACE_DAYS * DAY - 1,
    "dead": EXPIRES + GRACE_DAYS * DAY,
}
UPLOADS = {"index": None, "old": EXPIRES - 1, "new": EXPIRES}
LIVE = {"first", "last", "grace", "grace-end"}


def holder(*, revoked: bool, covered: bool) -> Holder:
    wraps = frozenset({"enterprise"} if covered else {"other"})
    return Holder("LIC-1", STARTS, EXPIRES, GRACE_DAYS, STARTS + 5 if revoked else None, wraps)


def expected(
    wrap: str | None, bearer: Bearer | Holder, access: Access, moment: str, upload: str
) -> Verdict:
    """Say the rules once more, as a table and not as a chain, so that a slip in either shows."""
    if wrap is None:
        return Verdict.ALLOW
    simple = {
        Bearer.NOBODY: Verdict.CHALLENGE,
        Bearer.UNKNOWN: Verdict.CHALLENGE,
        Bearer.VENDOR: Verdict.ALLOW,
        Bearer.UPLOADER: Verdict.ALLOW if access == "index" else Verdict.FORBID,
    }
    if isinstance(bearer, Bearer):
        return simple[bearer]
    served = bearer.revoked_at is None and "enterprise" in bearer.wraps
    in_time = moment in LIVE or (moment == "dead" and upload == "old")
    allowed = access == "index" or (served and in_time)
    return Verdict.ALLOW if allowed else Verdict.EXPLAIN


BEARERS: list[Bearer | Holder] = [
    *Bearer,
    *(
        holder(revoked=revoked, covered=covered)
        for revoked, covered in itertools.product((False, True), repeat=2)
    ),
]
MATRIX = list(itertools.product((None, "enterprise"), BEARERS, Access, NOWS, UPLOADS))


@pytest.mark.parametrize(("wrap", "bearer", "access", "moment", "upload"), MATRIX)
def test_every_combination(
    wrap: str | None, bearer: Bearer | Holder, access: Access, moment: str, upload: str
) -> None:
    decision = decide(wrap, bearer, access, now=NOWS[moment], uploaded_at=UPLOADS[upload])
    assert decision.verdict is expected(wrap, bearer, access, moment, upload)
    assert (decision == ALLOWED) == (decision.code == "")
    assert (decision.verdict is Verdict.EXPLAIN) == (decision.reason != "")


@pytest.mark.parametrize(
    ("bearer", "moment", "upload"), list(itertools.product(BEARERS, NOWS, UPLOADS))
)
def test_all_contents_are_decided_alike(bearer: Bearer | Holder, moment: str, upload: str) -> None:
    decisions = {
        decide("enterprise", bearer, access, now=NOWS[moment], uploaded_at=UPLOADS[upload])
        for access in Access
        if access is not Access.INDEX
    }
    assert len(decisions) == 1


def test_the_reason_names_the_day() -> None:
    dead = holder(revoked=False, covered=True)
    decision = decide("enterprise", dead, Access.FILE, now=NOWS["dead"], uploaded_at=EXPIRES)
    assert (decision.code, decision.reason) == ("license-expired", "expired-1973-01-05")
