# SPDX-License-Identifier: Apache-2.0
"""Names are found where they stand alone, whether there are few of them or many."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.search import FEW, Needle, Search, child, parent, word

MANY = [word(b"filler_%d" % number) for number in range(FEW + 1)]


@pytest.fixture(params=["few", "many"])
def extra(request: pytest.FixtureRequest) -> list[Needle]:
    """Needles that are nowhere: none, or so many that the search works the other way."""
    return [] if request.param == "few" else MANY


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"import premium", [b"premium"]),
        (b"premium_user = my_premium + premium2", []),
        (b"(premium)-premium.x", [b"premium", b"premium"]),
        (b"premium", [b"premium"]),
        (b"\xc3\xa9premium", [b"premium"]),
        (b"Premium", []),
    ],
)
def test_a_word_stands_alone(data: bytes, found: list[bytes], extra: list[Needle]) -> None:
    spans = Search([word(b"premium"), *extra]).find(data)
    assert [data[begin:end] for begin, end in spans] == found


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"'./ee/a'", [b"ee/"]),
        (b"my-ee/a see/b tee/c", []),
        (b"../ee", [b"/ee"]),
        (b"a/eel a/ee-x", []),
        (b"a/ee.ts", [b"/ee"]),
    ],
)
def test_a_part_of_a_path(data: bytes, found: list[bytes], extra: list[Needle]) -> None:
    spans = Search([parent(b"ee"), child(b"ee"), *extra]).find(data)
    assert [data[begin:end] for begin, end in spans] == found


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([b"ee", b"_", b"/", b".", b" ", b"-", b"x", b"\xff"]), max_size=30))
def test_few_and_many_find_the_same(parts: list[bytes]) -> None:
    data = b"".join(parts)
    needles = [word(b"ee"), parent(b"ee"), child(b"ee")]
    few = sorted(set(Search(needles).find(data)))
    many = Search([*needles, *MANY]).find(data)
    # Where few are searched at once, an overlapping hit may be covered by one before it.
    assert set(few) <= set(many)
    assert bool(few) == bool(many)


def test_names_at_the_seams_of_a_large_file() -> None:
    search = Search([word(b"premium"), *MANY])
    for offset in range(-8, 3):
        data = b" " * ((1 << 20) + offset) + b"premium" + b" " * 100
        assert len(search.find(data)) == 1


def test_many_names_cost_little_more_than_few() -> None:
    data = b"const value = other(someThing, [1, 2, 3]);\n" * 20_000
    many = Search([child(b"module.%d.ee" % number) for number in range(1_000)])
    many.find(b"")
    started = time.process_time()
    assert many.find(data) == []
    assert time.process_time() - started < 1
