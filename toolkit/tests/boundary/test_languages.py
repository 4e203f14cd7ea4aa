# SPDX-License-Identifier: Apache-2.0
"""Every language finds in each of its examples exactly the references that the example names."""

import pytest

from coreline.boundary.check import load_languages
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.names import Names

LANGUAGES = load_languages()
NAMES = Names(
    modules={"acme_ee": "ee", "ee": "ee"},
    words=frozenset(["acme_ee", "ee", "coreline_sdk"]),
    folders=frozenset(["ee"]),
    packages={"acme-ee": "ee"},
)


def facts_of(language: Language, data: bytes) -> FileFacts:
    return language.extract(Source(data, NAMES, NAMES.search(data)))


@pytest.mark.parametrize(
    ("language", "example"),
    [
        pytest.param(one, example, id=f"{one.name}-{number}")
        for one in LANGUAGES
        for number, example in enumerate(one.examples)
    ],
)
def test_an_example_has_the_references_that_it_names(language: Language, example: Example) -> None:
    facts = facts_of(language, example.code.encode())
    found = [(ref.form, ref.guard, ref.module, ref.names) for ref in facts.references]
    assert found == list(example.expected)
    assert facts.trouble is None


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.name)
def test_every_reference_has_a_place_and_its_line(language: Language) -> None:
    for example in language.examples:
        lines = example.code.splitlines()
        for ref in facts_of(language, example.code.encode()).references:
            assert ref.text == lines[ref.line - 1].rstrip()
            assert 1 <= ref.column <= len(ref.text)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.name)
def test_a_language_is_told_by_its_files(language: Language) -> None:
    assert language.suffixes or language.filenames or language.folders
    assert language.examples
    assert language.sentence.endswith(".")
    assert all(suffix.startswith(".") for suffix in language.suffixes)
    assert all(name == name.lower() for name in language.filenames)


def test_no_two_languages_claim_the_same_files() -> None:
    claimed = [name for one in LANGUAGES for name in (*one.suffixes, *one.filenames)]
    assert sorted(set(claimed)) == sorted(claimed)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.name)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe ee \x80 ee.x acme_ee",
        b"ee" * 3,
        b"\0import ee\0",
        b"(" * 5000 + b"ee" + b")" * 5000,
        b"[" * 5000 + b" acme_ee",
        b"if x:\n" * 900 + b" import ee",
        b'"""ee',
        b"import ee\r\nfrom ee.x import y\r\n",
        b"ee/" * 4000,
        b"{" * 3000 + b'"ee/x"',
    ],
)
def test_no_input_makes_a_language_fail(language: Language, data: bytes) -> None:
    facts = facts_of(language, data)
    assert all(ref.line >= 1 for ref in facts.references)
