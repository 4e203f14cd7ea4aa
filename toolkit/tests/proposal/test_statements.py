# SPDX-License-Identifier: Apache-2.0
"""Sentences of license texts name places; what else is quoted in them does not count."""

import pytest

from coreline.proposal.statements import Statement, license_of_the_rest, statements


def read(text: str) -> list[tuple[str, bool, bool]]:
    return [(one.place, one.anywhere, one.excepted) for one in statements(text)]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('All in the "ee/" folder is under the license of "ee/LICENSE".', [("ee", False, False)]),
        (
            "- All in the “ee/”, “web/src/ee” and `worker/ee` folders is licensed as “ee/LICENSE”.",
            [("ee", False, False), ("web/src/ee", False, False), ("worker/ee", False, False)],
        ),
        ('Any "ee/" directory has the commercial license.', [("ee", True, False)]),
        (
            'Code in a directory named "enterprise" is under the Acme terms.',
            [("enterprise", True, False)],
        ),
        (
            "Files of https://forge.example.com/acme/acme/tree/main/packages/ee/ are licensed so.",
            [("packages/ee", False, False)],
        ),
        (
            "Files under https://forge.example.com/acme/acme/-/blob/main/ee have another license.",
            [("ee", False, False)],
        ),
        ('Outside of the "tsl" folder the license is Apache 2.0.', [("tsl", False, True)]),
        ("All files except those in ee/ are MIT licensed.", [("ee", False, True)]),
        ("See [the terms](./LICENSE-EE) for packages/ee/.", [("packages/ee", False, False)]),
        (
            'Files with ".ee." in their name have the Enterprise License.',
            [(".ee.", True, False)],
        ),
        ('The "Software" and its "Documentation" are licensed.', []),
        ('Look into the "ee/" folder for more.', []),
        ("Use is subject to https://acme.example/terms/ of the license.", []),
        ('This is licensed under "LICENSE".', []),
        ("", []),
    ],
)
def test_places(text: str, places: list[tuple[str, bool, bool]]) -> None:
    assert read(text) == places


def test_the_items_of_an_item_are_of_its_sentence() -> None:
    text = (
        "- Content in any directory named `ee/`, including:\n"
        "  - `packages/core/ee/`\n"
        "  - `packages/auth/ee/`\n"
        "    has the license of `ee/LICENSE`.\n"
        "- The rest has the Apache License 2.0.\n"
    )
    assert [place for place, _, _ in read(text)] == ["ee", "packages/core/ee", "packages/auth/ee"]
    assert read(text)[0] == ("ee", True, False)


def test_the_license_of_the_rest() -> None:
    text = (
        "Code is variously under the AGPL or the Acme Commercial License.\n\n"
        '* Outside of the "enterprise" directory, code is under the AGPL.\n'
        '* Within the "enterprise" directory, code is under the Acme Commercial License.\n'
    )
    assert license_of_the_rest(text) == (3, "AGPL-3.0-only")
    assert license_of_the_rest("Outside of x/ it is MIT or Apache 2.0 licensed.") is None
    assert license_of_the_rest("Licensed under the MIT license.") is None
    assert read(text) == [("enterprise", False, True), ("enterprise", False, False)]


def test_a_sentence_over_several_lines_and_items() -> None:
    text = (
        "Parts are licensed as follows:\n\n"
        '* All content under the "docs/"\n'
        '  directory is licensed under "CC BY-SA 4.0".\n'
        '* Content in the "ee/" directory\n'
        '  has the license in "ee/LICENSE". Content in "x/" has the MIT license.\n'
    )
    found = list(statements(text))
    assert [(one.place, one.line) for one in found] == [("docs", 3), ("ee", 5), ("x", 6)]
    assert found[0].licenses == ("CC-BY-SA-4.0",)
    assert found[1].files == ("ee/LICENSE",)
    assert found[1].licenses == ()
    assert found[2].licenses == ("MIT",)
    assert isinstance(found[0], Statement)
    assert not found[0].is_mark
