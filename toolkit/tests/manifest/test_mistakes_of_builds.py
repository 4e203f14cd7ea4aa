# SPDX-License-Identifier: Apache-2.0
"""What is refused of the tables ``[builds.NAME]``: each mistake alone, by its code and line."""

import pytest

from coreline.manifest.parse import parse_manifest
from coreline.manifest.problems import ManifestErrors

LINE = """\
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**"]
"""
WRAPS = '[wraps.ee]\nspdx = "LicenseRef-E"\n[wraps.cloud]\nspdx = "LicenseRef-C"\n'
COMMAND = 'tool = "command"\ncommand = "make"\nartifacts = ["dist/*"]\n'


def found(build: str, wraps: str = WRAPS) -> list[tuple[str, int, str]]:
    """Return code, line from the build's table on, and hint of each mistake."""
    before = LINE + wraps
    try:
        parse_manifest(before + f"[builds.site]\n{build}")
    except ManifestErrors as errors:
        lines = before.count("\n")
        return [(one.code, one.line - lines, one.hint) for one in errors.problems]
    return []


@pytest.mark.parametrize(
    "build",
    [
        'side = "core"',
        'side = "wrap"\nwrap = "ee"\nfolder = "ee/python"',
        'side = "core"\nfolder = "src/..x/.y"\nregistry = "http://[::1]:8080/up"',
        'side = "core"\n' + COMMAND,
    ],
)
def test_right_builds(build: str) -> None:
    assert found(build) == []


def test_a_build_of_the_core_is_of_no_wrap() -> None:
    assert found('side = "core"\nwrap = "cloud"') == [
        ("core-build-names-wrap", 3, 'Leave the key out, or write side = "wrap".')
    ]


def test_a_build_of_the_only_wrap_need_not_name_it() -> None:
    assert found('side = "wrap"', '[wraps.ee]\nspdx = "LicenseRef-E"\n') == []


def test_whose_a_build_is() -> None:
    assert found('side = "wrap"\nwrap = "clout"') == [
        ("wrap-unknown", 3, 'Write "cloud", or add [wraps.clout].')
    ]
    assert found('side = "wrap"\nwrap = "zzzzzz"') == [("wrap-unknown", 3, "Add [wraps.zzzzzz].")]
    assert found('side = "wrap"') == [("wrap-missing", 1, 'Add wrap = "…", one of ee, cloud.')]
    assert found('side = "wrap"', "") == [("wrap-missing", 1, "Add [wraps.NAME].")]


@pytest.mark.parametrize("folder", ["../x", "/usr/share", "a/../../b", "..", "a\\\\b"])
def test_a_folder_outside(folder: str) -> None:
    assert [one[:2] for one in found(f'side = "core"\nfolder = "{folder}"')] == [
        ("folder-outside", 3)
    ]


def test_a_command_and_what_it_makes() -> None:
    assert found('side = "core"\ntool = "command"') == [
        ("build-incomplete", 1, 'Add command, such as command = "make dist".'),
        ("build-incomplete", 1, 'Add artifacts, such as artifacts = ["dist/*.gz"].'),
    ]
    assert [one[:2] for one in found('side = "core"\nartifacts = ["a/*"]\ncommand = "b"')] == [
        ("build-key-unused", 3),
        ("build-key-unused", 4),
    ]
    wrong = COMMAND.replace("dist/*", "../dist/*")
    assert [one[:2] for one in found('side = "core"\n' + wrong)] == [("glob-invalid", 5)]


@pytest.mark.parametrize(
    ("registry", "code"),
    [
        ("pypi", "registry-malformed"),
        ("https://", "registry-malformed"),
        ("ftp://a.example.com/", "registry-malformed"),
        ("http://[a/", "registry-malformed"),
        ("https://me:hunter2@a.example.com/", "credential-in-address"),
    ],
)
def test_an_address_that_is_none_or_says_too_much(registry: str, code: str) -> None:
    assert [one[:2] for one in found(f'side = "core"\nregistry = "{registry}"')] == [(code, 3)]
