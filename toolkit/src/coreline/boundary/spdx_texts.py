# SPDX-License-Identifier: Apache-2.0
"""Which SPDX license a license text is, told by what only that text says.

A text is reduced to its words, so wrapping, quotes and letter case do not matter, and is known by a
phrase of its body, never by a name it merely mentions: the MPL-2.0 names the AGPL, and a LICENSE
that is split by folder names the licenses of the others. Headers and metadata are left to others.
"""

import re
from typing import NamedTuple


class LicenseText(NamedTuple):
    """What a license file says.

    ``texts`` are the SPDX ids of the license bodies it holds, in the order of the text;
    ``proprietary`` is whether it holds none of them and speaks as a vendor's own terms do;
    ``split`` is whether it puts parts of the repository under other terms.
    """

    texts: tuple[str, ...]
    proprietary: bool
    split: bool

    @property
    def spdx(self) -> str | None:
        """The SPDX expression of the whole text; None where no known text is in it."""
        return " AND ".join(self.texts) or None


def read_license_text(text: str) -> LicenseText:
    """Tell which license a text is."""
    words = _words(text)
    found = sorted(
        (words.index(phrases[0]), spdx)
        for spdx, phrases, without in _BODIES
        if all(phrase in words for phrase in phrases)
        and not any(phrase in words for phrase in without)
    )
    texts = tuple(dict.fromkeys(spdx for _, spdx in found))
    # A license that turns into another one after some years holds the notice of that one too.
    texts = next(((spdx,) for spdx in texts if _FUTURE.match(spdx)), texts)
    if " commons clause " in words and texts:
        # The clause takes back the right to sell, so no open license is left.
        texts = (f"LicenseRef-{texts[0]}-Commons-Clause",)
    proprietary = not texts and speaks_proprietary(text)
    return LicenseText(texts, proprietary, any(phrase in words for phrase in _SPLIT))


def named_licenses(sentence: str) -> tuple[str, ...]:
    """Return the SPDX ids of the licenses that a sentence names, in a fixed order."""
    return tuple(spdx for spdx, pattern in _NAMES if pattern.search(sentence))


def speaks_proprietary(text: str) -> bool:
    """Whether a text speaks as proprietary terms do. Meant for texts without a known license."""
    words = _words(text)
    return any(phrase in words for phrase in _PROPRIETARY) and not any(
        phrase in words for phrase in _FREELY
    )


def is_open(expression: str) -> bool:
    """Whether an SPDX expression lets everyone use, change and share: each AND, or one OR.

    Licenses that forbid a use (BUSL, SSPL, Elastic, non-commercial) and every ``LicenseRef-`` are
    not open.
    """
    plain = expression.replace("(", " ").replace(")", " ")
    either = re.split(r"\s+OR\s+", plain.strip(), flags=re.IGNORECASE)
    return any(
        all(_one_is_open(part) for part in re.split(r"\s+AND\s+", side, flags=re.IGNORECASE))
        for side in either
    )


def _one_is_open(spdx: str) -> bool:
    name = re.split(r"\s+WITH\s+", spdx.strip(), flags=re.IGNORECASE)[0].rstrip("+")
    return bool(name) and not _NOT_OPEN.match(name)


_NOT_OPEN = re.compile(
    r"(licenseref-|documentref-|unlicensed$|none$|noassertion$|see license|proprietary|commercial"
    r"|busl-|sspl-|elastic-|fsl-|fcl-|polyform-|cc-by-nc|cc-by-nd|commons-clause)",
    re.IGNORECASE,
)


_FUTURE = re.compile(r"BUSL-|FSL-|LicenseRef-FCL-")


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.lower()))} "


_WORD = re.compile(r"[a-z0-9]+(?:\.[a-z0-9]+)*")

