# SPDX-License-Identifier: Apache-2.0
"""Edits say what was intended and leave every other byte, whatever way the manifest is written."""

import tomllib
from typing import Any

import pytest
from hypothesis import settings

from coreline.errors import InputError
from coreline.manifest import edit
from coreline.manifest.patch import literal, written
from coreline.manifest.problems import ManifestErrors

SETTINGS = settings(max_examples=200, deadline=None, derandomize=True)

TEXT = """\
# The line of converge.

[product]
name = "converge" # short
primary = "Bring a machine to a declared state"

[core]
spdx = "Apache-2.0"
paths = [
    "src/**", # the code
    # and all words
    "docs/**",
]
doors = ["entry-point:converge.plugins"]

[features.apply]
side = "core"
primary = true

# About the core's wrap.
[wraps.enterprise]
spdx = "LicenseRef-E"
paths = ["enterprise/**"] # all of it

[features.fleet]  # out of order on purpose
side = "wrap"
wrap = "enterprise"
segment = "big"

[editions.enterprise]
features = ["fleet"]
segment = "big"
price = { amount = 1, currency = "USD", per = "year" } # cheap

[segments.big]
title = "Big"
# The end.
"""


HEAD = '[product]\nname = "p"\nprimary = "x"\n[core]\nspdx = "MIT"\npaths = ["a"]\n'


def test_a_claim_is_added_in_the_style_of_its_list() -> None:
    assert edit.add_claim(TEXT, ("core",), "*.md") == TEXT.replace(
        '    "docs/**",\n', '    "docs/**",\n    "*.md",\n'
    )
    assert edit.add_claim(TEXT, ("wraps", "enterprise"), "ee/**") == TEXT.replace(
        '["enterprise/**"]', '["enterprise/**", "ee/**"]'
    )
    assert edit.add_claim(TEXT, ("features", "fleet"), "enterprise/fleet/**") == TEXT.replace(
        'segment = "big"\n\n[editions',
        'segment = "big"\npaths = ["enterprise/fleet/**"]\n\n[editions',
    )


def test_adding_twice_changes_nothing() -> None:
    assert edit.add_claim(TEXT, ("core",), "src/**") == TEXT


@pytest.mark.parametrize(
    ("old", "added"),
    [
        ("[]", '["z"]'),
        ("[ ]", '["z"]'),
        ("[\n]", '[\n    "z",\n]'),
        ("[\n  # none\n  ]", '[\n  # none\n      "z",\n  ]'),
        ('["a"]', '["a", "z"]'),
        ('["a", ]', '["a", "z", ]'),
        ('[\n  "a"]', '[\n  "a",\n  "z"]'),
        ('[\n  "a",]', '[\n  "a",\n  "z"]'),
        ('[\n  "a" # a\n]', '[\n  "a", # a\n  "z"\n]'),
        ('[\n  "a", # a\n]', '[\n  "a", # a\n  "z",\n]'),
        ('[\n  "a"\n  # b\n  ,\n]', '[\n  "a"\n  # b\n  ,\n  "z",\n]'),
    ],
)
def test_an_element_is_added_behind_the_others(old: str, added: str) -> None:
    text = HEAD.replace('["a"]', old)
    assert edit.add_claim(text, ("core",), "z") == HEAD.replace('["a"]', added)


@pytest.mark.parametrize(
    ("old", "removed"),
    [
        ('["b"]', "[]"),
        ('["a", "b"]', '["a"]'),
        ('["b", "c"]', '["c"]'),
        ('["a" , "b" , "c"]', '["a" , "c"]'),
        ('[\n  "a",\n  "b" # b\n]', '[\n  "a",\n]'),
        ('[\n  "b", "c",\n]', '[\n  "c",\n]'),
        ('["a", # a\n "b"]', '["a", # a\n ]'),
    ],
)
def test_an_element_is_removed_and_others_keep_their_comments(old: str, removed: str) -> None:
    text = HEAD.replace('["a"]', old)
    assert edit.remove_claim(text, ("core",), "b") == HEAD.replace('["a"]', removed)


