# SPDX-License-Identifier: Apache-2.0
"""Parsing: where mistakes stand, what follows from them, and inputs that are no manifest."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.errors import ExitCode, InputError
from coreline.manifest.parse import parse_manifest, read_manifest
from coreline.manifest.positions import find_places
from coreline.manifest.problems import ManifestErrors, Position

HEAD = """\
[product]
name = "p"
primary = "x"
[core]
spdx = "MIT"
paths = ["src/**"]
"""


def said(text: str) -> list[tuple[str, int, int]]:
    """The code, line and column of each mistake."""
    with pytest.raises(ManifestErrors) as caught:
        parse_manifest(text)
    return [(problem.code, problem.line, problem.column) for problem in caught.value.problems]


def test_the_example_of_the_design_has_no_mistake() -> None:
    text = """
[product]
name = "converge"
primary = "Bring a machine to a declared state"
vendor = ["example.com"]

[core]
promise = "loose"
spdx = "Apache-2.0"
paths = ["src/converge/**", "tests/**", "docs/**", "*.md", "pyproject.toml", "LICENSE"]
doors = ["entry-point:converge.plugins"]
test = ["python -m pytest -q tests"]
public = "git@forge.example.com:converge/converge.git"

[wraps.enterprise]
spdx = "LicenseRef-Converge-Enterprise"
paths = ["enterprise/**"]
modules = ["converge_enterprise"]

[features.apply]
side = "core"
primary = true

[features.login]
side = "core"
critical = true

[features.fleet]
side = "wrap"
wrap = "enterprise"
paths = ["enterprise/src/converge_enterprise/fleet/**"]
segment = "enterprise"
decision = "docs/decisions/0003-fleet.md"

[editions.enterprise]
features = ["fleet", "compliance"]
segment = "enterprise"
price = { amount = 4900, currency = "USD", per = "seat-year" }
trial_days = 30
grace_days = 14

[segments.enterprise]
title = "Enterprise"
signals = ["seats >= 50", "sso"]
"""
    parsed = parse_manifest(text, exists=lambda path: path == "docs/decisions/0003-fleet.md")
    # The edition sells a feature that no table describes: it can only be the wrap's.
    assert parsed.manifest.features["compliance"].side == "wrap"
    assert parsed.line is parsed.line
    assert parsed.line.side("enterprise/src/x.py") == "wrap"


def test_a_sold_feature_without_a_table_is_unknown_where_its_wrap_is_not_clear() -> None:
    text = HEAD + "[wraps.a]\nspdx = 'MIT'\n[editions.e]\nfeatures = ['reports']\n"
    assert parse_manifest(text).manifest.features["reports"].side == "wrap"
    two = text.replace("[editions", "[wraps.b]\nspdx = 'MIT'\n[editions")
    assert [code for code, _, _ in said(two)] == ["feature-unknown"]
    malformed = text.replace("'reports'", "'My Reports'")
    assert [code for code, _, _ in said(malformed)] == ["feature-unknown"]


def test_places_are_counted_from_one_and_in_characters() -> None:
    text = HEAD + 'doors = ["hook:é", "ü😀", "hook:x"]\n'
    assert said(text) == [("door-malformed", 7, 20)]
    parsed = parse_manifest(HEAD)
    assert parsed.position(("product",)) == Position(1, 2)
    assert parsed.position(("core", "spdx")) == Position(5, 1)
    assert parsed.value_position(("core", "spdx")) == Position(5, 8)
    assert parsed.position(("core", "paths", 0)) == Position(6, 10)
    # A key that is not there stands where the table that would hold it does.
    assert parsed.position(("core", "doors", 3)) == Position(4, 2)
    assert parsed.position(("wraps", "x")) == Position(1, 1)


@pytest.mark.parametrize(
    ("text", "key", "name", "value"),
    [
        ("a.b.c = 1", ("a", "b", "c"), (1, 5), (1, 9)),
        ("[ 'a b' . \"c\\u0064\" ]\nx = 1", ("a b", "cd"), (1, 11), (1, 11)),
        ("[a]\n  b = { c = [1,\n {d.e = 2}] }", ("a", "b", "c", 1, "d", "e"), (3, 5), (3, 9)),
        ("[[a]]\nx = 1\n[[a]]\nx = 2\n[a.b]\ny = 3", ("a", 1, "x"), (4, 1), (4, 5)),
        ("[[a]]\nx = 1\n[[a]]\nx = 2\n[a.b]\ny = 3", ("a", 1, "b", "y"), (6, 1), (6, 5)),
        ('s = """\nx\n""" # c\nt = 1', ("t",), (4, 1), (4, 5)),
        ('"é" = "ü"\r\nb = [ # c\r\n\t1 ]\r\n', ("b", 0), (3, 2), (3, 2)),
        ("l = [\n# one\n'a' # two\n, 'b'\n]", ("l", 1), (4, 3), (4, 3)),
        ("'' = 1", ("",), (1, 1), (1, 6)),
    ],
)
def test_every_way_to_write_a_key_has_its_place(
    text: str, key: tuple[str | int, ...], name: tuple[int, int], value: tuple[int, int]
) -> None:
    assert find_places(text)[key] == (Position(*name), Position(*value))


def test_a_text_of_many_dots_is_no_deep_key() -> None:
    assert parse_manifest(HEAD + f"test = ['{'./...' * 100} {'.' * 1000}']\n")


def test_a_key_of_many_dots_costs_little() -> None:
    places = find_places(".".join("a" * 20000) + " = 1\nb = 2")
    assert places[("b",)].key == Position(2, 1)


def test_nothing_is_concluded_from_a_mistake() -> None:
    """One typo gives one message, though an edition, a wrap and a segment hang on it."""
    more = """
