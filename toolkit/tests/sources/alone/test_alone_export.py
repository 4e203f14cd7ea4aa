# SPDX-License-Identifier: Apache-2.0
"""An export holds the files asked for, and nothing is ever written or led outside of it."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from coreline.sources.alone.export import export
from coreline.sources.tree import Content, Entry, EntryKind


class Hostile:
    """A tree as no git would make it: paths and kinds as given."""

    label = "hostile"
    space = "g"

    def __init__(self, files: list[tuple[str, EntryKind, bytes | None]]) -> None:
        self._files = files

    def entries(self) -> list[Entry]:
        return [Entry(path, kind, None) for path, kind, _ in self._files]

    def read(self, entries: Iterable[Entry]) -> Iterator[Content]:
        data = {(path, kind): data for path, kind, data in self._files}
        for entry in entries:
            found = data[entry.path, entry.kind]
            yield Content(entry, found, "" if found is not None else "too large")


def exported(tmp_path: Path, files: list[tuple[str, EntryKind, bytes | None]]) -> dict[str, str]:
    root = tmp_path / "core"
    root.mkdir()
    tree = Hostile(files)
    return {one.path: one.reason for one in export(tree, tree.entries(), root)}


def test_files_modes_and_links_inside_are_written(tmp_path: Path) -> None:
    left = exported(
        tmp_path,
        [
            ("bin/run", "executable", b"#!/bin/sh\n"),
            ("a/new\nline", "file", b"\xff\0"),
            ("a/link", "link", b"../bin/run"),
            (os.fsdecode(b"\xff"), "file", b"x"),
        ],
    )
    assert left == {}
    root = tmp_path / "core"
    assert os.access(root / "bin/run", os.X_OK)
    assert (root / "a/new\nline").read_bytes() == b"\xff\0"
    assert (root / "a/link").resolve() == (root / "bin/run").resolve()


def test_nothing_leads_outside(tmp_path: Path) -> None:
    left = exported(
        tmp_path,
        [
            ("../out", "file", b"x"),
            ("/etc/coreline-test", "file", b"x"),
            ("a/../../out", "file", b"x"),
            (".git/hooks/post-checkout", "executable", b"x"),
            ("nul\0", "file", b"x"),
            ("up", "link", b"../.."),
            ("absolute", "link", b"/etc"),
            ("big", "file", None),
        ],
    )
    assert sorted(left) == sorted(
        [
            *("../out", "/etc/coreline-test", "a/../../out", ".git/hooks/post-checkout", "nul\0"),
            *("up", "absolute", "big"),
        ]
    )
    assert [one.name for one in tmp_path.rglob("*")] == ["core"]


def test_a_link_where_a_folder_should_be_is_not_followed(tmp_path: Path) -> None:
    left = exported(tmp_path, [("d", "link", b"../elsewhere"), ("d/file", "file", b"x")])
    assert list(left) == ["d"]
    assert (tmp_path / "core/d/file").read_bytes() == b"x"
    assert not (tmp_path / "elsewhere").exists()


def test_links_that_lead_out_together_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("wrap\n")
    left = exported(
        tmp_path,
        [
            ("a/b/file", "file", b"x"),
            ("a/b/top", "link", b"../.."),
            # Inside by its text; through the link above it is beside the folder.
            ("leak", "link", b"a/b/top/../secret"),
            ("through", "link", b"leak"),
            ("loop", "link", b"loop"),
            ("dangling", "link", b"a/none"),
        ],
    )
    assert sorted(left) == ["leak", "through"]
    root = tmp_path / "core"
    assert not (root / "leak").is_symlink()
    assert (root / "a/b/top").is_symlink()
    assert (root / "dangling").is_symlink()
