# SPDX-License-Identifier: Apache-2.0
"""The one decision about access: index, metadata, file and provenance all ask here.

One function for all of them, because registries leaked where each route decided by itself
(hex.pm, CVE-2026-75542 and -75554). It takes values and the time; it reads nothing.

A known license always sees the index, dead or alive, for every wrap: pip and uv hide what an index
refuses, but show what a file refuses, so the reason is given there.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, StrEnum

from coreline_server.registry.model import Holder

DAY_SECONDS = 86_400


class Access(StrEnum):
    """What is asked for."""

    INDEX = "index"
    METADATA = "metadata"
    FILE = "file"
    PROVENANCE = "provenance"


class Bearer(Enum):
    """Who asks, when it is not the holder of a license."""

    NOBODY = "no credential"
    UNKNOWN = "a credential that is not known"
    VENDOR = "an API token of the vendor"
    UPLOADER = "an API token that may only upload"


class Verdict(Enum):
    """What to answer."""

    ALLOW = "answer"
    CHALLENGE = "401, and say how to authenticate"
    FORBID = "403, and say what the credential is for"
    EXPLAIN = "302 to an address that says why, answering 402"


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict and, unless it allows, why.

    Attributes:
        verdict: what to answer.
        code: stable, for scripts; empty when allowed.
        reason: words for the address of an explanation, such as ``expired-2026-10-01``.
    """

    verdict: Verdict
    code: str = ""
    reason: str = ""


ALLOWED = Decision(Verdict.ALLOW)
NO_CREDENTIAL = Decision(Verdict.CHALLENGE, "registry-credential-missing")
WRONG_CREDENTIAL = Decision(Verdict.CHALLENGE, "registry-credential-unknown")
UPLOAD_ONLY = Decision(Verdict.FORBID, "registry-credential-upload-only")


def decide(
    wrap: str | None,
    bearer: Bearer | Holder,
    access: Access,
    *,
    now: int,
    uploaded_at: int | None = None,
) -> Decision:
    """Decide about one request.

    Args:
        wrap: the wrap that the project belongs to; None for a core project.
        bearer: who asks.
        access: what is asked for.
        now: seconds since 1970, UTC.
        uploaded_at: when the file was uploaded; None for an index.
    """
    if wrap is None or bearer is Bearer.VENDOR:
        # No state of a license can touch the core, and neither can a wrong credential.
        return ALLOWED
    if bearer is Bearer.NOBODY:
        return NO_CREDENTIAL
    if bearer is Bearer.UNKNOWN:
        return WRONG_CREDENTIAL
    if access is Access.INDEX:
        return ALLOWED
    if not isinstance(bearer, Holder):
        return UPLOAD_ONLY
    return _content(wrap, bearer, now, uploaded_at)


def _content(wrap: str, holder: Holder, now: int, uploaded_at: int | None) -> Decision:
    if holder.revoked_at is not None:
        return _explained("license-revoked", f"revoked-{_date(holder.revoked_at)}")
    if wrap not in holder.wraps:
        return _explained("license-without-wrap", f"does-not-include-{wrap}")
    if now < holder.starts:
        return _explained("license-not-started", f"starts-{_date(holder.starts)}")
    if now < holder.expires + holder.grace_days * DAY_SECONDS:
        return ALLOWED
    if uploaded_at is not None and uploaded_at < holder.expires:
        # Builds from the time of the license keep installing, so a lock file never breaks.
        return ALLOWED
    return _explained("license-expired", f"expired-{_date(holder.expires)}")


def _explained(code: str, reason: str) -> Decision:
    return Decision(Verdict.EXPLAIN, code, reason)


def _date(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
