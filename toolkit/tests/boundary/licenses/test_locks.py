# SPDX-License-Identifier: Apache-2.0
"""Every lock reader finds what its examples hold, and no bytes make one fail or run away."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.check import load_languages, load_locks
from coreline.boundary.extension import Lock, LockExample, Source
from coreline.boundary.facts import FileFacts, Locked
from coreline.boundary.locking import PACKAGES_MAX, facts_of
from coreline.boundary.names import Names

LOCKS = load_locks()
NO_NAMES = Names(modules={}, words=frozenset(), folders=frozenset(), packages={})


def read(lock: Lock, data: bytes) -> FileFacts:
    return facts_of(Source(data, NO_NAMES, []), lock)


@pytest.mark.parametrize(
    ("lock", "example"),
    [
        pytest.param(one, example, id=f"{one.name}-{number}")
        for one in LOCKS
        for number, example in enumerate(one.examples)
    ],
)
def test_an_example_holds_the_packages_that_it_names(lock: Lock, example: LockExample) -> None:
    facts = read(lock, example.code.encode())
    assert facts == FileFacts(packages=example.expected)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda one: one.name)
@pytest.mark.parametrize(
    "bomb",
    [
        b"[" * 200_000,
        b'{"packages":' * 100_000,
        b'{"dependencies":{"a":' * 50_000 + b"{}" + b"}}" * 50_000,
        b'{"packages":{"node_modules/a":{"dependencies":' + b"[" * 100_000,
        b"a:\n" + b"".join(b" " * depth + b"a:\n" for depth in range(2, 3000, 2)),
        b"&a [*a, *a]\n" * 5000,
        b"[[package]]\n" * 60_000,
        b'"a@1":\n' * 50_000,
        b"a@1:\n" + b"  x: y\n" * 100_000,
        b"    a (1.0)\n" * 50_000,
        b"\x00" * 1000,
        b"\xff\xfe" * 1000,
        b"{}",
        b"[]",
        b"null",
        b"",
    ],
    ids=lambda bomb: repr(bomb[:12]),
)
def test_a_bomb_is_trouble_or_nothing_and_soon_over(lock: Lock, bomb: bytes) -> None:
    started = time.process_time()
    facts = read(lock, bomb)
    assert time.process_time() - started < 3
    assert len(facts.packages) <= PACKAGES_MAX
    assert facts.trouble is None or facts.packages == ()


def test_deep_nesting_is_trouble() -> None:
    lock = next(one for one in LOCKS if one.name == "package-lock")
    deep = b'{"packages":{"node_modules/a":{"dependencies":' + b"[" * 100_000
    trouble = read(lock, deep).trouble
    assert trouble is not None
    assert trouble.reason == "no valid package-lock"


def test_more_packages_than_any_product_has_are_trouble() -> None:
    lock = next(one for one in LOCKS if one.name == "go-sum")
    data = b"".join(b"example.com/%d v1 h1:x\n" % number for number in range(PACKAGES_MAX + 1))
    facts = read(lock, data)
    assert facts.packages == ()
    assert facts.trouble is not None


PIECES = st.sampled_from(
    [
        *(example.code[:80].encode() for one in LOCKS for example in one.examples),
        *(b"[[package]]\n", b'name = "a"\n', b"{", b"}", b'"', b"[", b"]", b":\n", b"  ", b"\n"),
        *(b'"packages": ', b'"dependencies": ', b"importers:\n", b"snapshots:\n", b"packages:\n"),
        *(b"a@1", b"@", b"/", b" (1.0)\n", b"GEM\n", b"=", b",", b"\xc3\x28", b"null", b"1e999"),
    ]
)


@settings(deadline=None, derandomize=True, max_examples=120)
@given(st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=20).map(b"".join)))
def test_no_bytes_make_a_reader_fail(data: bytes) -> None:
    for lock in LOCKS:
        facts = read(lock, data)
        for one in facts.packages:
            assert 1 <= one.line <= data.count(b"\n") + 1


KEYS = [
    *("packages", "dependencies", "version", "license", "dev", "node_modules/a", "a", "default"),
    *("develop", "packages-dev", "name", "workspaces", "dist", "link"),
]


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=4)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(
                st.sampled_from(KEYS),
                inner,
                max_size=4,
            ),
        ),
        max_leaves=20,
    )
)
def test_no_json_makes_a_reader_fail(value: object) -> None:
    for lock in LOCKS:
        read(lock, json.dumps(value).encode())


def test_a_package_of_a_wrap_is_a_reference_and_no_third_partys() -> None:
    names = Names(
        modules={}, words=frozenset(), folders=frozenset(), packages={"acme-ee": "enterprise"}
    )
    lock = next(one for one in LOCKS if one.name == "gemfile-lock")
    data = b"GEM\n  specs:\n    acme_ee (1.0)\n    rack (3.0)\n"
    facts = facts_of(Source(data, names, names.search(data)), lock)
    assert facts.packages == (Locked("gem", "rack", "3.0", 4),)
    assert [(one.line, one.column, one.module, one.text) for one in facts.references] == [
        (3, 5, "acme_ee", "    acme_ee (1.0)")
    ]


def test_every_format_of_the_field_is_a_language() -> None:
    names = {one.name for one in load_languages()}
    assert {one.name for one in LOCKS} <= names
    assert len(LOCKS) == 16
