# SPDX-License-Identifier: Apache-2.0
"""The license that a header states in words: "Licensed under the Apache License, Version 2.0".

Files had such headers long before SPDX tags, and proprietary ones have little else. What a notice
leaves open stays open: "All rights reserved" alone grants nothing and takes nothing back, since
open files say it too. Tags and whole license texts are left to others.
"""

import re
from functools import cache

from coreline.boundary.facts import Header
from coreline.boundary.spdx.comment import WORD, Comment, first_comment
from coreline.boundary.spdx_texts import read_license_text

PROPRIETARY = "LicenseRef-Proprietary"
"""What a header of a vendor's own terms is called that have no name of their own."""

REACH = 4096
"""A header is looked for in this many bytes at the beginning of a file."""


def header_terms(head: bytes) -> str | None:
    """Return the license that the header of a file states in words, None where it states none.

    Args:
        head: the first bytes of the file; no more than ``REACH`` are looked at.

    Returns:
        an SPDX expression. Every ``LicenseRef-`` in it is of terms that are not open, and its name
        is ours: the header itself knows none.
    """
    found = read_terms(head)
    return None if found is None else found.expression


def read_terms(head: bytes) -> Header | None:
    """Return what ``header_terms`` does, with the line where it is said."""
    if head.startswith(_CODE):
        # Most files begin with code; what follows it is no header.
        return None
    head = head[:REACH]
    lower = head.lower()
    if not any(word in lower for word in _ANY):
        return None
    comment = first_comment(head)
    if len(comment.words) < _LENGTH_MIN:
        return None
    return _stated(comment) or _body(comment)


_CODE = (
    *(b"import ", b"export ", b"from ", b"const ", b"let ", b"var ", b"def ", b"class ", b"using "),
    *(b"func ", b"fn ", b"pub ", b"require ", b"module ", b"namespace ", b"select ", b"SELECT "),
)
_ANY = (
    b"licen",
    b"proprietary",
    b"confidential",
    b"unauthori",
    b"permission is hereby",
    b"redistribution and",
)
_LENGTH_MIN = 12


def _stated(comment: Comment) -> Header | None:
    """Return the first license that the words name, or the choice that they leave."""
    words = comment.words
    found: dict[str, int] = {}
    for spdx, pattern in _named():
        match = pattern.search(words)
        if match is not None:
            found.setdefault(_versioned(spdx, words, match), match.end() - 1)
    if PROPRIETARY not in found and not _GRANTS.search(words):
        return None
    names = sorted(found, key=found.__getitem__)
    if not names:
        return None
    near = words[max(0, min(found.values()) - 80) : max(found.values()) + 240]
    is_choice = len(names) > 1 and _CHOICE.search(near) is not None
    # A notice tells its own license first, and then those of what it was made from.
    expression = " OR ".join(names) if is_choice else names[0]
    return Header(comment.line(found[names[0]] - 1), expression, comment.is_alone)


def named_in(text: str) -> str | None:
    """Return the one license that a short free text names, such as ``GNU LGPL v2.1``."""
    if _SEVERAL.search(text.lower()):
        return None
    words = f" {' '.join(WORD.findall(text.lower()))} "
    found = {
        _versioned(spdx, words, match)
        for spdx, pattern in _named()
        if spdx != PROPRIETARY and (match := pattern.search(words)) is not None
    }
    return found.pop() if len(found) == 1 else None


# One of the parts may be a license that is not known, so the others say nothing.
_SEVERAL = re.compile(
    r"\bor\b(?! (later|newer|above|any later))|[;&+|]|,(?!\s*(version|v))|\band\b(?! distribution)"
)


def _body(comment: Comment) -> Header | None:
    """Return the license whose whole text the header is, such as MIT or BSD."""
    read = read_license_text(comment.words)
    return Header(comment.lines[0], read.texts[0]) if read.texts else None


def _versioned(spdx: str, words: str, match: re.Match[str]) -> str:
    """Return a GNU license with its version, and with "or later" where the notice says so."""
    if not spdx.endswith("GPL"):
        return spdx
    near = words[match.start() : match.end() + 240]
    # "Version 3 of the GNU General Public License" is said as well.
    before = _VERSION_BEFORE.search(words[: match.start() + 1])
    said = before or _VERSION.search(near)
    version = said["version"].rstrip(".") if said else ""
    number = _GNU_VERSIONS[spdx].get(version)
    if number is None:
        return f"{spdx}-{_FIRST[spdx]}-or-later"
    later = "or-later" if _LATER.search(near) else "only"
    exception = next((name for name, said in _EXCEPTIONS.items() if said in words), "")
    return f"{spdx}-{number}-{later}" + (f" WITH {exception}" if exception else "")


# "version 3", "v3", "3.0", or glued to the name: "gplv3", "agpl3".
_VERSION = re.compile(r"(?: version |[ l]v\.?|[ l](?=[123](?:\.\d)? ))(?P<version>[123](?:\.\d)?)")
_EXCEPTIONS = {
    "GCC-exception-3.1": " gcc runtime library exception version 3.1 ",
    "Classpath-exception-2.0": " linking this library statically or dynamically ",
}
_VERSION_BEFORE = re.compile(r" version (?P<version>[123](?:\.\d)?) of the $")
_LATER = re.compile(r" (?:any later version|or later|or newer|or above) ")
_GNU_VERSIONS = {
    "GPL": {"1": "1.0", "1.0": "1.0", "2": "2.0", "2.0": "2.0", "3": "3.0", "3.0": "3.0"},
    "LGPL": {"2": "2.0", "2.0": "2.0", "2.1": "2.1", "3": "3.0", "3.0": "3.0"},
    "AGPL": {"1": "1.0", "1.0": "1.0", "3": "3.0", "3.0": "3.0"},
}
_FIRST = {"GPL": "1.0", "LGPL": "2.0", "AGPL": "3.0"}
"""A notice without a number allows every version that there is (GPL-2.0 section 9)."""