def test_a_claim_is_removed_with_its_own_comment_only() -> None:
    assert edit.remove_claim(TEXT, ("core",), "src/**") == TEXT.replace(
        '    "src/**", # the code\n', ""
    )
    assert edit.remove_claim(TEXT, ("wraps", "enterprise"), "enterprise/**") == TEXT.replace(
        '["enterprise/**"]', "[]"
    )


def test_a_feature_is_set_and_added() -> None:
    assert edit.set_feature(TEXT, "fleet", title="Fleet", segment="big") == TEXT.replace(
        'segment = "big"\n\n[editions', 'segment = "big"\ntitle = "Fleet"\n\n[editions'
    )
    added = edit.set_feature(TEXT, "login", side="core", critical=True)
    assert added == TEXT.replace(
        'segment = "big"\n\n[editions',
        'segment = "big"\n\n[features.login]\nside = "core"\ncritical = true\n\n[editions',
    )


def test_a_key_of_an_inline_table_is_set() -> None:
    changed = edit.set_value(TEXT, ("editions", "enterprise", "price", "amount"), 9.5)
    assert changed == TEXT.replace("amount = 1,", "amount = 9.5,")


def test_a_price_is_set_as_an_inline_table() -> None:
    price = {"amount": 9.5, "currency": "EUR", "per": "month"}
    text = TEXT.replace('price = { amount = 1, currency = "USD", per = "year" } # cheap\n', "")
    changed = edit.set_value(text, ("editions", "enterprise", "price"), price)
    assert 'price = { amount = 9.5, currency = "EUR", per = "month" }\n' in changed


def test_a_table_is_removed_with_one_blank_line() -> None:
    login = '[features.login] # gone\nside = "core"\n# gone too\ncritical = true # gone\n\n'
    text = TEXT.replace("# About", f"{login}# About")
    assert edit.remove_table(text, "features", "login") == TEXT


def test_renaming_renames_whatever_names_it() -> None:
    renamed = edit.rename(TEXT, "wraps", "enterprise", "ee")
    assert renamed == TEXT.replace("[wraps.enterprise]", "[wraps.ee]").replace(
        'wrap = "enterprise"', 'wrap = "ee"'
    )
    assert edit.rename(TEXT, "segments", "big", "large") == TEXT.replace(
        '"big"', '"large"'
    ).replace("[segments.big]", "[segments.large]")
    assert edit.rename(TEXT, "features", "fleet", "fleets") == TEXT.replace(
        "[features.fleet]", "[features.fleets]"
    ).replace('["fleet"]', '["fleets"]')


def test_a_manifest_without_a_final_line_end_gets_its_table() -> None:
    text = TEXT.removesuffix("# The end.\n").rstrip()
    changed = edit.set_value(text, ("segments", "small", "title"), "S")
    assert changed == text + '\n\n[segments.small]\ntitle = "S"\n'


