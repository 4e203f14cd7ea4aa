# SPDX-License-Identifier: Apache-2.0
"""What each license allows in each use, with the source of every answer. Data alone.

A row is a license, or a class of licenses whose terms say the same here; a column is a use. How
expressions are judged by it is in ``judging``. The answers are about parts that are linked into
one program; a program that is only started beside another is not what they speak of.
"""

from typing import Literal, NamedTuple

Verdict = Literal["yes", "conditions", "unknown", "no"]
"""From best to worst: what is not known is worse than terms that can be met."""

Use = Literal["permissive", "weak", "gpl-2", "gpl-3", "agpl-3", "wrap", "around"]

USES: dict[Use, str] = {
    "permissive": "a part of a core under MIT, BSD, Apache-2.0 …",
    "weak": "a part of a core under MPL, LGPL, EPL …",
    "gpl-2": "a part of a core under GPL-2.0-only",
    "gpl-3": "a part of a core under GPL-3.0",
    "agpl-3": "a part of a core under AGPL-3.0",
    "wrap": "linked by a proprietary wrap",
    "around": "the core's own: may others build proprietary software around it",
}


class Cell(NamedTuple):
    """One answer: the verdict and where it is said."""

    verdict: Verdict
    source: str


class Row(NamedTuple):
    """The answers for one license or class."""

    name: str
    ids: tuple[str, ...]
    cells: dict[Use, Cell]


def _row(
    name: str,
    ids: str,
    *,
    cores: tuple[Verdict, str],
    gpl: tuple[tuple[Verdict, str], tuple[Verdict, str], tuple[Verdict, str]],
    wrap: tuple[Verdict, str],
    around: tuple[Verdict, str],
) -> Row:
    """Make a row. Cores of permissive and weak licenses ask the same of what they contain."""
    cells: dict[Use, Cell] = {
        "permissive": Cell(*cores),
        "weak": Cell(*cores),
        "gpl-2": Cell(*gpl[0]),
        "gpl-3": Cell(*gpl[1]),
        "agpl-3": Cell(*gpl[2]),
        "wrap": Cell(*wrap),
        "around": Cell(*around),
    }
    return Row(name, tuple(ids.split()), cells)


_FSF = "FSF license list, {}"
_ASF = "Apache Software Foundation, third-party license policy, category {}"
_MATRIX = "GNU license FAQ, compatibility matrix (AllCompatibility)"
_LIMITS = "the limits of each (Elastic-2.0: Limitations; FSL-1.1 and FCL-1.0: Competing Use)"
_OSD = "Open Source Definition, section {}"


def _same(
    verdict: Verdict, source: str
) -> tuple[tuple[Verdict, str], tuple[Verdict, str], tuple[Verdict, str]]:
    return ((verdict, source), (verdict, source), (verdict, source))


