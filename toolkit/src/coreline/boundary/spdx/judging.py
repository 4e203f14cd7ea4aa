# SPDX-License-Identifier: Apache-2.0
"""License expressions against uses: the table of ``compatibility`` applied to AND, OR and WITH.

An OR leaves a choice, so its best part counts; an AND asks for all, so its worst part does. What
the table does not know is unknown, never guessed.
"""

import re
from functools import cache
from typing import NamedTuple

from coreline.boundary.expressions import Parsed, current, parse
from coreline.boundary.spdx.compatibility import (
    EITHER,
    EXCEPTION,
    LINKING_EXCEPTIONS,
    ROWS,
    Cell,
    Use,
    Verdict,
)
from coreline.boundary.spdx.terms import named_in
from coreline.boundary.spdx_texts import is_open

ORDER: tuple[Verdict, ...] = ("yes", "conditions", "unknown", "no")
"""From best to worst."""


class Judgement(NamedTuple):
    """The answer for one license in one use, and the part of an expression that decided it."""

    verdict: Verdict
    license: str
    source: str

    @property
    def rank(self) -> int:
        """Return how bad it is: 0 for yes."""
        return ORDER.index(self.verdict)


_ROWS = {spdx.lower(): row for row in ROWS for spdx in row.ids}
_CHOICES = {spdx.lower(): parts for spdx, parts in EITHER.items()}
_LINKING = {one.lower() for one in LINKING_EXCEPTIONS}
_ALIASES = {"bsd": "BSD-3-Clause", "unlicensed": "LicenseRef-Proprietary"}
_PLAIN = re.compile(r"^[\w.+-]+$")
_EXCEPTED: tuple[Use, ...] = ("permissive", "weak", "wrap", "around")


@cache
def judge(expression: str, use: Use) -> Judgement:
    """Judge a license expression in one use.

    Args:
        expression: as ``readable`` returns it, or any SPDX expression.
        use: a column of the table.
    """
    if _PLAIN.match(expression):
        # Nearly all are one id, for which no parser is needed.
        return _one(expression, "", use)
    parsed = parse(expression)
    return Judgement("unknown", expression, "") if parsed is None else _judge(parsed, use)


def _judge(parsed: Parsed, use: Use) -> Judgement:
    match parsed.operator:
        case "OR":
            return min((_judge(one, use) for one in parsed.parts), key=lambda one: one.rank)
        case "AND":
            return max((_judge(one, use) for one in parsed.parts), key=lambda one: one.rank)
        case "WITH":
            return _one(parsed.parts[0].text, parsed.parts[1].text, use)
        case _:
            return _one(parsed.text, "", use)


def _one(spdx: str, exception: str, use: Use) -> Judgement:
    """Judge one id, with an exception or without. An exception only ever adds permissions."""
    name = _current(spdx)
    shown = f"{spdx} WITH {exception}" if exception else spdx
    either = _CHOICES.get(name.lower())
    if either is not None:
        chosen = min((_one(one, exception, use) for one in either), key=lambda one: one.rank)
        return chosen._replace(license=shown)
    row = _ROWS.get(name.lower())
    cell = Cell("unknown", "") if row is None else row.cells[use]
    if row is None and name.startswith(("LicenseRef-", "DocumentRef-")):
        # Terms of somebody's own are not known to be open, which a core has to know.
        cell = _ROWS["licenseref-proprietary"].cells[use]
    if cell.verdict == "no" and exception.lower() in _LINKING and use in _EXCEPTED:
        cell = EXCEPTION
    return Judgement(cell.verdict, shown, cell.source)


def _current(spdx: str) -> str:
    """Return an id as the table has it."""
    return _ALIASES.get(spdx.lower()) or current(spdx)


