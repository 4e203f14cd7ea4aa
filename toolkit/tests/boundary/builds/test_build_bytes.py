# SPDX-License-Identifier: Apache-2.0
"""No bytes make the reading of a build file fail, or take it long."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.check import load_languages
from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.kinds import Kinds
from coreline.boundary.names import Names

NAMES = Names(
    modules={"acme_ee": "ee"},
    words=frozenset(["acme_ee"]),
    folders=frozenset(["ee"]),
    packages={"acme-ee": "ee"},
)
FILES = (
    *("Dockerfile", "Makefile", "justfile", "Taskfile.yml", "compose.yml", "x.sh", "values.yaml"),
    *(".github/workflows/a.yml", ".gitlab-ci.yml", "Jenkinsfile", "pyproject.toml", "setup.py"),
    *("MANIFEST.in", "pytest.ini", "settings.json"),
)
FAMILIES = ("Dockerfile", "Makefile", "x.sh", ".github/workflows/a.yml", "Jenkinsfile", "setup.py")
KINDS = Kinds(load_languages())

PIECES = [
    *(
        "ee/x",
        "./ee",
        " ee ",
        "acme_ee",
        "acme-ee",
        "\n",
        "\n\t",
        "\n  ",
        ": ",
        "- ",
        "|",
        "> ",
        "#",
    ),
    *(
        "RUN ",
        "COPY ",
        "ARG A=",
        "FROM x",
        "<<EOF",
        "EOF",
        "\\\n",
        "cp ",
        "if [ -d ",
        "; then ",
        "fi",
    ),
    *(
        "|| true",
        "&& ",
        "$(A)",
        "${A}",
        "${{ vars.A }}",
        "'",
        '"',
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "=",
    ),
    *(
        "run",
        "script",
        "steps",
        "on",
        "paths",
        "rules",
        "services",
        "volumes",
        "build",
        "all",
        "*a",
        "&a",
    ),
    *(
        "sh '",
        "dir(",
        "[tool.uv.sources]\n",
        "setup(packages=[",
        "include ",
        "\0",
        "é",
        "\t",
        "\r\n",
    ),
]


def facts_of(path: str, data: bytes) -> FileFacts:
    language = KINDS.of(path)
    assert language is not None
    return language.extract(Source(data, NAMES, NAMES.search(data)))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.sampled_from(FILES), st.lists(st.sampled_from(PIECES), max_size=40))
def test_pieces_of_build_files_in_any_order_are_read(path: str, pieces: list[str]) -> None:
    data = "".join(pieces).encode()
    lines = data.count(b"\n") + 1
    for one in facts_of(path, data).references:
        assert 1 <= one.line <= lines
        assert one.module


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.sampled_from(FILES), st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes_around_a_name_are_read(path: str, before: bytes, after: bytes) -> None:
    facts = facts_of(path, before + b" ee/x " + after)
    assert all(one.line >= 1 for one in facts.references)


def _aliases(depth: int) -> bytes:
    rows = ["a0: &a0 [ee/x, ee/y]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, depth)]
    return "\n".join([*rows, f"jobs: {{a: {{steps: [{{run: *a{depth - 1}}}]}}}}"]).encode()


BOMBS: dict[str, Callable[[], bytes]] = {
    "aliases": lambda: _aliases(40),
    "nested lists": lambda: b"a: " + b"[" * 20_000 + b"ee/x" + b"]" * 20_000,
    "nested maps": lambda: (
        b"".join(b" " * n + b"a:\n" for n in range(2_000)) + b" " * 2_000 + b"ee/x"
    ),
    "deep items": lambda: b"- " * 3_000 + b"ee/x",
    "deep keys": lambda: b"? " * 3_000 + b"ee/x",
    "quotes": lambda: b"run: '" + b"''" * 50_000 + b" ee/x '",
    "many hits": lambda: b"run: cp ee/x y\n" * 5_000,
    "one long line": lambda: b"cp " + b"ee/x " * 15_000 + b"y",
    "continued": lambda: b"RUN cp ee/x y \\\n" * 5_000,
    "conditions": lambda: b"if [ -d x ]; then\n" * 1_000 + b"cp ee/x y\n" + b"fi\n" * 1_000,
    "variables": lambda: b"".join(b"A%d=ee/x\ncp $A%d y\n" % (n, n) for n in range(1_000)),
    "targets": lambda: b"".join(b"t%d: t%d\n\tcp ee/x y\n" % (n, n + 1) for n in range(3_000)),
    "heredocs": lambda: b"RUN <<A <<B\n" * 3_000 + b"cp ee/x y\n",
    "escapes": lambda: b"RUN " + b"\\ " * 50_000 + b"ee/x",
    "blocks": lambda: b"if (A) { " * 3_000 + b"sh 'cd ee' " * 300,
}


@pytest.mark.parametrize("path", FAMILIES)
@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_read_within_bounds(path: str, bomb: str) -> None:
    started = time.process_time()
    facts = facts_of(path, BOMBS[bomb]())
    assert time.process_time() - started < 8
    assert len(facts.references) <= 20_000
