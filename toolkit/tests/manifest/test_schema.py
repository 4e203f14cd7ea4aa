# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema: valid itself, and of one mind with the parser."""

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from coreline.manifest.schema import schema
from coreline.manifest.shape import walk

TEXT = """
[product]
name = "converge"
primary = "Bring a machine to a declared state"
vendor = ["example.com"]
[core]
promise = "loose"
spdx = "Apache-2.0"
paths = ["src/converge/**", "LICENSE"]
doors = ["entry-point:converge.plugins"]
test = ["python -m pytest -q tests"]
public = "git@forge.example.com:converge/converge.git"
packages = ["converge"]
[wraps.enterprise]
spdx = "LicenseRef-Converge-Enterprise"
paths = ["enterprise/**"]
modules = ["converge_enterprise"]
packages = ["converge-enterprise"]
[features.apply]
side = "core"
primary = true
[features.fleet]
side = "wrap"
title = "Fleet"
critical = false
wrap = "enterprise"
paths = ["enterprise/fleet/**"]
segment = "enterprise"
decision = "docs/decisions/0003-fleet.md"
[editions.enterprise]
features = ["fleet"]
title = "Enterprise"
segment = "enterprise"
price = { amount = 4900, currency = "USD", per = "seat-year" }
trial_days = 30
grace_days = 14
[segments.enterprise]
title = "Enterprise"
signals = ["seats >= 50", "sso"]
"""
DATA = tomllib.loads(TEXT)
VALIDATOR = Draft202012Validator(schema())


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema()["$id"].startswith("urn:")


def test_the_full_example_is_valid() -> None:
    assert list(VALIDATOR.iter_errors(DATA)) == []
    assert walk(DATA) == (DATA, [])


def tables(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "properties" in part:
            yield part
        for value in part.values():
            yield from tables(value)
    elif isinstance(part, list):
        for value in part:
            yield from tables(value)


def test_every_table_is_closed_and_every_key_described() -> None:
    found = list(tables(schema()))
    assert {table["title"] for table in found} == {
        "coreline.toml",
        "Product",
        "Core",
        "Wrap",
        "Feature",
        "Edition",
        "Price",
        "Segment",
        "Dependency",
        "PathMap",
        "MessageRule",
        "LineRange",
        "Shared",
        "NotSecret",
        "Publish",
        "Contributions",
        "Build",
        "Lookup",
        "Overlay",
        "Placement",
        "Evidence",
    }
    for table in found:
        assert table["additionalProperties"] is False
        assert table["description"]
        for name, key in table["properties"].items():
            assert "description" in key or "$ref" in key, name
            assert "null" not in str(key), name


def test_toml_has_no_null_and_the_schema_neither() -> None:
    assert "'null'" not in str(schema())
    assert "None" not in str(schema())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("core", "promise"), "tight"),
        (("core", "paths"), "src/**"),
        (("core", "unknown"), 1),
        (("unknown",), {}),
        (("wraps", "Big Wrap"), {"spdx": "MIT"}),
        (("wraps", "x\n"), {"spdx": "MIT"}),
        (("editions", "enterprise", "price", "currency"), "EURO"),
        (("editions", "enterprise", "price", "currency"), "EUR\n"),
        (("editions", "enterprise", "price", "amount"), -0.5),
        (("editions", "enterprise", "price", "amount"), float("inf")),
        (("editions", "enterprise", "trial_days"), True),
        (("features", "fleet", "side"), "both"),
        (("product", "name"), ""),
    ],
)
def test_what_is_wrong_is_refused_by_both(path: tuple[str, ...], value: object) -> None:
    data = deepcopy(DATA)
    holder = data
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = value
    assert list(VALIDATOR.iter_errors(data))
    assert walk(data)[1]


# A whole number written as 30.0 is the one difference: JSON does not tell it from 30, TOML does.
VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-5, 10**12),
        st.floats(-1, 5, allow_nan=False).filter(lambda number: number != int(number)),
        st.text("aA-1_é\n", max_size=3),
        st.sampled_from(["core", "wrap", "loose", "USD", "month", "x" * 1001]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(["a", "B b", "side", "spdx", "paths"]), inner, max_size=2),
    ),
    max_leaves=4,
)


def paths_of(data: Any, key: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items: Any = ()
    if isinstance(data, dict):
        items = data.items()
    elif isinstance(data, list):
        items = enumerate(data)
    for name, value in items:
        yield (*key, name)
        yield from paths_of(value, (*key, name))


@st.composite
def garbled(draw: st.DrawFn) -> dict[str, Any]:
    """The full example with a few values replaced, added or taken away."""
    data = deepcopy(DATA)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(sorted(paths_of(data), key=str)))
        holder: Any = data
        for part in path[:-1]:
            holder = holder[part]
        action = draw(st.sampled_from(["replace", "remove", "add"]))
        if action == "replace":
            holder[path[-1]] = draw(VALUES)
        elif action == "remove":
            del holder[path[-1]]
        elif isinstance(holder, dict):
            name = draw(st.sampled_from(["x", "Y y", "side", "paths", "trail_days"]))
            holder[name] = draw(VALUES)
        if not data:
            break
    return data


@settings(max_examples=400, deadline=None, derandomize=True)
@given(garbled())
def test_parser_and_schema_agree_on_every_mistake_of_shape(data: dict[str, Any]) -> None:
    repaired, mistakes = walk(data)
    errors = list(VALIDATOR.iter_errors(data))
    assert bool(mistakes) == bool(errors)
    places = {tuple(error.absolute_path) for error in errors}
    for mistake in mistakes:
        # A missing or unknown key, or a bad name, is an error of the table for the schema.
        assert mistake.key in places or mistake.key[:-1] in places, mistake
    # What was repaired has no mistake left.
    assert walk(repaired) == (repaired, [])
    assert VALIDATOR.is_valid(repaired)
