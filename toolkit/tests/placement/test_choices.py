# SPDX-License-Identifier: Apache-2.0
"""Rows become choices whatever their order, and what is no choice is refused by name."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreline.errors import InputError
from coreline.placement.choices import Choices, choices

ROWS: dict[str, Any] = {
    "situation": ["1", "1", "2", "2", "1", "1"],
    "alternative": ["a", "b", "a", "b", "a", "b"],
    "chosen": [1, 0, 0, 1, 0, 1],
    "person": ["x", "x", "x", "x", "y", "y"],
    "segment": ["team", "team", "team", "team", "solo", "solo"],
    "weight": [1.0, 1.0, 1.0, 1.0, 3.0, 3.0],
}
VALUES = np.arange(12.0).reshape(6, 2)


def made(order: list[int] | None = None, **changed: Any) -> Choices:
    order = order or list(range(6))
    columns = {name: [column[row] for row in order] for name, column in (ROWS | changed).items()}
    return choices(["price", "sso"], VALUES[order], **columns)


@given(st.permutations(range(6)))
def test_the_order_of_rows_says_nothing(order: list[int]) -> None:
    one, other = made(), made(order)
    assert np.array_equal(one.values, other.values)
    assert np.array_equal(one.chosen, other.chosen)
    assert (one.people, one.segments, one.alternatives) == (
        ("x", "y"),
        ("solo", "team"),
        ("a", "b"),
    )
    assert one.person.tolist() == other.person.tolist() == [0, 0, 1]
    assert other.segment.tolist() == [1, 0]
    assert other.weight.tolist() == [0.5, 1.5]


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("choices-chosen", {"chosen": [1, 1, 0, 1, 0, 1]}),
        ("choices-chosen", {"chosen": [0, 0, 0, 1, 0, 1]}),
        ("choices-twice", {"alternative": ["a", "a", "a", "b", "a", "b"]}),
        ("choices-alone", {"situation": ["1", "3", "2", "2", "1", "1"], "chosen": [1] * 6}),
        ("choices-person-split", {"segment": ["team", "solo", "team", "team", "solo", "solo"]}),
        ("choices-shape", {"weight": [1.0, 1.0, 1.0, 1.0, -3.0, -3.0]}),
    ],
)
def test_what_is_no_choice_is_refused(code: str, changed: dict[str, Any]) -> None:
    if code == "choices-alone":
        changed = {**changed, "chosen": [1, 1, 0, 1, 0, 1]}
    with pytest.raises(InputError) as caught:
        made(**changed)
    assert caught.value.code == code


def test_a_value_that_is_no_number_is_named() -> None:
    values = VALUES.copy()
    values[3, 1] = np.nan
    columns = {name: column for name, column in ROWS.items() if name != "weight"}
    with pytest.raises(InputError, match="sso of row 4"):
        choices(["price", "sso"], values, **columns)


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    assert made().column("sso").tolist() == made().values[:, 1].tolist()
    with pytest.raises(InputError, match="no attribute audit"):
        made().column("audit")
