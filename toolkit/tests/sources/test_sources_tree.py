# SPDX-License-Identifier: Apache-2.0
"""Disk, index and commit give the same files, and say why a file could not be read."""

import os
import subprocess
from pathlib import Path

import pytest

from coreline.errors import InputError, OutsideError
from coreline.sources import tree as module
from coreline.sources.git import Git
from coreline.sources.tree import DiskTree, Entry, GitTree, SourceTree, open_tree


def git(folder: Path, *arguments: str) -> bytes:
    who = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout


FILES = {
    "a.txt": b"one\n",
    "d/run.sh": b"#!/bin/sh\n",
    "d/(app)/[id].ts": b"",
    "nul": b"\0\xff",
    "new\nline": b"x",
    os.fsdecode(b"\xff\xfe"): b"y",
    "\N{SNOWMAN}": b"z",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    for name, data in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    (tmp_path / "d/run.sh").chmod(0o755)
    (tmp_path / "link").symlink_to("d/(app)")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "all")
    return tmp_path


def contents(tree: SourceTree) -> dict[str, tuple[str, bytes | None]]:
    found = tree.read(tree.entries())
    return {one.entry.path: (one.entry.kind, one.data) for one in found}


def test_disk_index_and_commit_hold_the_same(repository: Path) -> None:
    expected: dict[str, tuple[str, bytes | None]] = {
        path: ("executable" if path.endswith(".sh") else "file", data)
        for path, data in FILES.items()
    }
    expected["link"] = ("link", b"d/(app)")
    assert contents(open_tree(repository)) == expected
    assert contents(open_tree(repository, staged=True)) == expected
    assert contents(open_tree(repository, at="HEAD")) == expected


def test_paths_are_in_the_order_of_their_bytes(repository: Path) -> None:
    orders = [
        [entry.path for entry in tree.entries()]
        for tree in (open_tree(repository), open_tree(repository, at="main"))
    ]
    assert orders[0] == orders[1] == sorted(orders[0], key=os.fsencode)


def test_a_folder_of_a_larger_repository_is_a_tree_of_its_own(repository: Path) -> None:
    expected = {"run.sh": ("executable", b"#!/bin/sh\n"), "(app)/[id].ts": ("file", b"")}
    for options in ({}, {"staged": True}, {"at": "HEAD"}):
        assert contents(open_tree(repository / "d", **options)) == expected


def test_ignored_and_deleted_files_are_no_part_of_the_disk(repository: Path) -> None:
    (repository / ".gitignore").write_text("*.log\n")
    (repository / "x.log").write_text("")
    (repository / "new.txt").write_text("")
    (repository / "a.txt").unlink()
    paths = {entry.path for entry in DiskTree(repository).entries()}
    assert {".gitignore", "new.txt"} <= paths
    assert not {"x.log", "a.txt"} & paths


def test_outside_git_every_file_is_listed_and_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d/a").write_text("")
    (tmp_path / "loop").symlink_to(".")
    found = [(entry.path, entry.kind) for entry in DiskTree(tmp_path).entries()]
    assert found == [("d/a", "file"), ("loop", "link")]


def test_a_file_that_went_away_says_why_it_has_no_content(repository: Path) -> None:
    tree = DiskTree(repository)
    entries = tree.entries()
    (repository / "a.txt").unlink()
    found = {one.entry.path: one for one in tree.read(entries)}["a.txt"]
    assert (found.data, found.is_failure) == (None, True)
    assert found.reason.startswith("cannot be read: ")


def test_a_file_that_changed_since_it_was_listed_is_no_longer_its_blob(repository: Path) -> None:
    file = repository / "stable.txt"
    file.write_text("one\n")
    os.utime(file, (1_000_000_000, 1_000_000_000))
    git(repository, "add", "stable.txt")
    tree = open_tree(repository)
    (entry,) = [one for one in tree.entries() if one.path == "stable.txt"]
    assert next(tree.read([entry])).entry.blob == entry.blob is not None
    file.write_text("two\n")
    assert next(tree.read([entry])).entry.blob is None


def test_a_file_turned_into_a_link_or_a_pipe_is_not_followed(repository: Path) -> None:
    tree = DiskTree(repository)
    entries = [entry for entry in tree.entries() if entry.path in ("a.txt", "nul")]
    (repository / "a.txt").unlink()
    (repository / "a.txt").symlink_to("/etc/hostname")
    (repository / "nul").unlink()
    os.mkfifo(repository / "nul")
    found = list(tree.read(entries))
    assert found[0].data is None
    assert found[1].data in (None, b"")


