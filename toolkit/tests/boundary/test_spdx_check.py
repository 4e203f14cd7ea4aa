# SPDX-License-Identifier: Apache-2.0
"""Headers, license texts and package metadata against the sides of their files."""

from collections.abc import Callable

import pytest

from coreline.boundary.expressions import agrees, as_expression
from coreline.boundary.grants import read_grants
from coreline.boundary.model import Report

Checked = Callable[..., Report]
TAG = "SPDX-License-" + "Identifier:"

MIT = (
    "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy "
    "to deal without restriction. The above copyright notice and this permission notice shall be."
)


def found(report: Report) -> list[tuple[str, int, str]]:
    # A folder named like a wrap's, and a path into one, are findings of other checks as well.
    assert {f.check for f in report.findings} <= {"spdx", "stray", "references"}
    return [(f.path, f.line, f.kind) for f in report.findings if f.check == "spdx"]


@pytest.mark.parametrize(
    "header",
    [
        f"# {TAG} Apache-2.0",
        f"/* {TAG} Apache-2.0 */",
        f"<!-- {TAG} Apache-2.0 -->",
        f"{{# {TAG} Apache-2.0 #}}",
        f"#!/bin/sh\r\n# {TAG} Apache-2.0\r",
        f"# {TAG} apache-2.0",
        f"# {TAG} MIT OR Apache-2.0",
        f"x = '# {TAG} MIT'",
        f"Text about {TAG} MIT",
        f"# {TAG}",
        "#" * 5000 + f"\n# {TAG} MIT",
    ],
)
def test_a_header_that_agrees_or_is_none_is_no_finding(checked: Checked, header: str) -> None:
    assert found(checked({"a.py": header + "\n"})) == []


def test_documentation_may_show_headers_of_others(checked: Checked) -> None:
    shown = "# How to\n" + "\n" * 12 + f"```\n# {TAG} MIT\n```\n"
    assert found(checked({"docs/how.md": shown})) == []
    assert found(checked({"docs/how.md": f"<!-- {TAG} MIT -->\n"})) == [
        ("docs/how.md", 1, "header")
    ]


@pytest.mark.parametrize(
    ("path", "header", "line"),
    [
        ("a.py", f"# {TAG} LicenseRef-Acme", 1),
        ("a.py", f"#!/bin/sh\n# {TAG} MIT", 2),
        ("a.css", f"/*\n * {TAG} MIT AND Apache-2.0\n */", 2),
        ("a.py", f"# {TAG} Apache 2", 1),
        ("enterprise/a.py", f"# {TAG} Apache-2.0", 1),
        ("enterprise/a.py", f"# {TAG} LicenseRef-Other", 1),
    ],
)
def test_a_header_of_another_license_is_a_finding(
    checked: Checked, path: str, header: str, line: int
) -> None:
    report = checked({path: header + "\n"})
    assert found(report) == [(path, line, "header")]
    assert (report.kept, report.grade) == (False, "loose")


def test_a_side_may_have_several_licenses(checked: Checked, manifest: str) -> None:
    text = manifest.replace('"Apache-2.0"', '"Apache-2.0 AND BSD-3-Clause"')
    files = {"a.py": f"# {TAG} BSD-3-Clause\n", "b.py": f"# {TAG} Apache-2.0\n"}
    assert found(checked(files, text)) == []
    assert found(checked({"c.py": f"# {TAG} MIT\n"}, text)) == [("c.py", 1, "header")]


SPLIT = (
    "Copyright Acme\n\nPortions of this software are licensed as follows:\n\n"
    '* All content that resides under the "enterprise/" directory of this repository, if that\n'
    '  directory exists, is licensed under the license defined in "enterprise/LICENSE".\n'
    '* All content under the "docs/" directory is licensed under "Creative Commons: CC BY-SA".\n'
    "* Content outside of the above mentioned directories is available under the MIT license.\n"
)


def test_the_folders_of_a_license_text_are_read() -> None:
    grants = [(g.line, g.folder, g.anywhere, g.is_open) for g in read_grants(SPLIT)]
    assert grants == [(5, "enterprise", False, False), (7, "docs", False, True)]