@cache
def readable(text: str) -> str | None:
    """Return the license expression that some metadata means, None where nobody can tell.

    Args:
        text: what a lock or a package says, such as ``(MIT OR Apache-2.0)`` or ``Apache 2.0``.
    """
    text = text.strip()
    if text.upper() in ("GPL", "LGPL", "AGPL"):
        return named_in(text)
    if _PLAIN.match(text) and (_current(text).lower() in _ROWS or text.lower() in _CHOICES):
        return _current(text)
    if not text or _NOTHING_SAID.match(text):
        return None
    if _CLOSED.match(text):
        return "LicenseRef-Proprietary"
    if text.startswith("License ::"):
        return _of_classifier(text)
    # Old crates write a choice as MIT/Apache-2.0.
    text = re.sub(r"(?<=[\w.+-])\s*/\s*(?=\w)", " OR ", text)
    text = _PLUS.sub(lambda one: _current(one[0]), text)
    # Of a choice or a sum, a part that nobody knows makes the whole unknown.
    is_free = _OPERATOR.search(text) is None
    return text if parse(text) is not None else named_in(text) if is_free else None


_PLUS = re.compile(r"[A-Za-z][\w.-]*\+|\b[AL]?GPL-\d\.\d(?![\w.-])")
_OPERATOR = re.compile(r"\b(AND|OR|WITH)\b")
_NOTHING_SAID = re.compile(
    r"^(see licen[sc]e|https?://|file:|unknown|none|noassertion|dual|other|to ?do\b|tbd|fix ?me)",
    re.I,
)
_CLOSED = re.compile(r"^(unlicensed|proprietary|commercial|all rights reserved)\b", re.I)


def _of_classifier(text: str) -> str | None:
    """Return the license of a trove classifier, where it names exactly one."""
    last = text.rpartition(" :: ")[2]
    if "Proprietary" in last:
        return "LicenseRef-Proprietary"
    match = re.search(r"\((\w*GPL)v(\d)(\+?)\)|\((\w*GPL)v(\d) or later\)", last)
    if match is not None:
        name, number = match[1] or match[4], match[2] or match[5]
        later = "or-later" if match[3] or match[5] or "or later" in last else "only"
        version = "2.1" if name == "LGPL" and number == "2" else f"{number}.0"
        return f"{name}-{version}-{later}"
    return _CLASSIFIERS.get(last) or named_in(last)


_CLASSIFIERS = {
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "zlib/libpng License": "Zlib",
    "Zope Public License": "ZPL-2.1",
    "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
    # The classifier of Apache's license names no version, and only 2.0 has been used for decades.
    "Apache Software License": "Apache-2.0",
    "Boost Software License 1.0 (BSL-1.0)": "BSL-1.0",
    "Academic Free License (AFL)": "AFL-3.0",
    "BSD License": "BSD-3-Clause",
    "Eclipse Public License 2.0 (EPL-2.0)": "EPL-2.0",
    "Artistic License": "Artistic-1.0",
    "Historical Permission Notice and Disclaimer (HPND)": "HPND",
    "PostgreSQL License": "PostgreSQL",
    "Universal Permissive License (UPL)": "UPL-1.0",
}


def uses_of(side: str) -> tuple[Use, ...]:
    """Return the columns in which a dependency of a side has to hold.

    Args:
        side: the SPDX expression of the side. Whoever gets it under an OR may choose any of them,
            so all have to hold; under an AND the strictest is asked for already.
    """
    if not is_open(side):
        return ("wrap",)
    parsed = parse(side)
    return ("permissive",) if parsed is None else tuple(dict.fromkeys(_uses(parsed)))


def _uses(parsed: Parsed) -> list[Use]:
    if parsed.operator == "OR":
        return [use for one in parsed.parts for use in _uses(one)]
    if parsed.operator == "AND":
        found = [use for one in parsed.parts for use in _uses(one)]
        return [max(found, key=_STRICTNESS.index)]
    name = _current(parsed.parts[0].text if parsed.operator == "WITH" else parsed.text)
    if not is_open(name):
        # The vendor's own terms for those who do not choose the open ones.
        return ["wrap"]
    if name.lower() in _CHOICES:
        return ["gpl-2", "gpl-3"]
    if name.startswith("AGPL"):
        return ["agpl-3"]
    if name.startswith("GPL"):
        return ["gpl-2" if name.startswith(("GPL-2", "GPL-1")) else "gpl-3"]
    row = _ROWS.get(name.lower())
    is_lax = row is None or row.cells["around"].verdict == "yes" or row.name.endswith("contents")
    return ["permissive" if is_lax else "weak"]


_STRICTNESS: tuple[Use, ...] = ("permissive", "weak", "gpl-2", "gpl-3", "agpl-3", "wrap")