# Each: the id, phrases that all occur (the first says where the body begins), phrases that do not.
# The GNU texts do not say whether later versions are allowed too; that is said in file headers, so
# the text alone is read as "only".
_BODIES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("AGPL-3.0-only", ("gnu affero general public license version 3 19 november 2007",), ()),
    ("GPL-2.0-only", ("gnu general public license version 2 june 1991",), ()),
    ("GPL-3.0-only", ("gnu general public license version 3 29 june 2007",), ()),
    ("LGPL-2.1-only", ("gnu lesser general public license version 2.1 february 1999",), ()),
    ("LGPL-3.0-only", ("gnu lesser general public license version 3 29 june 2007",), ()),
    (
        "Apache-2.0",
        ("apache license version 2.0 january 2004", "terms and conditions for use reproduction"),
        (),
    ),
    (
        "Apache-2.0",
        ("licensed under the apache license version 2.0 the license you may not use",),
        ("terms and conditions for use reproduction",),
    ),
    (
        "MIT",
        (
            "permission is hereby granted free of charge to any person obtaining a copy",
            "without restriction",
            "the above copyright notice and this permission notice",
        ),
        (),
    ),
    (
        "MIT-0",
        (
            "permission is hereby granted free of charge to any person obtaining a copy",
            "without restriction",
        ),
        ("the above copyright notice and this permission notice",),
    ),
    (
        "BSD-4-Clause",
        ("redistribution and use in source and binary forms", "all advertising materials"),
        (),
    ),
    (
        "BSD-3-Clause",
        ("redistribution and use in source and binary forms", "endorse or promote products"),
        ("all advertising materials",),
    ),
    (
        "BSD-2-Clause",
        (
            "redistribution and use in source and binary forms",
            "permitted provided that the following conditions are met",
        ),
        ("all advertising materials", "endorse or promote products"),
    ),
    (
        "ISC",
        (
            "this software for any purpose with or without fee is hereby granted",
            "granted provided that the above copyright notice and this permission notice",
        ),
        (),
    ),
    (
        "0BSD",
        ("this software for any purpose with or without fee is hereby granted the software is",),
        (),
    ),
    ("Unlicense", ("this is free and unencumbered software released into the public domain",), ()),
    ("MPL-2.0", ("mozilla public license version 2.0", "incompatible with secondary licenses"), ()),
    ("BUSL-1.1", ("business source license", "change date", "additional use grant"), ()),
    ("SSPL-1.0", ("server side public license version 1 october 16 2018",), ()),
    (
        "Elastic-2.0",
        ("elastic license", "as a hosted or managed service where the service provides users"),
        (),
    ),
    ("EPL-2.0", ("eclipse public license v 2.0", "accompanying program"), ()),
    ("EUPL-1.2", ("european union public licence v. 1.2", "the licensor"), ()),
    ("EUPL-1.2", ("european union public licence v 1.2", "the licensor"), ()),
    ("BSL-1.0", ("boost software license version 1.0",), ()),
    ("CC0-1.0", ("cc0 1.0 universal", "affirmer"), ()),
    ("CC-BY-4.0", ("attribution 4.0 international", "by exercising the licensed rights"), ()),
    (
        "CC-BY-SA-4.0",
        ("attribution sharealike 4.0 international", "by exercising the licensed rights"),
        (),
    ),
    (
        "Zlib",
        (
            "in no event will the authors be held liable for any damages",
            "altered source versions must be plainly marked",
        ),
        (),
    ),
    (
        "PostgreSQL",
        ("for any purpose without fee and without a written agreement is hereby granted",),
        (),
    ),
    ("FSL-1.1-ALv2", ("functional source license version 1.1 alv2 future license",), ()),
    ("FSL-1.1-MIT", ("functional source license version 1.1 mit future license",), ()),
    ("LicenseRef-FCL-1.0-ALv2", ("fair core license version 1.0 alv2 future license",), ()),
    ("LicenseRef-FCL-1.0-MIT", ("fair core license version 1.0 mit future license",), ()),
    ("LicenseRef-Sustainable-Use-1.0", ("sustainable use license version 1.0", "internal"), ()),
)

_SPLIT = (
    " parts of this repository ",
    " portions of this software are licensed as follows ",
    " software are licensed as follows ",
    " in this repository is variously licensed ",
    " content outside of the above mentioned ",
    " directory of this repository ",
    " directories of this repository ",
    " in their filename ",
)

_PROPRIETARY = (
    " all rights reserved ",
    " commercial license ",
    " enterprise license ",
    " enterprise edition license ",
    " ee license ",
    " proprietary ",
    " confidential ",
    " subscription ",
    " subscription agreement ",
    " unauthorized copying ",
    " is strictly prohibited ",
    " may only be used in production if ",
    " it is forbidden to copy merge publish ",
    " end user license agreement ",
    " terms of service ",
)

# Open texts that are not told apart above begin with one of these (GFDL, older GNU and MPL, PSF).
_FREELY = (
    " everyone is permitted to copy and distribute verbatim copies ",
    " mozilla public license ",
    " psf license agreement ",
    " python software foundation license ",
)

_NAMES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (spdx, re.compile(pattern, re.IGNORECASE))
    for spdx, pattern in (
        ("MIT", r"\bMIT\b"),
        ("Apache-2.0", r"\bApache\b[^.;]{0,24}\b2(\.0)?\b|\bApache License\b|\bApache-2\.0\b"),
        ("AGPL-3.0-only", r"\bAGPL|\bGNU Affero\b"),
        ("LGPL-3.0-only", r"\bLGPL|\bGNU Lesser\b"),
        ("GPL-3.0-only", r"\bGPL[- ]?v?3|\bGNU General Public License\b"),
        ("GPL-2.0-only", r"\bGPL[- ]?v?2"),
        ("MPL-2.0", r"\bMPL\b|\bMozilla Public License\b"),
        ("BSD-3-Clause", r"\bBSD\b"),
        ("ISC", r"\bISC\b"),
        ("CC-BY-SA-4.0", r"\bCC[- ]BY[- ]SA\b|\bCreative Commons\b[^.;]{0,40}Share"),
        ("CC-BY-4.0", r"\bCC[- ]BY[- ]4"),
        ("CC0-1.0", r"\bCC0\b"),
        ("BUSL-1.1", r"\bBUSL\b|\bBusiness Source License\b"),
        ("SSPL-1.0", r"\bSSPL\b|\bServer Side Public License\b"),
        ("Elastic-2.0", r"\bElastic License\b"),
    )
)