def test_a_large_file_is_not_read(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SIZE_MAX", 3)
    for tree in (open_tree(repository), open_tree(repository, at="HEAD")):
        found = {one.entry.path: one for one in tree.read(tree.entries())}
        assert (found["a.txt"].data, found["a.txt"].is_failure) == (None, False)
        assert "larger than" in found["a.txt"].reason
        assert found["nul"].data == b"\0\xff"


def test_large_blobs_are_passed_over_among_others(repository: Path) -> None:
    names = [f"{number:02}.bin" for number in range(20)]
    for number, name in enumerate(names):
        (repository / name).write_bytes(b"%d" % number * (100_000 if number % 2 else 3))
    git(repository, "add", "-A")
    listed = [git(repository, "hash-object", name).decode().strip() for name in names]
    found = list(Git(repository).objects(listed, size_max=1000))
    assert [one.data is None for one in found] == [number % 2 == 1 for number in range(20)]
    assert all(one.size >= 100_000 for one in found if one.data is None)
    assert found[-2].data == b"181818"


def test_what_a_sparse_checkout_leaves_out_is_said(repository: Path) -> None:
    git(repository, "sparse-checkout", "set", "--no-cone", "/*", "!/d/")
    tree = DiskTree(repository)
    found = {one.entry.path: one for one in tree.read(tree.entries())}
    assert not (repository / "d").exists()
    assert found["d/run.sh"].data is None
    assert found["d/run.sh"].reason == "left out of this sparse checkout"
    assert not found["d/run.sh"].is_failure
    assert found["a.txt"].data == b"one\n"


def test_a_blob_that_a_clone_lacks_is_said(repository: Path) -> None:
    blob = git(repository, "rev-parse", "HEAD:a.txt").decode().strip()
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    tree = GitTree(Git(repository), "HEAD")
    found = {one.entry.path: one for one in tree.read(tree.entries())}
    assert (found["a.txt"].data, found["a.txt"].is_failure) == (None, True)
    assert "missing" in found["a.txt"].reason
    assert found["nul"].data == b"\0\xff"


def test_a_submodule_is_another_repository(repository: Path) -> None:
    head = git(repository, "rev-parse", "HEAD").decode().strip()
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    tree = open_tree(repository, staged=True)
    entry = next(entry for entry in tree.entries() if entry.path == "sub")
    assert entry.kind == "submodule"
    (found,) = tree.read([entry])
    assert found.data is None
    assert "submodule" in found.reason


def test_both_sides_of_an_open_merge_are_one_file(repository: Path) -> None:
    git(repository, "checkout", "-qb", "other")
    (repository / "a.txt").write_text("theirs\n")
    git(repository, "commit", "-qam", "theirs")
    git(repository, "checkout", "-q", "main")
    (repository / "a.txt").write_text("ours\n")
    git(repository, "commit", "-qam", "ours")
    with pytest.raises(subprocess.CalledProcessError):
        git(repository, "merge", "-q", "other")
    staged = open_tree(repository, staged=True)
    assert [e.path for e in staged.entries()].count("a.txt") == 1
    assert contents(staged)["a.txt"] == ("file", b"ours\n")
    assert [e.path for e in DiskTree(repository).entries()].count("a.txt") == 1


def test_what_is_not_there_is_refused_with_a_reason(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError) as folder:
        open_tree(tmp_path / "nowhere")
    assert folder.value.code == "folder-unknown"
    with pytest.raises(InputError) as revision:
        open_tree(repository, at="nowhere")
    assert revision.value.code == "revision-unknown"
    with pytest.raises(InputError):
        open_tree(repository, at="--upload-pack=touch")


def test_a_revision_outside_git_is_refused(tmp_path: Path) -> None:
    with pytest.raises((InputError, OutsideError)):
        open_tree(tmp_path, at="HEAD")


def test_entries_are_plain_values() -> None:
    assert Entry("a", "file", None) == ("a", "file", None, "")


def test_what_is_only_meant_to_be_added_is_not_staged(repository: Path) -> None:
    (repository / "later").write_text("not staged\n")
    (repository / "gone\nagain").write_text("")
    git(repository, "add", "--intent-to-add", "later", "gone\nagain")
    (repository / "gone\nagain").unlink()
    paths = {entry.path for entry in open_tree(repository, staged=True).entries()}
    # An empty file that is staged stays.
    assert paths == {*FILES, "link"}
