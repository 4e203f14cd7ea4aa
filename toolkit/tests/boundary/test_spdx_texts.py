# SPDX-License-Identifier: Apache-2.0
"""License texts are known by their own words, whatever else they name."""

from pathlib import Path

import pytest

from coreline.boundary.spdx_texts import is_open, named_licenses, read_license_text

MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this
software, to deal in the Software without restriction. The above copyright notice and this
permission notice shall be included in all copies."""
BSD = """Redistribution and use in source and binary forms, with or without
modification, are permitted provided that the following conditions are met:"""
ISC = "Permission to use, copy, modify, and/or distribute this software for any purpose with or "
TERMS = "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION"

TEXTS = {
    "Apache-2.0": f"  Apache License\n  Version 2.0, January 2004\n\n{TERMS}",
    "MIT": MIT,
    "MIT-0": MIT.split(" The above")[0],
    "BSD-2-Clause": BSD,
    "BSD-3-Clause": f"{BSD} Neither the name may be used to endorse or promote products.",
    "ISC": f"{ISC}without fee is hereby granted, provided that the above\ncopyright notice and "
    "this permission notice appear in all copies.",
    "0BSD": f'{ISC}without fee is hereby granted.\n\nTHE SOFTWARE IS PROVIDED "AS IS"',
    "GPL-2.0-only": "GNU GENERAL PUBLIC LICENSE\n Version 2, June 1991",
    "GPL-3.0-only": "GNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007",
    "LGPL-3.0-only": "GNU LESSER GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007",
    "AGPL-3.0-only": "GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3, 19 November 2007",
    "MPL-2.0": "Mozilla Public License Version 2.0\n'Secondary License' means the GNU General "
    "Public License, Version 2.0, the GNU Lesser General Public License, Version 2.1, the GNU "
    'Affero General Public License, Version 3.0. "Incompatible With Secondary Licenses"',
    "BUSL-1.1": "Business Source License 1.1\nAdditional Use Grant: none\nChange Date: 2030\n"
    "Change License: MPL 2.0",
    "SSPL-1.0": "Server Side Public License\nVERSION 1, OCTOBER 16, 2018",
    "Elastic-2.0": "Elastic License 2.0\nYou may not provide the software to third parties as a "
    "hosted or managed service, where the service provides users with access",
    "Unlicense": "This is free and unencumbered software released into the public domain.",
    "LicenseRef-FCL-1.0-ALv2": "# Fair Core License, Version 1.0, ALv2 Future License\n Licensed "
    'under the Apache License, Version 2.0 (the "License"); you may not use',
}


@pytest.mark.parametrize("spdx", TEXTS)
def test_a_text_is_known_by_its_body(spdx: str) -> None:
    assert read_license_text(TEXTS[spdx]).spdx == spdx
    assert read_license_text(TEXTS[spdx].replace("\n", "\r\n * ")).spdx == spdx


def test_the_whole_apache_text_is_one_license() -> None:
    text = (Path(__file__).parents[3] / "LICENSE").read_text()
    assert read_license_text(text) == (("Apache-2.0",), False, False)


def test_a_split_license_is_the_license_of_the_rest() -> None:
    split = (
        'Parts of it:\n* All content that resides under the "ee/" directory of this repository is '
        'licensed under "ee/LICENSE".\n* "docs/" is "Creative Commons: CC BY-SA 4.0 license".\n'
        "* Content outside of the above mentioned directories is available under the "
        f'"MIT Expat" license.\n\n{MIT}'
    )
    assert read_license_text(split) == (("MIT",), False, True)


def test_a_vendors_own_terms_are_proprietary() -> None:
    terms = "This software may only be used in production, if you have a valid subscription."
    assert read_license_text(terms).proprietary
    assert not read_license_text("A file about licenses in general.").proprietary
    assert not read_license_text(f"All rights reserved. {BSD}").proprietary
    assert not read_license_text(
        "GNU Free Documentation License. Everyone is permitted to copy and distribute verbatim "
        "copies. All rights reserved."
    ).proprietary


def test_the_commons_clause_takes_back_what_is_open() -> None:
    spdx = read_license_text(f"{MIT}\n\nCommons Clause: the right to Sell is not granted.").spdx
    assert spdx == "LicenseRef-MIT-Commons-Clause"
    assert not is_open(spdx)


def test_two_bodies_are_both_named_in_order() -> None:
    assert read_license_text(f"{MIT}\n\n{BSD}").spdx == "MIT AND BSD-2-Clause"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ('licensed under the "MIT Expat" license', ("MIT",)),
        ("the Apache License Version 2.0", ("Apache-2.0",)),
        ("available under the AGPLv3", ("AGPL-3.0-only",)),
        ('"Creative Commons: CC BY-SA 4.0 license"', ("CC-BY-SA-4.0",)),
        ('the license defined in "ee/LICENSE"', ()),
        ("a permitted use", ()),
    ],
)
def test_licenses_named_in_a_sentence(sentence: str, expected: tuple[str, ...]) -> None:
    assert named_licenses(sentence) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", True),
        ("GPL-2.0-or-later WITH Classpath-exception-2.0", True),
        ("MIT OR LicenseRef-Acme", True),
        ("MIT AND LicenseRef-Acme", False),
        ("(MIT AND Apache-2.0)", True),
        ("BUSL-1.1", False),
        ("UNLICENSED", False),
        ("SEE LICENSE IN LICENSE.md", False),
        ("CC-BY-NC-4.0", False),
        ("", False),
    ],
)
def test_open_expressions(expression: str, *, expected: bool) -> None:
    assert is_open(expression) is expected
