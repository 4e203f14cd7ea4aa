# SPDX-License-Identifier: Apache-2.0
"""From findings to a grade, and whether the promise of the manifest is kept.

Each finding that speaks of dependence proves a grade alone; the worst of them is the grade:

- ``broken``: code of the core fails where the wrap does not exist. An import without a guard, be
  it at the top of a file or inside a function; a look-up that does the same by a string; a build
  that takes the wrap's files. A *test* of the core that needs the wrap counts as well: the core's
  own test command (``core.test``) fails where the wrap does not exist, so nobody outside can show
  that the core works.
- ``tight``: the core knows the wrap and does without it. References under a guard or for types
  only, strings that merely name it, gates, a critical feature in the wrap.
- ``loose``: nothing of either.

Findings about the line itself (unclaimed files, licenses, features, files that could not be
read) prove no grade, yet no promise is kept while there is one.
"""

from collections.abc import Iterable
from typing import Protocol

from coreline.boundary.facts import Reference
from coreline.boundary.model import Finding
from coreline.manifest.model import Grade, Promise


def grade_of_reference(reference: Reference) -> Grade:
    """Return the grade that one reference to a wrap proves."""
    if reference.form in ("type-only", "gate") or reference.guard is not None:
        return "tight"
    return "broken" if reference.needed else "tight"


class Graded(Protocol):
    """What proves a grade, or nothing."""

    @property
    def grade(self) -> Grade | None:
        """The grade, None for nothing."""
        ...


def grade_of(findings: Iterable[Graded]) -> Grade:
    """Return the worst grade that findings prove."""
    grades = {finding.grade for finding in findings}
    if "broken" in grades:
        return "broken"
    return "tight" if "tight" in grades else "loose"


def is_kept(promise: Promise, findings: Iterable[Finding]) -> bool:
    """Whether a promise holds: ``standalone`` allows what is tight, ``loose`` allows nothing."""
    return all(is_allowed(promise, finding) for finding in findings)


def is_allowed(promise: Promise, finding: Finding) -> bool:
    """Whether a promise holds in spite of a finding: it allows it, or the baseline does."""
    is_known = finding.baseline == "unchanged"
    return is_known or (promise == "standalone" and finding.grade == "tight")
