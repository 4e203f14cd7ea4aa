# SPDX-License-Identifier: Apache-2.0
"""Beginnings of files, from disk and from any other tree."""

from pathlib import Path

from coreline.sources.heads import read_heads
from coreline.sources.tree import DiskTree, Entry, MemoryTree


def test_only_the_beginning_is_read(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"x" * 10_000)
    (tmp_path / "short").write_bytes(b"y")
    (tmp_path / "link").symlink_to("long")
    tree = DiskTree(tmp_path)
    found = {one.entry.path: one.data for one in read_heads(tree, tree.entries(), 4096)}
    assert found == {"long": b"x" * 4096, "short": b"y", "link": None}


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("secret")
    (tmp_path / "swapped").symlink_to("real")
    entries = [Entry("gone", "file", None), Entry("swapped", "file", None)]
    for content in read_heads(DiskTree(tmp_path), entries, 10):
        assert content.data is None
        assert content.reason.startswith("cannot be read: ")


def test_another_tree_is_cut() -> None:
    tree = MemoryTree({"a": "0123456789", "b": ""})
    assert [one.data for one in read_heads(tree, tree.entries(), 4)] == [b"0123", b""]
