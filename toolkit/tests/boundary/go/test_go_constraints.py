# SPDX-License-Identifier: Apache-2.0
"""Which Go files a default build leaves out, by their build constraints."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.go.constraints import evaluate, left_out_by


@pytest.mark.parametrize(
    ("expression", "guard"),
    [
        ("ee", "build tag ee"),
        ("ee && linux", "build tag ee"),
        ("linux && ee", "build tag ee"),
        ("ee || enterprise", "build tag ee"),
        ("(ee || pro) && !oss", "build tag ee"),
        ("oss", "build tag oss"),
        ("ignore", "build tag ignore"),
        ("!(!ee)", "build tag false"),
        ("linux && !linux && ee", "build tag ee"),
        ("!ee", None),
        ("!oss", None),
        ("linux", None),
        ("!windows && cgo", None),
        ("go1.22", None),
        ("amd64.v3 || arm64", None),
        ("ee || linux", None),
        ("ee || !oss", None),
        ("!(ee && linux)", None),
        ("ee &&", None),
        ("(ee", None),
        ("ee)", None),
        ("", None),
    ],
)
def test_what_leaves_a_file_out(expression: str, guard: str | None) -> None:
    assert left_out_by(f"//go:build {expression}\n\npackage a\n".encode()) == guard


@pytest.mark.parametrize(
    ("lines", "guard"),
    [
        ("// +build ee", "build tag ee"),
        ("// +build ee linux", None),
        ("// +build ee,linux", "build tag ee"),
        ("// +build !ee", None),
        ("// +build linux\n// +build ee", "build tag ee"),
        ("//+build ee pro", "build tag ee"),
        # The new line is the one that counts.
        ("//go:build !ee\n// +build ee", None),
    ],
)
def test_lines_as_they_were_before_go_1_17(lines: str, guard: str | None) -> None:
    assert left_out_by(f"{lines}\n\npackage a\n".encode()) == guard


@pytest.mark.parametrize(
    "code",
    [
        "package a\n\n//go:build ee\n",
        "// See //go:build ee\npackage a\n",
        " //go:build ee\npackage a\n",
        "package a\nvar s = `\n//go:build ee\n`\n",
    ],
)
def test_what_is_no_constraint(code: str) -> None:
    assert left_out_by(code.encode()) is None


def test_deep_brackets_end() -> None:
    assert evaluate("(" * 5000 + "ee" + ")" * 5000) is None
    assert evaluate("!" * 5000 + "ee") is None


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.text(alphabet="!&|() eoslinux.1\n\t/", max_size=60))
def test_no_expression_makes_it_fail(expression: str) -> None:
    found = left_out_by(f"//go:build {expression}\n\npackage a\n".encode())
    assert found is None or found.startswith("build tag ")


_TAGS = st.sampled_from(["ee", "oss", "pro"])
_EXPRESSIONS = st.recursive(
    _TAGS,
    lambda inner: st.one_of(
        inner.map(lambda one: f"!{one}" if one[0] != "!" else f"!({one})"),
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda t: f"({' '.join(t)})"),
    ),
    max_leaves=8,
)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(_EXPRESSIONS)
def test_it_agrees_with_boolean_algebra(expression: str) -> None:
    python = expression.replace("&&", " and ").replace("||", " or ").replace("!", " not ")
    expected = eval(python, {"ee": False, "oss": False, "pro": False})
    found = evaluate(expression)
    assert found is not None
    assert found.value is expected