_GRANTS = re.compile(
    r" (?:licen[sc]ed(?: to \w+)?(?: solely)? under|licen[sc]es this file to you under|"
    r"licen[sc]ed as|distributed (?:subject to|under)|subject to|under the terms|terms of|"
    r"(?:released|available|published|provided|offered|used|modify it) under|"
    r"(?:governed|covered|licen[sc]ed) by|in compliance with|dual licen[sc]ed|"
    r"licen[sc]e(?: is)? (?=apache|mit|bsd|gpl|lgpl|agpl|mpl|mozilla|gnu|elastic)) "
)
_CHOICE = re.compile(
    r" (?:at your (?:option(?! any later)|election|choice|discretion)|either(?! version)|"
    r"dual licen[sc]ed) "
)

_GRANTED = r"(?:licen[sc]ed(?: solely)? under|governed by|subject to|under)"
_VENDORS = r"(?:enterprise|commercial|proprietary|premium|ee|pro|cloud)(?: edition)?"


@cache
def _named() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Compile the patterns, which most runs do not need."""
    return tuple((spdx, re.compile(pattern)) for spdx, pattern in _NAMED)


_NAMED: tuple[tuple[str, str], ...] = (
    (
        "Apache-2.0",
        r" apache (?:software )?(?:licen[sc]e )?(?:version |v ?|v\.)?2(?:\.0)? ",
    ),
    (
        "MIT",
        (
            r" mit(?: expat| style| x11)? licen[sc]e[sd]? | licen[sc]e mit |"
            r" mit (?=(?:and|or) (?:the )?(?:l?gpl|gnu|apache|bsd))|"
            r" (?:gpl|apache|bsd|licen[sc]e)(?: v?\d[\d.]*)? (?:and|or) (?:the )?mit(?= )"
        ),
    ),
    ("AGPL", r" (?:gnu )?affero general public licen[sc]e | agpl(?:v?\d[\d.]*)? "),
    ("LGPL", r" gnu (?:lesser|library)(?: general)? public licen[sc]e | lgpl(?:v?\d[\d.]*)? "),
    ("GPL", r" (?:gnu )?(?<!affero )(?<!lesser )(?<!library )general public licen[sc]e "),
    ("GPL", r" gpl(?:v?\d[\d.]*)? "),
    (
        "MPL-2.0",
        r" mozilla public licen[sc]e (?:version |v\.? ?)?2\.0 | mpl (?:v ?)?2(?:\.0)? ",
    ),
    ("EPL-2.0", r" eclipse public licen[sc]e (?:version |v\.? ?)?2\.0 "),
    ("EPL-1.0", r" eclipse public licen[sc]e (?:version |v\.? ?)?1\.0 "),
    ("CDDL-1.0", r" common development and distribution licen[sc]e "),
    (
        "BSD-3-Clause",
        r" bsd (?:style |3 clause |new )?licen[sc]e | 3 clause bsd | bsd 3 clause ",
    ),
    ("BSD-2-Clause", r" bsd 2 clause | 2 clause bsd | simplified bsd "),
    ("ISC", r" isc licen[sc]e "),
    ("PostgreSQL", r" postgresql licen[sc]e "),
    ("CC0-1.0", r" cc0 (?:1\.0 )?"),
    ("BUSL-1.1", r" business source licen[sc]e | busl (?:1\.1|licen[sc]e) "),
    ("Elastic-2.0", r" elastic licen[sc]e "),
    ("SSPL-1.0", r" server side public licen[sc]e "),
    ("FSL-1.1-ALv2", r" functional source licen[sc]e (?:version )?1\.1 (?:alv2|apache) "),
    ("FSL-1.1-MIT", r" functional source licen[sc]e (?:version )?1\.1 mit "),
    ("LicenseRef-Fair-Core", r" fair core licen[sc]e "),
    ("LicenseRef-Sustainable-Use", r" sustainable use licen[sc]e "),
    ("LicenseRef-Timescale", r" timescale licen[sc]e "),
    ("LicenseRef-Confluent-Community", r" confluent community licen[sc]e "),
    ("LicenseRef-CockroachDB", r" cockroachdb (?:community|software|business) licen[sc]e "),
    ("LicenseRef-Dgraph-Community", r" dgraph community licen[sc]e "),
    ("LicenseRef-Redis-Source-Available", r" redis source available licen[sc]e "),
    (
        PROPRIETARY,
        (
            r" proprietary and confidential | confidential and proprietary |"
            r" unauthori[sz]ed (?:copying|use|distribution|reproduction) |"
            r" this (?:file|software|code|source code) is (?:confidential|proprietary) |"
            r" proprietary (?:software|source code|information|code) (?:of|owned|licensed) |"
            r" all rights reserved (?:\w+ ){0,8}?(?:enterprise|commercial|proprietary|ee)"
            r"(?: edition| software)? licen[sc]e(?: agreement)? (?:$|see|you|this|the|please|v?\d)|"
            r" (?:copyright|c) (?:\w+ ){1,10}?(?:proprietary|confidential) "
            r"(?:$|all|do not|not for|not to|this|any|see|unauthori[sz]ed)|"
            rf" {_GRANTED} (?:the |a |an |our |its )?(?:\w+ ){{0,4}}?{_VENDORS} licen[sc]e "
        ),
    ),
)
