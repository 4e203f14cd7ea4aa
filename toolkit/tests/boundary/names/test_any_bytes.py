# SPDX-License-Identifier: Apache-2.0
"""Whatever a file holds, in whatever language: no crash, and every finding at a place in it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.check import check
from coreline.manifest.parse import parse_manifest
from coreline.sources.tree import MemoryTree

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["**"]
gates = ["License.premium?", "is_ee"]
[wraps.enterprise]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
names = ["ACME_EE_*", "fleet_nodes"]
lookups = [{ call = "versioned", core = "acme", wrap = "ee.acme" }]
"""
PARSED = parse_manifest(MANIFEST)
WRAP = {
    "ee/acme/__init__.py": "",
    "ee/acme/api.py": "def setup(settings):\n  settings.EE_SIZE = 1\n",
}
PIECES = st.sampled_from(
    [
        *("License.premium?", "is_ee", "versioned", "'acme.api'", "ACME_EE_KEY", "fleet_nodes"),
        *(
            "settings.",
            "EE_SIZE",
            "os.environ[",
            "process.env.",
            "FROM ",
            "def ",
            "(",
            ")",
            "{",
            "}",
        ),
        *(
            '"',
            "'",
            "`",
            "#",
            "//",
            "/*",
            "*/",
            "\n",
            "\r",
            " ",
            "=",
            "é",
            "\x00",
            "${",
            "#{",
            "ee.",
        ),
        *("import_module(", "f'ee.{x}'", "try:", "if ", "@", ":", ",", "[", "]", "\\"),
    ]
)
SUFFIXES = st.sampled_from(
    ["py", "ts", "tsx", "js", "rb", "go", "java", "kt", "rs", "php", "cs", "c", "sh", "sql", "vue"]
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=40), SUFFIXES)
def test_any_file_is_looked_through(pieces: list[str], suffix: str) -> None:
    code = "".join(pieces)
    path = f"acme/app.{suffix}"
    report = check(MemoryTree({"coreline.toml": MANIFEST, **WRAP, path: code}), PARSED)
    lines = code.replace("\r", "\n").split("\n")
    for one in report.findings:
        if one.check in ("references", "gates", "names"):
            assert one.path == path
            assert 1 <= one.line <= len(lines)
            assert one.grade in ("tight", "broken")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("acme/a.py", "process.env.ACME_EE_X;\n" * 20_000),
        ("acme/a.ts", "process.env.ACME_EE_X;\n" * 20_000),
        ("acme/a.py", "versioned('acme.api')\n" * 20_000),
        ("acme/a.py", "if settings.X:\n  versioned('acme.api')\n" * 4_000),
        ("acme/a.py", "os.path.join(" + "'ee'," * 20_000 + ")"),
        ("acme/a.py", "x = " + "'ee' + " * 4_000 + "'a'"),
        ("acme/a.py", "x = " + "'ee' / " * 4_000 + "'a'"),
        ("acme/a.py", "x = (" + "'ee' " * 20_000 + ")"),
        ("acme/a.rb", "x = is_ee() + " * 20_000),
        ("acme/license.py", "def is_ee():\n  return license\n" * 20_000),
        ("ee/b.py", "".join(f"settings.A_LONG_NAME{i} = 1\n" for i in range(60_000))),
        ("ee/b.py", "a_" * 300_000 + "topic"),
    ],
)
def test_a_hostile_file_takes_no_more_than_its_share(path: str, code: str) -> None:
    started = time.process_time()
    check(MemoryTree({"coreline.toml": MANIFEST, **WRAP, path: code}), PARSED)
    # Each takes about a second at most; what grew with the square took minutes.
    assert time.process_time() - started < 10
