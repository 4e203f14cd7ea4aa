# SPDX-License-Identifier: Apache-2.0
"""No bytes make a language fail, whatever they are a broken piece of."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.check import load_languages
from coreline.boundary.extension import Language, Source
from coreline.boundary.names import Names

LANGUAGES = load_languages()
NAMES = Names(
    modules={"acme_ee": "ee", "ee": "ee"},
    words=frozenset(["acme_ee", "ee", "coreline_sdk"]),
    folders=frozenset(["ee"]),
    packages={"acme-ee": "ee"},
    namespaces={"Acme\\EE": "ee", "acme.ee": "ee"},
)
# What begins or ends something in some language, in no order.
PIECES = [
    *(b"ee", b"acme_ee", b"ee/", b"acme-ee", b"Acme\\EE\\X", b"acme.ee.X", b"::", b".", b"/"),
    *(b'"', b"'", b'"""', b"`", b"{", b"}", b"(", b")", b"[", b"]", b"<", b">", b"</", b"/>"),
    *(b"//", b"/*", b"*/", b"#", b"#if ", b"#endif", b"<!--", b"-->", b"<?php ", b"\n", b"\r\n"),
    *(b"import ", b"use ", b"using ", b"mod ", b"include ", b"require ", b"if ", b"else", b"try"),
    *(b"catch", b"namespace ", b"package ", b"=", b":", b";", b",", b"$", b"${", b"\\", b"\0"),
    *(b"\xff", b"\xc3", "é".encode(), b"<project>", b"<dependency>", b"[dependencies]", b"{}"),
]


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.name)
@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@given(pieces=st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=60))
def test_any_bytes_are_read(language: Language, pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    hits = NAMES.search(data)
    facts = language.extract(Source(data, NAMES, hits))
    lines = data.count(b"\n") + 1
    for reference in facts.references:
        assert 1 <= reference.line <= lines
        assert reference.column >= 1
    if language.define is not None:
        assert all(1 <= one.line <= lines for one in language.define(data))


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.name)
@settings(max_examples=10, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_an_example_may_be_cut_anywhere(language: Language, data: st.DataObject) -> None:
    code = data.draw(st.sampled_from(language.examples)).code.encode()
    start = data.draw(st.integers(0, len(code)))
    end = data.draw(st.integers(start, len(code)))
    text = code[:start] + code[end:]
    facts = language.extract(Source(text, NAMES, NAMES.search(text)))
    assert all(reference.line >= 1 for reference in facts.references)