@pytest.mark.parametrize(
    ("text", "folders"),
    [
        ('Content under any "ee/" directory is licensed under "ee/LICENSE".', [("ee", True)]),
        (
            (
                'All content under the "ee/", "web/src/ee/" and `worker/ee` directories, if they '
                'exist, is licensed under the license defined in "ee/LICENSE".'
            ),
            [("ee", False), ("web/src/ee", False), ("worker/ee", False)],
        ),
        ("Files in the ee/ folder are under a commercial license.", [("ee", False)]),
        ('Content outside of the "ee/" directory is available under the MIT license.', []),
        ("See https://example.com/ee/ for the terms of the directory.", []),
        ("Permission to use the directory is granted under no terms.", []),
    ],
)
def test_sentences_that_name_folders(text: str, folders: list[tuple[str, bool]]) -> None:
    assert [(g.folder, g.anywhere) for g in read_grants(text)] == folders


def test_a_text_that_names_every_folder_of_the_wrap_is_no_finding(checked: Checked) -> None:
    assert found(checked({"LICENSE": SPLIT, "enterprise/a.py": "", "docs/a.md": ""})) == []


def test_a_folder_of_the_wrap_that_the_text_forgets(checked: Checked, manifest: str) -> None:
    text = manifest.replace('["enterprise/**"]', '["enterprise/**", "web/ee/**"]')
    files = {"LICENSE": SPLIT, "enterprise/a.py": "", "web/ee/b.ts": "", "web/c.ts": ""}
    report = checked(files, text)
    assert found(report) == [("LICENSE", 5, "license-text")]
    assert report.findings[0].names == ("web/ee",)
    assert "open" in report.findings[0].message
    own_text = {**files, "web/ee/LICENSE": "All rights reserved.\n"}
    assert found(checked(own_text, text)) == []
    own_words = {**files, "web/ee/b.ts": "// Proprietary and confidential.\nx\n"}
    assert found(checked(own_words, text)) == []
    own_header = {**files, "web/ee/b.ts": f"// {TAG} LicenseRef-Acme\n"}
    assert found(checked(own_header, text)) == []


def test_a_folder_of_the_core_that_the_text_swallows(checked: Checked, manifest: str) -> None:
    everywhere = SPLIT.replace('the "enterprise/"', 'any "enterprise/"')
    files = {
        "LICENSE": everywhere,
        "enterprise/a.py": "",
        "tests/enterprise/test_a.py": "",
        "tests/enterprise/test_b.py": "",
    }
    report = checked(files)
    assert found(report) == [("LICENSE", 5, "license-text")]
    assert "tests/enterprise/test_a.py and 1 more" in report.findings[0].message
    assert found(checked({**files, "LICENSE": SPLIT})) == []