ROWS: tuple[Row, ...] = (
    _row(
        "permissive",
        "MIT MIT-0 X11 ISC 0BSD BSD-1-Clause BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause "
        "BSD-3-Clause-Clear Zlib libpng-2.0 BSL-1.0 NCSA "
        "PostgreSQL Python-2.0 Python-2.0.1 PSF-2.0 HPND curl ICU Unicode-3.0 "
        "Unicode-DFS-2016 Unicode-DFS-2015 BlueOak-1.0.0 Unlicense CC0-1.0 WTFPL UPL-1.0 "
        "MIT-CMU bzip2-1.0.6 TCL ZPL-2.1 W3C W3C-20150513 blessing "
        "Libpng IJG NTP LicenseRef-public-domain ANTLR-PD CC-PDDC",
        cores=("yes", _ASF.format("A")),
        gpl=_same("yes", _FSF.format("licenses compatible with the GNU GPL")),
        wrap=(
            "yes",
            'the grant of each (MIT: "without restriction"; BSD: "with or without modification")',
        ),
        around=("yes", 'the grant of each (MIT: "without restriction … sublicense, and/or sell")'),
    ),
    _row(
        "Apache-2.0",
        "Apache-2.0 ECL-2.0",
        cores=("yes", "Apache-2.0 section 4"),
        gpl=(
            ("no", _FSF.format("“Apache License, Version 2.0”: not compatible with GPL version 2")),
            ("yes", _FSF.format("“Apache License, Version 2.0”: compatible with GPL version 3")),
            ("yes", _FSF.format("“Apache License, Version 2.0”; AGPL-3.0 section 13")),
        ),
        wrap=("yes", "Apache-2.0 section 4, last paragraph"),
        around=("yes", "Apache-2.0 section 4, last paragraph"),
    ),
    _row(
        "Academic Free License",
        "AFL-1.1 AFL-1.2 AFL-2.0 AFL-2.1 AFL-3.0",
        cores=("yes", "AFL-2.1 section 1; " + _ASF.format("A")),
        gpl=_same("no", _FSF.format("“Academic Free License, all versions through 3.0”")),
        wrap=("yes", "AFL-2.1 section 1"),
        around=("yes", "AFL-2.1 section 1"),
    ),
    _row(
        "advertising clause",
        "BSD-4-Clause BSD-4-Clause-UC Apache-1.0 Apache-1.1 OpenSSL PHP-3.0 PHP-3.01",
        cores=("conditions", "BSD-4-Clause clause 3; Apache-1.1 clause 3; OpenSSL clause 3"),
        gpl=_same("no", _FSF.format("“Original license”, “Apache License 1.1”, “OpenSSL”")),
        wrap=("conditions", "BSD-4-Clause clause 3; Apache-1.1 clause 3; OpenSSL clause 3"),
        around=("conditions", "BSD-4-Clause clause 3; Apache-1.1 clause 3; OpenSSL clause 3"),
    ),
    _row(
        "attribution for contents",
        "CC-BY-4.0 OFL-1.1 CDLA-Permissive-1.0 CDLA-Permissive-2.0 ODC-By-1.0",
        cores=("yes", "CC-BY-4.0 section 3(a); OFL-1.1 condition 2"),
        gpl=_same(
            "yes", _FSF.format("“Creative Commons Attribution 4.0”, “SIL Open Font License”")
        ),
        wrap=("yes", "CC-BY-4.0 section 2(a)(1) and 3(a); OFL-1.1 condition 2"),
        around=("yes", "CC-BY-4.0 section 2(a)(1) and 3(a); OFL-1.1 condition 2"),
    ),
    _row(
        "older attribution for contents",
        "CC-BY-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-3.0",
        cores=("conditions", "CC-BY-3.0 section 4(b); " + _ASF.format("B")),
        gpl=_same("unknown", "Creative Commons, compatible licenses: says nothing of version 3.0"),
        wrap=("conditions", "CC-BY-3.0 section 4(b)"),
        around=("conditions", "CC-BY-3.0 section 4(b)"),
    ),
    _row(
        "share-alike for contents",
        "CC-BY-SA-4.0",
        cores=("conditions", "CC-BY-SA-4.0 section 3(b)"),
        gpl=(
            ("no", "Creative Commons, compatible licenses: GPL version 3 alone"),
            ("yes", "Creative Commons, compatible licenses: GPL-3.0, one way"),
            ("yes", "Creative Commons, compatible licenses: GPL-3.0; AGPL-3.0 section 13"),
        ),
        wrap=("conditions", "CC-BY-SA-4.0 section 3(b)"),
        around=("conditions", "CC-BY-SA-4.0 section 3(b)"),
    ),
    _row(
        "MPL-2.0",
        "MPL-2.0",
        cores=("conditions", "MPL-2.0 section 3.1 to 3.3"),
        gpl=_same("yes", "MPL-2.0 section 3.3 and 1.12 (Secondary Licenses)"),
        wrap=("conditions", "MPL-2.0 section 3.3 (Larger Work) and 3.2"),
        around=("conditions", "MPL-2.0 section 3.3 (Larger Work) and 3.1"),
    ),
    _row(
        "MPL-2.0 without secondary licenses",
        "MPL-2.0-no-copyleft-exception",
        cores=("conditions", "MPL-2.0 section 3.1 to 3.3"),
        gpl=_same("no", "MPL-2.0 section 3.3 and exhibit B"),
        wrap=("conditions", "MPL-2.0 section 3.3 (Larger Work) and 3.2"),
        around=("conditions", "MPL-2.0 section 3.3 (Larger Work) and 3.1"),
    ),
    _row(
        "MPL-1.1",
        "MPL-1.0 MPL-1.1 NPL-1.1",
        cores=("conditions", "MPL-1.1 section 3.1 and 3.7 (Larger Works)"),
        gpl=_same("no", _FSF.format("“Mozilla Public License, version 1.1”")),
        wrap=("conditions", "MPL-1.1 section 3.7 (Larger Works)"),
        around=("conditions", "MPL-1.1 section 3.7 (Larger Works)"),
    ),
    _row(
        "CDDL",
        "CDDL-1.0 CDDL-1.1",
        cores=("conditions", "CDDL-1.0 section 3.1 and 3.6 (Larger Works)"),
        gpl=_same("no", _FSF.format("“Common Development and Distribution License”")),
        wrap=("conditions", "CDDL-1.0 section 3.6 (Larger Works)"),
        around=("conditions", "CDDL-1.0 section 3.6 (Larger Works)"),
    ),
    _row(
        "EPL-2.0",
        "EPL-2.0",
        cores=("conditions", "EPL-2.0 section 3.1 and 3.2"),
        gpl=_same("no", _FSF.format("“Eclipse Public License Version 2.0”: without exhibit A")),
        wrap=("conditions", "EPL-2.0 section 1 (Modified Works) and 3.1"),
        around=("conditions", "EPL-2.0 section 1 (Modified Works) and 3.1"),
    ),
    _row(
        "EPL-1.0 and CPL",
        "EPL-1.0 CPL-1.0 IPL-1.0",
        cores=("conditions", "EPL-1.0 section 3"),
        gpl=_same(
            "no", _FSF.format("“Eclipse Public License Version 1.0”, “Common Public License”")
        ),
        wrap=("conditions", "EPL-1.0 section 1 (Contribution) and 3"),
        around=("conditions", "EPL-1.0 section 1 (Contribution) and 3"),
    ),
    _row(
        "EUPL",
        "EUPL-1.1 EUPL-1.2",
        cores=("conditions", "EUPL-1.2 article 5 (copyleft and compatibility clauses)"),
        gpl=_same("yes", "EUPL-1.2 article 5 and appendix (GPL v. 2, v. 3, AGPL v. 3)"),
        wrap=("conditions", "EUPL-1.2 article 5; Directive 2009/24/EC recital 15"),
        around=("conditions", "EUPL-1.2 article 5; Directive 2009/24/EC recital 15"),
    ),
    _row(
        "LGPL-2.1",
        "LGPL-2.0-only LGPL-2.0-or-later LGPL-2.1-only LGPL-2.1-or-later",
        cores=("conditions", "LGPL-2.1 section 6"),
        gpl=(
            ("yes", "LGPL-2.1 section 3"),
            ("yes", "LGPL-2.1 section 3 (a newer version of the GPL)"),
            ("yes", "LGPL-2.1 section 3; GPL-3.0 section 13"),
        ),
        wrap=("conditions", "LGPL-2.1 section 6 (the user can relink; debugging is allowed)"),
        around=("conditions", "LGPL-2.1 section 6 (the user can relink; debugging is allowed)"),
    ),
    _row(
        "LGPL-3.0",
        "LGPL-3.0-only LGPL-3.0-or-later",
        cores=("conditions", "LGPL-3.0 section 4"),
        gpl=(
            ("no", _MATRIX),
            ("yes", "LGPL-3.0 section 2(b)"),
            ("yes", "LGPL-3.0 section 2(b); GPL-3.0 section 13"),
        ),
        wrap=("conditions", "LGPL-3.0 section 4 (the user can relink; debugging is allowed)"),
        around=("conditions", "LGPL-3.0 section 4 (the user can relink; debugging is allowed)"),
    ),
    _row(
        "GPL-2.0",
        "GPL-1.0-only GPL-2.0-only",
        cores=("no", "GPL-2.0 section 2(b)"),
        gpl=(("yes", "GPL-2.0 section 2(b)"), ("no", _MATRIX), ("no", _MATRIX)),
        wrap=("no", "GPL-2.0 section 2(b)"),
        around=("no", "GPL-2.0 section 2(b)"),
    ),
    _row(
        "GPL-3.0",
        "GPL-3.0-only GPL-3.0-or-later",
        cores=("no", "GPL-3.0 section 5(c)"),
        gpl=(
            ("no", _MATRIX),
            ("yes", "GPL-3.0 section 5(c)"),
            ("yes", "GPL-3.0 section 13; AGPL-3.0 section 13"),
        ),
        wrap=("no", "GPL-3.0 section 5(c)"),
        around=("no", "GPL-3.0 section 5(c)"),
    ),
    _row(
        "AGPL-3.0",
        "AGPL-3.0-only AGPL-3.0-or-later AGPL-1.0-only AGPL-1.0-or-later",
        cores=("no", "AGPL-3.0 section 5(c) and 13"),
        gpl=(
            ("no", _MATRIX),
            ("conditions", "GPL-3.0 section 13: the network clause covers the combination"),
            ("yes", "AGPL-3.0 section 5(c)"),
        ),
        wrap=("no", "AGPL-3.0 section 5(c) and 13"),
        around=("no", "AGPL-3.0 section 5(c) and 13"),
    ),
    _row(
        "other strong copyleft",
        "OSL-2.1 OSL-3.0 RPL-1.5 QPL-1.0",
        cores=("no", "OSL-3.0 section 1(c); RPL-1.5 section 6"),
        gpl=_same("no", _FSF.format("“Open Software License”, “Reciprocal Public License”, “QPL”")),
        wrap=("no", "OSL-3.0 section 1(c) and 5; RPL-1.5 section 6"),
        around=("no", "OSL-3.0 section 1(c) and 5; RPL-1.5 section 6"),
    ),
    _row(
        "Artistic-2.0",
        "Artistic-2.0",
        cores=("conditions", "Artistic-2.0 section 4 and 5"),
        gpl=_same("yes", "Artistic-2.0 section 4(c)(ii)"),
        wrap=("conditions", "Artistic-2.0 section 7 and 8"),
        around=("conditions", "Artistic-2.0 section 7 and 8"),
    ),
    _row(
        "Artistic-1.0",
        "Artistic-1.0 Artistic-1.0-Perl Artistic-1.0-cl8 ClArtistic",
        cores=("conditions", "Artistic-1.0 section 3 to 5"),
        gpl=_same("no", _FSF.format("“Artistic License 1.0”")),
        wrap=("conditions", "Artistic-1.0 section 5 to 8"),
        around=("conditions", "Artistic-1.0 section 5 to 8"),
    ),
    _row(
        "Ruby",
        "Ruby",
        cores=("conditions", "Ruby license section 2 and 3"),
        gpl=_same("yes", _FSF.format("“License of Ruby”: through its choice")),
        wrap=("conditions", "Ruby license section 2 and 3"),
        around=("conditions", "Ruby license section 2 and 3"),
    ),
    _row(
        "Microsoft's public licenses",
        "MS-PL MS-RL",
        cores=("conditions", "MS-PL section 3(D); MS-RL section 3(A)"),
        gpl=_same("no", _FSF.format("“Microsoft Public License”, “Microsoft Reciprocal License”")),
        wrap=("conditions", "MS-PL section 3(D); MS-RL section 3(A)"),
        around=("conditions", "MS-PL section 3(D); MS-RL section 3(A)"),
    ),
    _row(
        "JSON",
        "JSON",
        cores=("no", _ASF.format("X") + ' ("Good, not Evil")'),
        gpl=_same("no", _FSF.format("“JSON License”")),
        wrap=("conditions", 'JSON license: "shall be used for Good, not Evil"'),
        around=("conditions", 'JSON license: "shall be used for Good, not Evil"'),
    ),
    _row(
        "SSPL",
        "SSPL-1.0",
        cores=("no", _OSD.format("6 and 9") + "; SSPL-1.0 section 5(c) and 13"),
        gpl=_same("no", "GPL-3.0 section 7 and 10; SSPL-1.0 section 13"),
        wrap=("no", "SSPL-1.0 section 5(c) and 13"),
        around=("no", "SSPL-1.0 section 5(c) and 13"),
    ),
    _row(
        "BUSL",
        "BUSL-1.1",
        cores=("no", _OSD.format("6") + "; BUSL-1.1: production use is not granted"),
        gpl=_same("no", "GPL-3.0 section 7 and 10; BUSL-1.1: production use is not granted"),
        wrap=("conditions", "BUSL-1.1, Additional Use Grant and Change Date"),
        around=("no", "BUSL-1.1: production use only within the Additional Use Grant"),
    ),
    _row(
        "source-available",
        "Elastic-2.0 FSL-1.1-ALv2 FSL-1.1-MIT LicenseRef-FSL LicenseRef-FCL-1.0-ALv2 "
        "LicenseRef-FCL-1.0-MIT LicenseRef-Fair-Core LicenseRef-Sustainable-Use-1.0 "
        "LicenseRef-Sustainable-Use LicenseRef-Timescale LicenseRef-Confluent-Community "
        "LicenseRef-CockroachDB LicenseRef-Redis-Source-Available PolyForm-Small-Business-1.0.0 "
        "LicenseRef-PolyForm-Shield-1.0.0 LicenseRef-PolyForm-Perimeter-1.0.0",
        cores=("no", _OSD.format("6")),
        gpl=_same("no", "GPL-3.0 section 7 and 10 (further restrictions)"),
        wrap=("conditions", _LIMITS),
        around=("conditions", _LIMITS),
    ),
    _row(
        "non-commercial",
        "CC-BY-NC-1.0 CC-BY-NC-2.0 CC-BY-NC-2.5 CC-BY-NC-3.0 CC-BY-NC-4.0 CC-BY-NC-SA-2.0 "
        "CC-BY-NC-SA-2.5 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0 CC-BY-NC-ND-3.0 CC-BY-NC-ND-4.0 "
        "PolyForm-Noncommercial-1.0.0 ",
        cores=("no", _OSD.format("6") + "; CC-BY-NC-4.0 section 2(a)(1)"),
        gpl=_same("no", "GPL-3.0 section 7 and 10 (further restrictions)"),
        wrap=("no", "CC-BY-NC-4.0 section 2(a)(1); PolyForm-Noncommercial-1.0.0, Noncommercial"),
        around=("no", "CC-BY-NC-4.0 section 2(a)(1); PolyForm-Noncommercial-1.0.0, Noncommercial"),
    ),
    _row(
        "no derivatives",
        "CC-BY-ND-3.0 CC-BY-ND-4.0",
        cores=("no", _OSD.format("3") + "; CC-BY-ND-4.0 section 2(a)(1)"),
        gpl=_same("no", "GPL-3.0 section 5; CC-BY-ND-4.0 section 2(a)(1)"),
        wrap=("conditions", "CC-BY-ND-4.0 section 2(a)(1): whole and unchanged"),
        around=("no", "CC-BY-ND-4.0 section 2(a)(1)"),
    ),
    _row(
        "proprietary",
        "LicenseRef-Proprietary ",
        cores=("no", "Berne Convention article 9: copying needs a permission, and none is stated"),
        gpl=_same("no", "GPL-3.0 section 5(c)"),
        wrap=("conditions", "the contract with its author"),
        around=("no", "Berne Convention articles 9 and 12"),
    ),
)

