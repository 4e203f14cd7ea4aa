# SPDX-License-Identifier: Apache-2.0
"""Headers in words against the side of their file: the header is the truth about the file."""

from collections.abc import Callable

import pytest

from coreline.boundary.model import Report

Checked = Callable[..., Report]
TAG = "SPDX-License-" + "Identifier:"
CLOSED = "# Copyright Acme. Licensed under the Acme Enterprise License.\n"
APACHE = "# Licensed under the Apache License, Version 2.0\n"


def found(report: Report) -> list[tuple[str, int, str]]:
    return [(one.path, one.line, one.message) for one in report.findings if one.kind == "header"]


def test_a_proprietary_header_in_the_core_names_the_wrap(checked: Checked) -> None:
    report = checked({"a.py": f"#!/bin/sh\n{CLOSED}x = 1\n"})
    assert found(report) == [
        (
            "a.py",
            2,
            (
                "The header is proprietary, as the wrap enterprise is, but the core is under"
                ' "Apache-2.0".'
            ),
        )
    ]
    assert report.findings[0].hint.startswith("Give the file to the wrap enterprise")
    assert not report.kept


def test_which_wrap_it_is_is_not_guessed(checked: Checked, manifest: str) -> None:
    two = f'{manifest}[wraps.other]\nspdx = "LicenseRef-Other"\npaths = ["other/**"]\n'
    report = checked({"a.py": f"{CLOSED}x = 1\n"}, two)
    assert [message for _, _, message in found(report)] == [
        'The header is proprietary, but the core is under "Apache-2.0".'
    ]


def test_a_header_of_the_core_inside_the_wrap(checked: Checked) -> None:
    report = checked({"enterprise/a.py": f"{APACHE}x = 1\n", "enterprise/b.py": f"{CLOSED}x = 1\n"})
    assert [(path, line) for path, line, _ in found(report)] == [("enterprise/a.py", 1)]
    assert "as the core is, but the wrap enterprise is" in report.findings[0].message


@pytest.mark.parametrize("path", ["a.py", "enterprise/a.py"])
def test_what_others_gave_to_everybody_may_stand_on_both_sides(checked: Checked, path: str) -> None:
    report = checked({path: "# Released under the MIT License\nx = 1\n"})
    assert found(report) == []
    owner = "the core" if path == "a.py" else "the wrap enterprise"
    assert any(f"1 file of {owner} is under MIT by the header" in one for one in report.notes)


@pytest.mark.parametrize(("path", "count"), [("a.py", 1), ("enterprise/a.py", 0)])
def test_a_tag_of_others_is_said_in_the_manifest_of_a_core(
    checked: Checked, path: str, count: int
) -> None:
    assert len(found(checked({path: f"# {TAG} ISC\nx = 1\n"}))) == count


@pytest.mark.parametrize("path", ["a.py", "enterprise/a.py"])
def test_copyleft_may_stand_on_neither(checked: Checked, path: str) -> None:
    report = checked({path: "# Licensed under the GPLv3\nx = 1\n"})
    assert [(found_path, line) for found_path, line, _ in found(report)] == [(path, 1)]


def test_a_tag_counts_more_than_words(checked: Checked) -> None:
    assert found(checked({"a.py": f"# {TAG} Apache-2.0\n{CLOSED}x = 1\n"})) == []


@pytest.mark.parametrize("path", ["hack/license-header.go", "scripts/boilerplate.sh"])
def test_a_template_of_headers_is_no_file_with_a_header(checked: Checked, path: str) -> None:
    assert found(checked({path: CLOSED})) == []
    assert len(found(checked({path: f"{CLOSED}x = 1\n"}))) == 1
    assert len(found(checked({"a.py": CLOSED}))) == 1


@pytest.mark.parametrize("path", ["docs/a.md", "LICENSE", "NOTICE", "LICENSE-EE", "license-a.txt"])
def test_prose_may_speak_of_any_license(checked: Checked, path: str) -> None:
    assert found(checked({path: CLOSED})) == []
