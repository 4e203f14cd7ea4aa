# SPDX-License-Identifier: Apache-2.0
"""What a Go file refers to, and that no bytes make the extraction fail."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.extension import Source
from coreline.boundary.facts import Reference
from coreline.boundary.languages import go, go_mod
from coreline.boundary.names import Names

NAMES = Names(
    modules={},
    words=frozenset(["ee"]),
    folders=frozenset(["ee"]),
    packages={"example-com/ee": "ee"},
)


def references(code: str) -> list[tuple[int, str, str, bool]]:
    data = code.encode()
    found = go.LANGUAGE.extract(Source(data, NAMES, NAMES.search(data)))
    assert found.trouble is None
    return [(ref.line, ref.form, ref.module, ref.needed) for ref in found.references]


def test_every_way_to_write_an_import() -> None:
    lines = ['"m/ee/a"', '_ "m/ee/b"', '. "m/ee/c"', 'x "m/ee/d"', "`m/ee/e`"]
    code = "package a\n\nimport (\n{}\n)\n".format("\n".join(lines))
    assert references(code) == [
        (4, "static", "m/ee/a", True),
        (5, "static", "m/ee/b", True),
        (6, "static", "m/ee/c", True),
        (7, "static", "m/ee/d", True),
        (8, "static", "m/ee/e", True),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("//go:embed ee/page.html", ("path", "ee/page.html", True)),
        ("//go:embed all:ee/pages ee/x", ("path", "ee/pages", True)),
        ("//go:generate go run ./ee/gen -o x", ("string", "./ee/gen", False)),
        ("//go:linkname local m/ee/key.value", ("dynamic", "m/ee/key.value", True)),
    ],
)
def test_directives(line: str, expected: tuple[str, str, bool]) -> None:
    found = references(f"package a\n\n{line}\nvar x string\n")
    assert found[0] == (3, *expected)


def test_c_code_of_cgo() -> None:
    code = (
        'package a\n/*\n#include "../ee/x.h"\n#cgo LDFLAGS: -L${SRCDIR}/../ee/lib -lx\n*/\n'
        'import "C"\n'
    )
    assert references(code) == [
        (3, "path", "../ee/x.h", True),
        (4, "path", "../ee/lib", True),
    ]
    assert references('package a\n// #include "../ee/x.h"\nvar b = 1\n') == []


def test_strings() -> None:
    assert references('package a\nvar p, e = plugin.Open("ee/x.so")\n') == [
        (2, "dynamic", "ee/x.so", True)
    ]
    assert references('package a\nvar p = "m/ee/x"\n') == [(2, "string", "m/ee/x", False)]
    code = 'package a\nvar p = folder + "/../ee/x" + "/ee/y"\n'
    assert [one[2] for one in references(code)] == ["../ee/x", "/ee/y"]
    assert references('package a\nvar p = "see m/ee/x for more"\n') == []
    code = 'package a\nvar p = `package b\nimport "m/ee/x"\n`\n'
    assert references(code) == [(3, "string", "m/ee/x", False)]


_PIECES = [
    *(b"ee/", b"/ee", b'"', b"`", b"import ", b"(", b")", b"\n", b"//go:embed ", b"/*", b"*/"),
    *(b"//go:build ", b"package a", b"\xff", b"plugin.Open(", b"replace ", b" => ", b"use "),
]


@settings(deadline=None, derandomize=True, max_examples=150)
@given(
    st.lists(
        st.sampled_from(_PIECES),
        max_size=30,
    ).map(b"".join)
)
def test_no_bytes_make_it_fail(data: bytes) -> None:
    for language in (go.LANGUAGE, go_mod.LANGUAGE):
        found = language.extract(Source(data, NAMES, NAMES.search(data)))
        assert all(isinstance(ref, Reference) and ref.line >= 1 for ref in found.references)
    assert go_mod.LANGUAGE.define is not None
    assert all(one.kind == "package" for one in go_mod.LANGUAGE.define(data))