EITHER: dict[str, tuple[str, str]] = {
    "GPL-1.0-or-later": ("GPL-2.0-only", "GPL-3.0-only"),
    "GPL-2.0-or-later": ("GPL-2.0-only", "GPL-3.0-only"),
}
""""Or later" is a choice, and the versions differ in what they go together with."""

LINKING_EXCEPTIONS = frozenset(
    (
        *("Classpath-exception-2.0", "GCC-exception-2.0", "GCC-exception-3.1"),
        *("GPL-3.0-linking-exception", "GPL-3.0-linking-source-exception"),
        *("LGPL-3.0-linking-exception", "OCaml-LGPL-linking-exception", "WxWindows-exception-3.1"),
        *("eCos-exception-2.0", "freertos-exception-2.0", "FLTK-exception", "Swift-exception"),
        *("Libtool-exception", "Bison-exception-1.24", "Bison-exception-2.2"),
        *("Autoconf-exception-2.0", "Autoconf-exception-3.0", "Font-exception-2.0"),
        *("gnu-javamail-exception", "Bootloader-exception"),
    )
)
"""Exceptions of the SPDX list that let other software link without taking on its terms."""

EXCEPTION = Cell("conditions", "the text of the exception (SPDX list of exceptions)")
"""What an exception makes of a "no" for software that links."""
