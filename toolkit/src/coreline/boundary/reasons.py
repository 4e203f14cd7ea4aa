# SPDX-License-Identifier: Apache-2.0
"""Why a check ends as it does, for programs: one reason for each check and grade that fails it."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from coreline.boundary.grade import is_allowed
from coreline.boundary.model import Finding, Reason
from coreline.manifest.model import Promise

Severity = Literal["error", "warning"]


def severity(promise: Promise, finding: Finding) -> Severity:
    """Return whether a finding breaks the promise, or only says that the core is tight."""
    return "warning" if is_allowed(promise, finding) else "error"


def reasons(promise: Promise, findings: Iterable[Finding]) -> tuple[Reason, ...]:
    """Return what breaks a promise, counted; nothing where it is kept."""
    counted = Counter(
        (one.check, one.grade) for one in findings if severity(promise, one) == "error"
    )
    rows = sorted(counted.items(), key=lambda row: (row[0][0], row[0][1] or ""))
    return tuple(Reason(check=check, grade=grade, count=n) for (check, grade), n in rows)