[wraps.a]
spdx = "MIT"
[wraps.b]
spdx = "MIT"
[features.f]
side = "core"
primary = true
[features.g]
side = "wrap"
wrap = "a"
segment = "s"
[editions.e]
features = ["g"]
[segments.s]
"""
    assert parse_manifest(HEAD + more)
    for old, new, code in [
        ("[features.g]\nside", "[features.g]\nsid", "unknown-key"),
        ('side = "wrap"', 'side = "warp"', "not-a-choice"),
        ('wrap = "a"', "wrap = 1", "wrong-type"),
        ("primary = true", "primry = true", "unknown-key"),
        ("primary = true", 'primary = "true"', "wrong-type"),
        ("[segments.s]", "[segment.s]", "unknown-table"),
        ("[segments.s]", "[segments]\ns = 1", "wrong-type"),
        ('[wraps.a]\nspdx = "MIT"', '[wraps.a]\nspdx = ""', "empty-text"),
        ("[features.g]", "[feature.g]", "unknown-table"),
    ]:
        text = HEAD + more.replace(old, new)
        assert [one for one, _, _ in said(text)] == [code], (old, new)


def test_mistakes_of_shape_and_of_meaning_are_reported_in_one_run_in_order() -> None:
    text = """\
[product]
name = "My Product"
primary = "x"
vendor = "me@example.com"
[core]
spdx = "Apache 2.0"
paths = ["src/**", "docs/"]
promise = "lose"
[wraps.a]
spdx = "LicenseRef-A"
paths = ["src/**"]
modules = [1, "m"]
[features.f]
side = "wrap"
critical = true
decision = "../d.md"
segment = "none"
[editions.e]
features = ["f", "ff"]
price = { amount = "1", currency = "usd" }
trial = 30
[segments.s]
signals = ["a lot"]
[extra]
"""
    assert said(text) == [
        ("malformed", 2, 8),
        ("wrong-type", 4, 10),
        ("spdx-invalid", 6, 8),
        ("glob-invalid", 7, 20),
        ("not-a-choice", 8, 11),
        ("claims-overlap", 11, 10),
        ("wrong-type", 12, 12),
        ("primary-missing", 13, 2),
        ("critical-in-wrap", 14, 8),
        ("decision-outside", 16, 12),
        ("segment-unknown", 17, 11),
        ("feature-unknown", 19, 18),
        ("missing-key", 20, 1),
        ("wrong-type", 20, 20),
        ("malformed", 20, 36),
        ("unknown-key", 21, 1),
        ("signal-malformed", 23, 12),
        ("unknown-table", 24, 2),
    ]


def test_a_bad_name_is_said_at_the_name() -> None:
    text = HEAD + "[wraps.'Big Wrap']\nspdx = 'MIT'\n[features.f]\nside = 'core'\nprimary = true\n"
    with pytest.raises(ManifestErrors) as caught:
        parse_manifest(text)
    (problem,) = caught.value.problems
    assert (problem.code, problem.line, problem.column) == ("malformed", 7, 8)
    assert problem.hint == "Write big-wrap."


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("1", "a whole number"),
        ("2020-01-01", "a date"),
        ("1.5", "a number with a fraction"),
        ("true", "true or false"),
        ("{}", "a table"),
        ("07:00:00", "a time"),
        ("['MIT', 'ISC']", "a list"),
    ],
)
def test_a_wrong_type_says_what_it_is_and_what_to_write(value: str, kind: str) -> None:
    with pytest.raises(ManifestErrors) as caught:
        parse_manifest(HEAD.replace('"MIT"', value))
    (problem,) = caught.value.problems
    assert problem.message == f"core.spdx is {kind}, not a text."
    assert problem.hint == 'Write a text in quotes: "…".'


def test_a_list_of_one_where_a_text_belongs_says_how_to_unpack_it() -> None:
    with pytest.raises(ManifestErrors) as caught:
        parse_manifest(HEAD.replace('"MIT"', '["MIT"]'))
    assert caught.value.problems[0].hint == 'Write it without the brackets: "MIT".'


def test_the_message_lists_every_mistake_with_its_hint() -> None:
    with pytest.raises(ManifestErrors) as caught:
        parse_manifest(HEAD + "dors = []\n", source="sub/coreline.toml")
    assert str(caught.value) == (
        "sub/coreline.toml has a mistake.\n"
        "sub/coreline.toml:7:1: Unknown key core.dors. [unknown-key]\n"
        "    Did you mean doors?"
    )
    assert caught.value.exit_code == ExitCode.INPUT


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a = ", (1, 5)),
        ("[core\n", (1, 6)),
        ("\n\nx = 1 y\n", (3, 7)),
        ("x = 1\nx = 2\n", (2, 6)),
        ("x = '''\n\n", (3, 1)),
        ("\ufeff[core]", (1, 1)),
    ],
)
def test_bad_toml_is_said_with_its_place(text: str, place: tuple[int, int]) -> None:
    assert said(text) == [("toml-syntax", *place)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = '\0'", "manifest-not-text"),
        ("x = '\udc80'", "manifest-not-text"),
        ("x = " + "[" * 5000, "manifest-too-deep"),
        (".".join("a" * 200000) + " = 1", "manifest-too-deep"),
        ("[" + " . ".join(["'a'"] * 100000) + "]", "manifest-too-deep"),
        ("#" * (1024 * 1024 + 1), "manifest-too-large"),
    ],
)
def test_what_is_no_manifest_is_refused(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_manifest(text)
    assert caught.value.code == code
    assert caught.value.hint


def test_keys_of_some_depth_are_mistakes_and_not_crashes() -> None:
    deep = ".".join("a" * 60)
    assert said(HEAD + f"[{deep}]\n{deep} = 1\n") == [("unknown-table", 7, 2)]


@pytest.mark.parametrize(
    ("data", "code", "sentence"),
    [
        (b"a = 1\nb = '\xe9\xff'", "manifest-not-text", ":2:6: the byte 0xE9 is not UTF-8 text."),
        (b"\xff\xfea\0", "manifest-not-text", ":1:1: the byte 0xFF is not UTF-8 text."),
        (b"#" * (1024 * 1024 + 1), "manifest-too-large", " has more than 1024 KiB"),
    ],
)
def test_a_file_that_is_no_manifest_is_refused(
    tmp_path: Path, data: bytes, code: str, sentence: str
) -> None:
    path = tmp_path / "coreline.toml"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_manifest(path, repository=tmp_path)
    assert caught.value.code == code
    assert sentence in caught.value.sentence


def test_a_manifest_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_manifest(tmp_path / "coreline.toml", repository=tmp_path)
    assert caught.value.code == "manifest-not-found"
    with pytest.raises(InputError) as caught:
        read_manifest(tmp_path, repository=tmp_path)
    assert caught.value.code == "manifest-unreadable"


def test_decisions_are_looked_for_in_the_repository(tmp_path: Path) -> None:
    text = HEAD + "[features.f]\nside = 'core'\nprimary = true\ndecision = 'd.md'\n"
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/m.toml").write_text(text)
    with pytest.raises(ManifestErrors) as caught:
        read_manifest(tmp_path / "sub/m.toml", repository=tmp_path)
    assert [one.code for one in caught.value.problems] == ["decision-missing"]
    (tmp_path / "d.md").write_text("We decided.")
    parsed = read_manifest(tmp_path / "sub/m.toml", repository=tmp_path)
    assert parsed.source == str(tmp_path / "sub/m.toml")
    # Where files cannot be looked at, nothing is said of them.
    assert parse_manifest(text).manifest == parsed.manifest


WORDS = '[core] [wraps.a] [features.f] = spdx " \' [ ] { } . , # \\ 1 true side é """ \x00'
TOKENS = st.sampled_from([*WORDS.split(" "), "\n", "\r\n", "\t", " "])
MORE = HEAD + "[wraps.w]\nspdx = 'MIT'\n[features.f]\nside = 'core'\nprimary = true\n"


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.integers(0, len(MORE)), st.integers(0, 20), st.lists(TOKENS, max_size=5).map("".join))
def test_a_garbled_manifest_ends_in_nothing_but_an_input_error(
    start: int, length: int, middle: str
) -> None:
    with suppress(InputError):
        parse_manifest(MORE[:start] + middle + MORE[start + length :])