@pytest.mark.parametrize(
    ("old", "key", "value", "new"),
    [
        # A table that only a deeper header implies gets a header of its own.
        (
            (
                '[editions.e.price]\namount = 1\ncurrency = "USD"\nper = "year"\n[editions.f]\n'
                "features = []\n[wraps]\n"
            ),
            ("editions", "e", "features"),
            [],
            (
                '[editions.e.price]\namount = 1\ncurrency = "USD"\nper = "year"\n[editions.f]\n'
                "features = []\n\n[editions.e]\nfeatures = []\n[wraps]\n"
            ),
        ),
        (
            "[segments]\n  a.title = 'A' # a\n  b.title = 'B'\n",
            ("segments", "a", "signals"),
            ["sso"],
            "[segments]\n  a.title = 'A' # a\n  a.signals = [\"sso\"]\n  b.title = 'B'\n",
        ),
        (
            "[segments]\na = {}\n",
            ("segments", "a", "title"),
            "A",
            '[segments]\na = { title = "A" }\n',
        ),
        (
            "[segments] # none yet\n[wraps]\n",
            ("segments", "a", "title"),
            "A",
            '[segments] # none yet\n\n[segments.a]\ntitle = "A"\n[wraps]\n',
        ),
        (
            "[segments.a] # none yet",
            ("segments", "a", "title"),
            "A",
            '[segments.a] # none yet\ntitle = "A"\n',
        ),
        (
            "",
            ("segments", "a", "title"),
            "A",
            '\n[segments.a]\ntitle = "A"\n',
        ),
    ],
)
def test_a_key_is_added_where_it_belongs(
    old: str, key: tuple[str, ...], value: Any, new: str
) -> None:
    assert edit.set_value(HEAD + old, key, value) == HEAD + new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("segments = { a = {}, b = {}, c = {} }", "segments = { a = {}, c = {} }"),
        ("segments = { b.title = 'B', b.signals = [], c = {} }", "segments = { c = {} }"),
        ("segments = { a = {}, b.title = 'B', b.signals = [] }", "segments = { a = {} }"),
        ("segments = { b = {title = 'B'} }", "segments = {  }"),
        ("segments.b.title = 'B' # gone\n# stays", "# stays"),
    ],
)
def test_a_table_is_removed_however_it_is_written(old: str, new: str) -> None:
    assert edit.remove_table(f"{old}\n{HEAD}", "segments", "b") == f"{new}\n{HEAD}"


def test_windows_line_ends_are_kept() -> None:
    text = TEXT.replace("\n", "\r\n")
    for changed in (
        edit.add_claim(text, ("core",), "*.md"),
        edit.set_feature(text, "login", side="core"),
        edit.remove_claim(text, ("core",), "docs/**"),
    ):
        assert changed.count("\n") == changed.count("\r\n")


def test_an_edit_that_would_be_a_mistake_is_refused() -> None:
    with pytest.raises(ManifestErrors) as caught:
        edit.add_claim(TEXT, ("core",), "enterprise/**")
    assert [problem.code for problem in caught.value.problems] == ["claims-overlap"]
    with pytest.raises(ManifestErrors):
        edit.rename(TEXT, "features", "fleet", "Fleet Report")
    with pytest.raises(ManifestErrors):
        edit.remove_table(TEXT, "segments", "big")


@pytest.mark.parametrize(
    ("change", "code", "hint"),
    [
        (
            lambda: edit.add_claim(TEXT, ("wraps", "entreprise"), "x/**"),
            "table-unknown",
            "Did you mean [wraps.enterprise]?",
        ),
        (
            lambda: edit.remove_claim(TEXT, ("core",), "doc/**"),
            "value-unknown",
            'Did you mean "docs/**"?',
        ),
        (lambda: edit.rename(TEXT, "features", "fleet", "apply"), "name-taken", ""),
        (
            lambda: edit.remove_table(TEXT, "editions", "zzz"),
            "table-unknown",
            "Add [editions.zzz] first.",
        ),
    ],
)
def test_what_is_not_there_is_said(change: Any, code: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        change()
    assert (caught.value.code, caught.value.hint) == (code, hint)


def test_an_edit_may_put_a_mistake_right() -> None:
    broken = TEXT.replace('wrap = "enterprise"', 'wrap = "entreprise"')
    assert edit.set_feature(broken, "fleet", wrap="enterprise") == TEXT


def test_text_that_is_no_toml_is_the_users_mistake() -> None:
    with pytest.raises(ManifestErrors):
        edit.add_claim("[core\n", ("core",), "x")


def test_literals_read_back() -> None:
    for value in ["", 'a"b\\c', "\x00\x1f\x7f\n\t", "é😀", True, 3, 2.5, ["a", "b"]]:
        assert tomllib.loads(f"x = {literal(value)}") == {"x": value}
    for name in ["a", "A-b_1", "", "a.b", 'q"', "é"]:
        assert tomllib.loads(f"{written(name)} = 1") == {name: 1}