def test_the_license_text_itself_is_of_the_sides_license(checked: Checked, manifest: str) -> None:
    assert found(checked({"LICENSE": MIT})) == [("LICENSE", 1, "license-text")]
    assert found(checked({"LICENSE": MIT}, manifest.replace("Apache-2.0", "MIT"))) == []
    assert found(checked({"vendor/borrowed/LICENSE": MIT})) == []
    assert found(checked({"enterprise/LICENSE": MIT})) == [
        ("enterprise/LICENSE", 1, "license-text")
    ]
    assert found(checked({"enterprise/LICENSE": "Proprietary. All rights reserved.\n"})) == []
    closed = checked({"LICENSE": "Copyright Acme. Proprietary. All rights reserved.\n"})
    assert found(closed) == [("LICENSE", 1, "license-text")]
    assert "a text of proprietary terms" in closed.findings[0].message
    pointing = "Acme is under the Apache License 2.0. There is a commercial license, too.\n"
    assert found(checked({"LICENSE": pointing})) == []


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("pyproject.toml", '[project]\nname = "a"\nlicense = "MIT"\n', 3),
        ("pyproject.toml", '[project]\nlicense = { text = "Proprietary" }\n', 2),
        ("pyproject.toml", '[tool.poetry]\nlicense = "LicenseRef-Acme"\n', 2),
        (
            "pyproject.toml",
            '[project]\nclassifiers = [\n  "License :: Other/Proprietary License",\n]\n',
            3,
        ),
        ("setup.cfg", "[metadata]\nlicense = MIT\n", 2),
        ("setup.py", "setup(\n    name='a',\n    license='MIT',\n)\n", 3),
        ("setup.py", 'setup(classifiers=[\n"License :: Other/Proprietary License"])\n', 2),
        ("web/package.json", '{\n"license": "UNLICENSED"}', 2),
        ("enterprise/package.json", '{"license": "Apache-2.0"}', 1),
        ("enterprise/pyproject.toml", '[project]\nlicense = "Apache License 2.0"\n', 2),
        (
            "enterprise/pyproject.toml",
            '[project]\nclassifiers = ["License :: OSI Approved :: MIT License"]\n',
            2,
        ),
    ],
)
def test_metadata_that_contradicts_its_side(
    checked: Checked, path: str, text: str, line: int
) -> None:
    assert found(checked({path: text})) == [(path, line, "metadata")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", '[project]\nlicense = "Apache-2.0"\n'),
        ("pyproject.toml", '[project]\nlicense = { text = "Apache License, Version 2.0" }\n'),
        ("pyproject.toml", '[project]\nlicense = { file = "LICENSE" }\n'),
        ("pyproject.toml", "[project]\nlicense = 3\n"),
        ("pyproject.toml", "not = = toml"),
        ("package.json", "[]"),
        ("package.json", "{"),
        ("setup.cfg", "garbage"),
        ("tests/data/package.json", '{"license": "ISC"}'),
        ("examples/x/package.json", '{"license": "ISC"}'),
        ("setup.py", "setup(license=LICENSE)\n"),
        ("setup.py", "setup(license='Apache-2.0')\n"),
        ("enterprise/package.json", '{"license": "UNLICENSED"}'),
        ("enterprise/pyproject.toml", '[project]\nlicense = "LicenseRef-Acme"\n'),
        ("enterprise/setup.cfg", "[metadata]\nlicense = Proprietary\n"),
    ],
)
def test_metadata_that_agrees_or_says_nothing(checked: Checked, path: str, text: str) -> None:
    assert found(checked({path: text})) == []


def test_see_license_in_is_followed(checked: Checked, manifest: str) -> None:
    package = '{\n"license": "SEE LICENSE IN LICENSE.md"}'
    assert found(checked({"web/package.json": package})) == [("web/package.json", 2, "metadata")]
    files = {"web/package.json": package, "web/LICENSE.md": "The terms of the web part.\n"}
    assert found(checked(files)) == []
    assert found(checked({**files, "web/LICENSE.md": MIT})) == [("web/package.json", 2, "metadata")]
    other = {
        "web/package.json": '{"license": "SEE LICENSE IN ../enterprise/LICENSE"}',
        "enterprise/LICENSE": "All rights reserved.\n",
    }
    report = checked(other)
    assert found(report) == [("web/package.json", 1, "metadata")]
    assert any("which is of the wrap enterprise" in one.message for one in report.findings)


def test_several_licenses_of_one_field_are_a_choice(checked: Checked) -> None:
    choice = '{\n"name": "a/b",\n"license": ["Apache-2.0", "GPL-3.0-only"]}'
    assert found(checked({"composer.json": choice})) == []
    assert (
        found(checked({"Cargo.toml": '[package]\nname = "a"\nlicense = "MIT/Apache-2.0"\n'})) == []
    )


def test_expressions() -> None:
    assert agrees("MIT AND Apache-2.0", "Apache-2.0 AND MIT")
    assert agrees("GPL-3.0-or-later WITH Classpath-exception-2.0", "MIT") is False
    assert agrees("LicenseRef-A", "LicenseRef-A AND LicenseRef-B")
    assert agrees("MIT", "MIT OR Apache-2.0") is False
    assert agrees("(((", "MIT") is None
    assert agrees("MIT AND", "MIT") is None
    assert agrees("x" * 10_000, "MIT") is None
    assert as_expression("The MIT License") == "MIT"
    assert as_expression("whatever you like") is None
