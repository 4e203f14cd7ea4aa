# SPDX-License-Identifier: Apache-2.0
"""Files of thousands of places are read in time, whatever they repeat."""

import time

import pytest

from coreline.boundary.check import load_languages
from coreline.boundary.extension import Source
from coreline.boundary.names import Names

LANGUAGES = {one.name: one for one in load_languages()}
NAMES = Names(
    modules={"acme_ee": "ee", "ee": "ee"},
    words=frozenset(["acme_ee", "ee"]),
    folders=frozenset(["ee"]),
    packages={"acme-ee": "ee"},
)
SECONDS_MAX = 15
"""Each takes under three on one slow core; what grows with the square takes minutes."""


@pytest.mark.parametrize(
    ("language", "data"),
    [
        ("php", b"<?php\n" + b"new ee\\X();\n" * 4000),
        ("php", b"<?php\n" + b"if (!x($a)) return;\nnew \\ee\\X();\n" * 3000),
        ("java", b"class A{void f(){" + b'if(!x(a))return;Class.forName("ee.A");\n' * 3000 + b"}}"),
        (
            "csharp",
            b"class A{void F(){" + b'if(!x(a))return;Type.GetType("ee.A");\n' * 3000 + b"}}",
        ),
        ("rust", b"use ee::{" + b"ee, " * 5000 + b"};"),
        ("rust", b"fn f() {" + b'#[cfg(feature = "ee")]\nee::a();\n' * 2500 + b"}"),
        ("c", b"#if X\n" * 3000 + b'#include "ee/x.h"\n' * 3000),
        ("cmake", b"if(A)\n" * 3000 + b"set(x ee/x)\n" * 3000),
        ("gradle", b"if (A) {\n" * 2000 + b'include("ee/x")\n' * 2000),
        ("gradle", b"implementation" * 1000 + b"(" * 20000 + b' "ee"'),
        ("gradle", b"if (" * 5000 + b"include " * 5000 + b"," * 5000),
        ("services", b"ee/" * 19000),
        ("maven", b"<project>" + b"<modules><module>ee</module></modules>" * 5000 + b"</project>"),
        ("xml", b"<!--" * 5000 + b"ee.a " * 5000),
        ("cargo", b"[dependencies]\n" + b"".join(b'a%d={path="ee/"}\n' % i for i in range(2000))),
    ],
)
def test_no_file_takes_more_than_it_is_long(language: str, data: bytes) -> None:
    hits = NAMES.search(data)
    began = time.process_time()
    LANGUAGES[language].extract(Source(data, NAMES, hits))
    assert time.process_time() - began < SECONDS_MAX
