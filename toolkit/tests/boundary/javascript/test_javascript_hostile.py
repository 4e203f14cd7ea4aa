# SPDX-License-Identifier: Apache-2.0
"""Files that nobody wrote by hand: no input makes an extractor fail, nor work without bound."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.check import check, load_languages
from coreline.boundary.extension import Language, Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.names import Names
from coreline.manifest.parse import parse_manifest
from coreline.sources.tree import MemoryTree

NAMES = Names(
    modules={"acme_ee": "ee"},
    words=frozenset(["acme_ee"]),
    folders=frozenset(["ee"]),
    packages={"@acme/ee": "ee"},
)
OWN = (
    *("javascript", "typescript", "tsx", "vue", "svelte", "stylesheet", "tsconfig"),
    *("package-json", "javascript-config", "js-workspace", "mdx", "html"),
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


@pytest.mark.parametrize(
    "name", ["javascript", "typescript", "vue", "stylesheet", "tsconfig", "mdx", "html"]
)
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
        b"```\n" * 50_001 + b"import './ee/x'",
        b"import './ee/x'\n" * 20_000,
    ],
    ids=[
        "calls",
        "wide",
        "deep",
        "ifs",
        "scripts",
        "rules",
        "words",
        "comments",
        "quotes",
        "json",
        "fences",
        "imports",
    ],
)
def test_the_time_is_bounded(name: str, data: bytes) -> None:
    started = time.process_time()
    facts_of(LANGUAGES[name], data)
    assert time.process_time() - started < SECONDS_MAX


SPECIFIERS = st.lists(
    st.sampled_from(
        [
            *("./", "../", "/", "@/", "~/", "~~/", "#", "@acme/", "ee", "ee/", "x", "..", ".", "!"),
            *("?raw", "*", "{a,b}", "${x}", "<rootDir>/", "[id]", "(app)", "$1", ".js", "//", " "),
        ]
    ),
    max_size=8,
).map("".join)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(specifier=SPECIFIERS, pattern=SPECIFIERS, target=SPECIFIERS)
def test_no_specifier_makes_the_resolver_fail(specifier: str, pattern: str, target: str) -> None:
    manifest = (
        '[product]\nname = "a"\nprimary = "b"\n[core]\nspdx = "MIT"\npaths = ["**"]\n'
        '[wraps.ee]\nspdx = "LicenseRef-A"\npaths = ["**/ee/**"]\n'
    )
    tree = MemoryTree(
        {
            "coreline.toml": manifest,
            "web/ee/x.ts": "",
            "web/tsconfig.json": json.dumps(
                {
                    "extends": [pattern, target],
                    "compilerOptions": {"baseUrl": target, "paths": {pattern: [target]}},
                    "references": [{"path": target}],
                }
            ),
            "web/package.json": json.dumps(
                {"name": pattern, "exports": {target: pattern}, "imports": {"#ee": target}}
            ),
            "web/a.ts": f"import {json.dumps(specifier)}; x = {json.dumps(specifier)}",
        }
    )
    report = check(tree, parse_manifest(manifest))
    assert report.coverage.analyzed == 5
