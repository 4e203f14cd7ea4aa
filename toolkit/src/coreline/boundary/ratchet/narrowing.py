# SPDX-License-Identifier: Apache-2.0
"""Which license gives less than another: a small order, with the source of each step.

Permissive licenses let a changed copy be under other terms (the Blue Oak Council's list of
permissive licenses); weak copyleft keeps the files, strong copyleft the program, network copyleft
what is offered as a service (the license list and the license FAQ of the Free Software Foundation).
What the Open Source Initiative did not approve, since it forbids some use (Open Source Definition,
sections 5 and 6), is source-available at best; ``LicenseRef-`` is a vendor's own terms.
"""

import re
from typing import NamedTuple

from coreline.boundary.spdx_texts import is_open

_STEPS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "permissive",
        re.compile(
            r"^(MIT|X11|ISC|0BSD|BSD|Apache|Zlib|libpng|BSL-1|NCSA|PostgreSQL|Python|PSF|HPND|curl"
            r"|ICU|Unicode|BlueOak|Unlicense|CC0|CC-BY-\d|WTFPL|UPL|AFL|Artistic-2|OFL|ECL|W3C)"
        ),
    ),
    ("weak copyleft", re.compile(r"^(MPL|LGPL|EPL|CDDL|CPL|MS-PL|MS-RL|APSL|IPL)")),
    ("strong copyleft", re.compile(r"^(GPL|CC-BY-SA|Sleepycat|QPL|CECILL)")),
    ("network copyleft", re.compile(r"^(AGPL|OSL|EUPL|CPAL|RPL|NPOSL)")),
    (
        "source-available",
        re.compile(r"^(BUSL|SSPL|Elastic|PolyForm|FSL|FCL|CC-BY-NC|CC-BY-ND|RSAL|Confluent)", re.I),
    ),
)
_NOT_OPEN = len(_STEPS) - 1
_PROPRIETARY = len(_STEPS)
_CLAUSE = re.compile(r"Commons-Clause|(?<![A-Za-z])(?:BUSL|SSPL|Elastic|FSL|FCL|RSAL)", re.I)


class Step(NamedTuple):
    """How much an expression gives: the lower the more."""

    number: int
    name: str


def step_of(expression: str) -> Step | None:
    """Return how much an SPDX expression gives; None where nobody here knows.

    Of several licenses joined by OR the user takes the one that gives most; of those joined by AND
    the one that gives least decides.
    """
    plain = expression.replace("(", " ").replace(")", " ").strip()
    choices = [_together(side) for side in re.split(r"\s+OR\s+", plain, flags=re.IGNORECASE)]
    known = [one for one in choices if one is not None]
    return min(known) if known and len(known) == len(choices) else None


def _together(side: str) -> Step | None:
    parts = [_one(part.strip()) for part in re.split(r"\s+AND\s+", side, flags=re.IGNORECASE)]
    known = [one for one in parts if one is not None]
    return max(known) if len(known) == len(parts) else None


def _one(license_name: str) -> Step | None:
    name, _, exception = license_name.partition(" WITH ")
    if name.lower().startswith("licenseref-"):
        number = _NOT_OPEN if _CLAUSE.search(name) else _PROPRIETARY
        return Step(number, "source-available" if number == _NOT_OPEN else "proprietary")
    for number, (step, pattern) in enumerate(_STEPS):
        if pattern.match(name):
            if exception and step == "strong copyleft":
                # An exception of the GPL gives back what it kept (GPL-3.0, section 7).
                return Step(number - 1, _STEPS[number - 1][0])
            return Step(number, step)
    return None if is_open(name) else Step(_NOT_OPEN, _STEPS[_NOT_OPEN][0])


def narrower(before: str, after: str) -> tuple[Step, Step] | None:
    """Return both steps where the second expression gives less than the first, else None."""
    old, new = step_of(before), step_of(after)
    return (old, new) if old is not None and new is not None and new.number > old.number else None
