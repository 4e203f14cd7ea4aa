# SPDX-License-Identifier: Apache-2.0
"""The proof accepts what is right and refuses each thing that could be wrong."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from coreline.errors import InternalError
from coreline.publish.ledger import Entry
from coreline.publish.proof import Proof
from coreline.publish.recipe.commit_ids import CommitIds
from coreline.publish.recipe.recipe import Recipe
from coreline.sources.objects import object_id

_WHO = b"author A <a@x> 1 +0000\ncommitter A <a@x> 1 +0000\n"
_GOOD = {"a": "1", "src/b": "2", "src/c*": "3"}
_WRAP = {"enterprise/s": "s", "src/k.ee": "k"}

NO_IDS = CommitIds((), lambda _first, _second: False)


class _Objects:
    """An object store in memory."""

    def __init__(self) -> None:
        self.held: dict[bytes, bytes] = {}

    def __call__(self, names: Iterable[bytes]) -> Iterator[bytes]:
        return (self.held[name] for name in names)

    def put(self, kind: bytes, body: bytes) -> bytes:
        name = object_id(kind, body)
        self.held[name] = body
        return name

    def tree(self, files: dict[str, str]) -> bytes:
        folders: dict[str, dict[str, str]] = {}
        rows: dict[bytes, bytes] = {}
        for path, content in files.items():
            name, _, rest = path.partition("/")
            if rest:
                folders.setdefault(name, {})[rest] = content
            else:
                mode, _, content = content.rpartition(":")
                row = f"{mode or '100644'} {name}\0".encode()
                rows[name.encode()] = row + object_id(b"blob", content.encode())
        for name, inner in folders.items():
            rows[f"{name}/".encode()] = f"40000 {name}\0".encode() + self.tree(inner)
        return self.put(b"tree", b"".join(rows[name] for name in sorted(rows)))

    def commit(self, files: dict[str, str], *parents: bytes, extra: bytes = b"") -> bytes:
        head = b"tree " + self.tree(files).hex().encode() + b"\n"
        head += b"".join(b"parent " + parent.hex().encode() + b"\n" for parent in parents)
        return self.put(b"commit", head + _WHO + extra + b"\nmessage\n")


@pytest.fixture
def objects() -> _Objects:
    """An empty store."""
    return _Objects()


@pytest.fixture
def line(lab: Any) -> Any:
    """Globs that need whole folders, and ones that need single files."""
    return lab.line(["**"], wrap=["enterprise/**", "**/*.ee"])


def _prove(line: Any, objects: _Objects, *entries: Entry) -> Proof:
    known = {entry.private: entry.public for entry in entries}
    proof = Proof(Recipe.today(line), private=objects, public=objects, ids=NO_IDS)
    proof.check(entries, known.get)
    return proof


def test_what_is_right_is_accepted(line: Any, objects: _Objects) -> None:
    first = objects.commit(_WRAP)
    second = objects.commit({**_GOOD, **_WRAP}, first, extra=b"gpgsig x\n y\nx-other z\n")
    third = objects.commit({**_GOOD, **_WRAP, "enterprise/t": "t"}, second)
    public = objects.commit(_GOOD)
    entries = [
        Entry(first, None, pruned=True),
        Entry(second, public, pruned=False),
        Entry(third, public, pruned=True),
    ]
    proof = _prove(line, objects, *entries)
    assert proof.trees_compared > 3
    # What was proven is not compared again.
    before = proof.trees_compared
    proof.check(entries, {entry.private: entry.public for entry in entries}.get)
    assert proof.trees_compared == before


@pytest.mark.parametrize(
    ("public", "what"),
    [
        ({**_GOOD, "enterprise/s": "s"}, "enterprise/s is not"),
        ({**_GOOD, "src/k.ee": "k"}, "src/k.ee is not core but was published"),
        ({"a": "1", "src/b": "2"}, "is core but was not published as it is"),
        ({"a": "1"}, "is core but was not published as it is"),
        ({**_GOOD, "a": "2"}, "a is"),
        ({**_GOOD, "a": "100755:1"}, "a is"),
        ({**_GOOD, "new": "n"}, "new is not in the private tree"),
        ({**_GOOD, "src/new": "n"}, "src/new is not in the private tree"),
        ({"a/x": "1", "src/b": "2", "src/c*": "3"}, "a is"),
        ({"a": "1", "src": "2"}, "src is not in the private tree as it was published"),
    ],
)
def test_a_tree_that_is_not_the_core_is_refused(
    line: Any, objects: _Objects, public: dict[str, str], what: str
) -> None:
    private = objects.commit({**_GOOD, **_WRAP})
    with pytest.raises(InternalError) as refused:
        _prove(line, objects, Entry(private, objects.commit(public), pruned=False))
    assert refused.value.code == "publish-proof-failed"
    assert what in refused.value.sentence
    assert "Nothing was written outside" in refused.value.sentence


def test_a_commit_that_says_something_else_is_refused(line: Any, objects: _Objects) -> None:
    root = objects.commit(_GOOD)
    private = objects.commit({**_GOOD, **_WRAP}, root)
    right = objects.held[objects.commit(_GOOD, root)]
    wrong = [
        objects.commit(_GOOD),
        objects.commit(_GOOD, root, root),
        objects.commit(_GOOD, root, extra=b"gpgsig x\n"),
        objects.put(b"commit", right.replace(b"message", b"massage")),
        objects.put(b"commit", right.replace(b"A <a@x> 1", b"A <a@x> 2")),
        objects.put(b"commit", right + b"more"),
    ]
    base = Entry(root, root, pruned=False)
    _prove(line, objects, base, Entry(private, objects.put(b"commit", right), pruned=False))
    for public in wrong:
        with pytest.raises(InternalError, match="more, or less"):
            _prove(line, objects, base, Entry(private, public, pruned=False))
    with pytest.raises(InternalError, match="neither published nor pruned"):
        _prove(line, objects, base, Entry(private, None, pruned=False))


def test_a_wrong_pruning_is_refused(line: Any, objects: _Objects) -> None:
    root = objects.commit(_GOOD)
    other = objects.commit({"a": "0"})
    private = objects.commit({**_GOOD, "a": "2"}, root)
    same = objects.commit({**_GOOD, **_WRAP}, root)
    entries = [Entry(root, root, pruned=False), Entry(other, other, pruned=False)]
    with pytest.raises(InternalError, match="a is"):
        _prove(line, objects, *entries, Entry(private, root, pruned=True))
    for public in (other, None):
        with pytest.raises(InternalError, match="does not follow"):
            _prove(line, objects, *entries, Entry(same, public, pruned=True))


@pytest.mark.parametrize("kind", [b"commit", b"tree"])
def test_an_object_that_does_not_hold_what_its_id_says_is_refused(
    line: Any, objects: _Objects, kind: bytes
) -> None:
    private = objects.commit({**_GOOD, **_WRAP})
    public = objects.commit(_GOOD)
    damaged = _Objects()
    damaged.held = dict(objects.held)
    name = public if kind == b"commit" else bytes.fromhex(objects.held[public][5:45].decode())
    damaged.held[name] += b"100644 x\0" + bytes(20)
    proof = Proof(Recipe.today(line), private=objects, public=damaged, ids=NO_IDS)
    with pytest.raises(InternalError, match="does not hold what its id says"):
        proof.check([Entry(private, public, pruned=False)], lambda _: None)
