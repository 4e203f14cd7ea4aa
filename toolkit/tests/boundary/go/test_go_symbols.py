# SPDX-License-Identifier: Apache-2.0
"""Packages with files of both sides: what only a wrap's file defines, and the core uses."""

from collections.abc import Callable

import pytest

from coreline.boundary.go.symbols import define
from coreline.boundary.model import Report

Checked = Callable[..., Report]

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
promise = "loose"
spdx = "Apache-2.0"
paths = ["**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["**/*_ee.go"]
"""
FILES = {
    "go.mod": "module example.com/acme\n",
    "work/fleet_ee.go": (
        "//go:build ee\n\npackage work\n\nfunc Fleet() {}\nfunc fleet() {}\ntype Report struct{}\n"
    ),
}
STUB = "//go:build !ee\n\npackage work\n\nfunc Fleet() {}\n\ntype Report struct{}\n"


def rows(report: Report) -> list[tuple[str, int, tuple[str, ...], str | None]]:
    return [
        (one.path, one.line, one.names, one.grade)
        for one in report.findings
        if one.check == "references"
    ]


@pytest.mark.parametrize(
    "code",
    [
        "func a() { Fleet() }\n",
        "func a() { defer Fleet() }\n",
        "func a(r Report) {}\n",
        "var a = []Report{}\n",
        "func a() { fleet() }\n",
    ],
)
def test_what_only_the_wrap_defines(checked: Checked, code: str) -> None:
    ((path, line, _, grade),) = rows(
        checked({**FILES, "work/a.go": f"package work\n\n{code}"}, MANIFEST)
    )
    assert (path, line, grade) == ("work/a.go", 3, "broken")


def test_a_stub_of_the_core(checked: Checked) -> None:
    code = "package work\n\nfunc a(r Report) { Fleet() }\n"
    assert rows(checked({**FILES, "work/fleet_ce.go": STUB, "work/a.go": code}, MANIFEST)) == []


def test_a_guarded_file(checked: Checked) -> None:
    code = "//go:build ee\n\npackage work\n\nfunc a() { Fleet() }\n"
    assert rows(checked({**FILES, "work/a.go": code}, MANIFEST)) == [
        ("work/a.go", 5, ("Fleet",), "tight")
    ]


def test_another_package(checked: Checked) -> None:
    code = 'package app\n\nimport w "example.com/acme/work"\n\nvar a, b = w.Fleet, w.Report{}\n'
    files = {**FILES, "work/a.go": "package work\n", "app/a.go": code}
    assert rows(checked(files, MANIFEST)) == [
        ("app/a.go", 5, ("example.com/acme/work.Fleet",), "broken"),
        ("app/a.go", 5, ("example.com/acme/work.Report",), "broken"),
    ]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("other/a.go", "func a() { Fleet() }\n"),
        ("other/a.go", "type Report struct{}\n"),
        ("work/a.go", "func a() { x.Fleet() }\n"),
        ("work/a.go", "func a() { var Fleet int; Fleet = 1 }\n"),
        ("work/a.go", "func a() {\n\tfleet := func() {}\n\tfleet()\n}\n"),
        ("work/a.go", "func a(fleet func()) { fleet() }\n"),
        ("work/a.go", "func (a A) Fleet() {}\n"),
        ("work/a.go", "type A struct { Fleet int }\n"),
        ("work/a.go", 'var a = "Fleet"\n'),
        ("work/a.go", "// Fleet() is elsewhere.\n"),
    ],
)
def test_what_only_looks_alike(checked: Checked, path: str, code: str) -> None:
    files = {**FILES, path: f"package p\n\n{code}"}
    assert rows(checked(files, MANIFEST)) == []


def test_what_a_file_defines() -> None:
    code = (
        b"//go:build !oss\n\npackage a\nfunc A() {}\nfunc (x X) M() {}\ntype B[T any] int\n"
        b"var c = 1\n"
    )
    assert [
        (one.name, one.line) for one in define(code + b"const D, E = 1, 2\nfunc init() {}\n")
    ] == [
        ("A", 4),
        ("B", 6),
        ("c", 7),
        ("D", 8),
    ]
    assert list(define(code.replace(b"//go:build !oss", b"//go:build linux"))) == []
    assert list(define(code.replace(b"//go:build !oss", b""))) == []
