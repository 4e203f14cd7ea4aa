# SPDX-License-Identifier: Apache-2.0
"""What the object writer stores, git reads back, whole and by its own checks."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.errors import OutsideError
from coreline.sources.git import Git
from coreline.sources.objects import (
    build_commit,
    object_id,
    parse_commit,
    parse_row,
    parse_tag,
    tree_rows,
)
from coreline.sources.packs import ObjectWriter

_ROWS = st.lists(
    st.tuples(st.integers(0, 400), st.binary(min_size=20, max_size=20)),
    unique_by=lambda row: row[0],
    max_size=200,
).map(sorted)


def _tree(rows: list[tuple[int, bytes]]) -> bytes:
    return b"".join(b"100644 file-%04d\0%b" % (number, name) for number, name in rows)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty bare repository."""
    folder = tmp_path_factory.mktemp("packs") / "store.git"
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    return folder


@given(st.lists(_ROWS, min_size=30, max_size=60))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_git_reads_what_was_written(store: Path, trees: list[list[tuple[int, bytes]]]) -> None:
    # Each state of a folder changes the one before it a little: the writer makes deltas of them.
    writer = ObjectWriter(store / "objects")
    bodies: dict[bytes, bytes] = {}
    last: bytes | None = None
    state: dict[int, bytes] = {}
    for rows in trees:
        state = dict(sorted({**state, **dict(rows[:5])}.items()))
        if rows[5:]:
            state.pop(rows[5][0], None)
        body = _tree(list(state.items()))
        last = writer.add(b"tree", body, like=last)
        bodies[last] = body
    writer.store()
    read = {found.name: found.data for found in Git(store).objects(name.hex() for name in bodies)}
    assert read == {name.hex(): body for name, body in bodies.items()}
    for index in (store / "objects" / "pack").glob("*.idx"):
        Git(store).run("verify-pack", str(index))


@pytest.mark.parametrize("count", [1, 24, 25])
def test_few_objects_are_loose_and_more_are_packed(tmp_path: Path, count: int) -> None:
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path)], check=True)
    writer = ObjectWriter(tmp_path / "objects")
    rows = [(n, bytes([n]) * 20) for n in range(count)]
    names = [writer.add(b"tree", _tree(rows[: n + 1])) for n in range(count)]
    assert names[0] in writer
    assert len(writer) == count
    writer.store()
    assert len(writer) == 0
    packed = [*(tmp_path / "objects" / "pack").glob("*.pack")]
    assert len(packed) == (1 if count > 24 else 0)
    kinds = {found.kind for found in Git(tmp_path).objects(name.hex() for name in names)}
    assert kinds == {"tree"}


def test_a_long_object_with_distant_changes_is_a_delta_that_git_understands(store: Path) -> None:
    rows = [(number, object_id(b"blob", b"%d" % number)) for number in range(5000)]
    changed = [(n, object_id(b"blob", b"x")) if n in (3, 2500, 4999) else (n, i) for n, i in rows]
    writer = ObjectWriter(store / "objects")
    first = writer.add(b"tree", _tree(rows))
    second = writer.add(b"tree", _tree(changed), like=first)
    third = writer.add(b"tree", _tree(changed[:2000] + changed[2100:]), like=second)
    for number in range(30):
        writer.add(b"tree", _tree([(number, bytes(20))]))
    writer.store()
    found = [entry.data for entry in Git(store).objects(n.hex() for n in (first, second, third))]
    assert found == [_tree(rows), _tree(changed), _tree(changed[:2000] + changed[2100:])]
    asked = Git(store).run(
        "cat-file", "--batch-check=%(objectsize:disk)", stdin=second.hex().encode() + b"\n"
    )
    assert int(asked) < 200


@pytest.mark.parametrize("data", [b"100644 a\0short", b"100644 a" + bytes(21) + b"x", b"junk"])
def test_a_malformed_tree_is_refused(data: bytes) -> None:
    with pytest.raises(OutsideError) as refused:
        tree_rows(data)
    assert refused.value.code == "object-malformed"


def test_rows_are_taken_apart() -> None:
    data = b"40000 a b\0" + bytes(range(20)) + b"120000 l\xff\0" + bytes(20)
    folder, link = map(parse_row, tree_rows(data))
    assert (folder.name, folder.target, folder.is_folder) == ("a b", bytes(range(20)), True)
    assert (link.name, link.is_link, link.is_folder) == ("l\udcff", True, False)


def test_malformed_commits_and_tags_are_refused() -> None:
    good = b"tree %b\nauthor A <> 1 +0\ncommitter A <> 1 +0\n\nm" % (b"0" * 40)
    assert build_commit(parse_commit(good)) == good
    for data in (b"", b"tree 12\n\n", good.replace(b"author", b"writer")):
        with pytest.raises(OutsideError):
            parse_commit(data)
    with pytest.raises(OutsideError):
        parse_tag(b"object 12\n\nm")
