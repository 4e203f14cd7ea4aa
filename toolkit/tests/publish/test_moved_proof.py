# SPDX-License-Identifier: Apache-2.0
"""The proof of moved paths accepts the core where it must stand, and nothing else."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.errors import InternalError
from coreline.manifest.claims import Line
from coreline.manifest.model import PathMap
from coreline.manifest.parse import parse_manifest
from coreline.publish.moved_proof import MovedProof
from coreline.publish.recipe.paths import Paths
from coreline.sources.objects import object_id

PATHS = Paths([PathMap(private="src/core", public=""), PathMap(private="docs", public="book/en")])
PRIVATE = {
    "src/core/a.py": "a",
    "src/core/deep/b.py": "b",
    "src/core/deep/k.ee": "k",
    "docs/x.md": "x",
    "README": "r",
    "enterprise/s": "s",
    "enterprise/deep/t": "t",
}
PUBLIC = {"a.py": "a", "deep/b.py": "b", "book/en/x.md": "x", "README": "r"}


class Store:
    """Objects in memory."""

    def __init__(self) -> None:
        self.held: dict[bytes, bytes] = {}
        self.read = 0

    def __call__(self, names: Iterable[bytes]) -> Iterator[bytes]:
        for name in names:
            self.read += 1
            yield self.held[name]

    def put(self, kind: bytes, body: bytes) -> bytes:
        name = object_id(kind, body)
        self.held[name] = body
        return name

    def tree(self, files: dict[str, str]) -> bytes:
        inner: dict[str, dict[str, str]] = {}
        rows: dict[bytes, bytes] = {}
        for path, content in files.items():
            name, slash, rest = path.partition("/")
            if slash:
                inner.setdefault(name, {})[rest] = content
            else:
                blob = self.put(b"blob", content.encode())
                rows[name.encode()] = b"100644 " + name.encode() + b"\0" + blob
        for name, below in inner.items():
            rows[f"{name}/".encode()] = b"40000 " + name.encode() + b"\0" + self.tree(below)
        return self.put(b"tree", b"".join(rows[key] for key in sorted(rows)))


@pytest.fixture
def line(lab: Any) -> Any:
    """Claims that settle whole folders, and some that need single files."""
    return lab.line(["**"], wrap=["enterprise/**", "**/*.ee"])


def proof(line: Any, store: Store, *, regions: bool = False) -> MovedProof:
    return MovedProof(line, store, store, PATHS, regions=regions)


def check(one: MovedProof, store: Store, *pairs: tuple[dict[str, str], dict[str, str]]) -> None:
    one.check([(store.tree(ours), store.tree(theirs), b"c" * 20) for ours, theirs in pairs])


def test_the_core_where_it_must_stand_is_accepted(line: Any) -> None:
    store = Store()
    check(proof(line, store), store, (PRIVATE, PUBLIC), (PRIVATE, PUBLIC))


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("a.py", {"a.py": "b"}),
        ("a.py", {"a.py": None}),
        ("deep/k.ee", {"deep/k.ee": "k"}),
        ("s", {"s": "s"}),
        ("README", {"README": "x"}),
        ("src/core/a.py", {"src/core/a.py": "a"}),
        ("a.py", {"a.py": "b", "deep/b.py": "a"}),
        ("enterprise/deep/t", {"enterprise/deep/t": "t"}),
    ],
)
def test_what_differs_is_named(line: Any, path: str, changed: dict[str, str | None]) -> None:
    store = Store()
    theirs = {name: text for name, text in (PUBLIC | changed).items() if text is not None}
    with pytest.raises(InternalError, match=f"63636363, {path} is not"):
        check(proof(line, store), store, (PRIVATE, PUBLIC), (PRIVATE, theirs))


def test_what_was_refused_is_refused_again(line: Any) -> None:
    store = Store()
    one = proof(line, store)
    for _ in range(2):
        with pytest.raises(InternalError):
            check(one, store, (PRIVATE, PUBLIC | {"a.py": "other"}))


def test_a_commit_costs_the_folders_that_it_changed(line: Any) -> None:
    store = Store()
    many = {f"src/core/m{number}/f.py": str(number) for number in range(50)}
    there = {f"m{number}/f.py": str(number) for number in range(50)}
    one = proof(line, store)
    check(one, store, (PRIVATE | many, PUBLIC | there))
    store.read = 0
    check(
        one,
        store,
        (PRIVATE | many | {"src/core/m7/f.py": "new"}, PUBLIC | there | {"m7/f.py": "new"}),
    )
    # The root, src, src/core and m7 of the one, the root and m7 of the other.
    assert store.read == 6


TEXT = "one\n# coreline:wrap-begin\nhidden\n# coreline:wrap-end\ntwo\n"


def test_regions_are_left_out_and_nothing_else(line: Any) -> None:
    ours = PRIVATE | {"src/core/deep/c.py": TEXT}
    store = Store()
    one = proof(line, store, regions=True)
    check(one, store, (ours, PUBLIC | {"deep/c.py": "one\ntwo\n"}))
    for wrong in (TEXT, "one\nhidden\ntwo\n", "one\n"):
        with pytest.raises(InternalError, match=r"deep/c\.py"):
            check(one, store, (ours, PUBLIC | {"deep/c.py": wrong}))


NAMES = st.sampled_from(
    ["src/core/a", "src/core/d/b", "src/core/d/k.ee", "docs/x", "r", "enterprise/s"]
)
FILES = st.dictionaries(NAMES, st.sampled_from("12"), min_size=1)
MOVED = {"src/core/a": "a", "src/core/d/b": "d/b", "docs/x": "book/en/x", "r": "r"}


@settings(
    deadline=None,
    max_examples=60,
    derandomize=True,
)
@given(histories=st.lists(st.tuples(FILES, FILES), min_size=1, max_size=5))
def test_it_accepts_what_a_plain_list_says(
    histories: list[tuple[dict[str, str], dict[str, str]]],
) -> None:
    text = """
[product]
name = "a"
primary = "b"
[core]
spdx = "MIT"
paths = ["**"]
[wraps.ee]
spdx = "LicenseRef-X"
paths = ["enterprise/**", "**/*.ee"]
"""
    line = Line(parse_manifest(text).manifest)
    store = Store()
    one = proof(line, store)
    for ours, other in histories:
        right = {MOVED[path]: text for path, text in ours.items() if path in MOVED}
        check(one, store, (ours, right))
        wrong = {MOVED[path]: text for path, text in other.items() if path in MOVED}
        if wrong == right:
            check(one, store, (ours, wrong))
        else:
            with pytest.raises(InternalError):
                check(one, store, (ours, wrong))
