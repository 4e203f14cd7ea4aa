# SPDX-License-Identifier: Apache-2.0
"""Files that nobody wrote by hand: no input makes an extractor fail, nor work without bound."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.check import load_languages
from coreline.boundary.extension import Language, Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.names import Names

NAMES = Names(
    modules={"acme_ee": "ee"},
    words=frozenset(["acme_ee"]),
    folders=frozenset(["ee"]),
    packages={"@acme/ee": "ee"},
)
OWN = (
    *("javascript", "typescript", "tsx", "vue", "svelte", "stylesheet", "tsconfig"),
    *("package-json", "javascript-config", "js-workspace"),
)
LANGUAGES = {one.name: one for one in load_languages() if one.name in OWN}
SECONDS_MAX = 5.0

_CODE = [
    *("import ", "x", " from ", '"./ee"', "'@acme/ee/x'", "`./ee/${", "}`", "require(", "import("),
    *(")", "{", "}", "export * from", "try", "catch (e)", "throw e", ";", "\n", "//", "/*"),
    *("*/", "if (env.EE)", "=>", "type ", "/// <reference path=", "declare module", "ee/", "\0"),
]
_MARKUP = ["<script>", "</script>", "<!--", "-->", "<style>", "@import", "/>", "\ufeff"]
_JSON = ['{"compilerOptions":', '"paths":', '["./ee/*"]', '"extends":', ",", ":", "[", "]", "\\"]
PIECES = st.sampled_from([*_CODE, *_MARKUP, *_JSON])


def facts_of(language: Language, data: bytes) -> FileFacts:
    facts = language.extract(Source(data, NAMES, NAMES.search(data)))
    lines = data.count(b"\n") + 1
    assert all(1 <= one.line <= lines for one in facts.references)
    if language.define is not None:
        list(language.define(data))
    if language.aliases is not None:
        list(language.aliases(data))
    return facts


def test_all_languages_are_there() -> None:
    assert sorted(LANGUAGES) == sorted(OWN)


@pytest.mark.parametrize("name", OWN)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=40).map("".join)))
def test_no_bytes_make_it_fail(name: str, data: bytes | str) -> None:
    facts_of(LANGUAGES[name], data.encode() if isinstance(data, str) else data)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.just("./ee/*")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    *("compilerOptions", "paths", "extends", "references", "path", "baseUrl"),
                    *("name", "exports", "imports", ".", "#ee", "dependencies", "workspaces"),
                    *("license", "licenses", "main", "types", "files", "include", "packages"),
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("name", ["tsconfig", "package-json"])
@settings(max_examples=150, deadline=None, derandomize=True)
@given(value=JSON)
def test_no_json_makes_it_fail(name: str, value: object) -> None:
    facts_of(LANGUAGES[name], json.dumps(value).encode())


@pytest.mark.parametrize("name", ["javascript", "typescript", "vue", "stylesheet", "tsconfig"])
@pytest.mark.parametrize(
    "data",
    [
        b"var a=require('./ee/x');" * 100_000,
        b"f({a:1,b:[c,d],e:function(){return g}});" * 50_000 + b"require('./ee/x')",
        b"(" * 200_000 + b"'./ee/x'" + b")" * 200_000,
        b"if(env.EE){" * 20_000 + b"require('./ee/x')",
        b"<script>" * 200_000 + b"'./ee/x'",
        b"@import " * 200_000 + b"'./ee/x'",
        b"import " * 200_000 + b"'./ee/x'",
        b"/*" * 200_000 + b"'./ee/x'",
        b"'" * 100_000 + b"./ee/x'",
        b"{" * 100_000 + b'"./ee/x"',
    ],
    ids=["calls", "wide", "deep", "ifs", "scripts", "rules", "words", "comments", "quotes", "json"],
)
def test_the_time_is_bounded(name: str, data: bytes) -> None:
    started = time.process_time()
    facts_of(LANGUAGES[name], data)
    assert time.process_time() - started < SECONDS_MAX
