# SPDX-License-Identifier: Apache-2.0
"""The index is read as git reads it, and a file that may have changed is never trusted."""

import os
import subprocess
from pathlib import Path

import pytest

from coreline.sources.index import read_index
from coreline.sources.tree import DiskTree, blob_id


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True
    )
    return done.stdout.decode("utf-8", "surrogateescape")


def age(folder: Path, *names: str) -> None:
    """Let files be older than the index, as they are in any clone that is not brand new."""
    for name in names:
        os.utime(folder / name, ns=(10**18, 10**18))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    for name in ("a.py", "d/b.py", "d/ünï.py", os.fsdecode(b"d/\xff.py"), "x" * 200):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"# {len(name)}\n")
        age(tmp_path, name)
    (tmp_path / "link").symlink_to("a.py")
    git(tmp_path, "add", "-A")
    return tmp_path


def known(folder: Path) -> dict[str, str | None]:
    return {entry.path: entry.blob for entry in DiskTree(folder).entries() if entry.kind == "file"}


def test_blobs_of_unchanged_files_are_known_as_git_knows_them(repository: Path) -> None:
    index = read_index(repository)
    assert index is not None
    rows = git(repository, "ls-files", "-s", "-z").split("\0")
    listed = {row.partition("\t")[2]: row.split(" ")[1] for row in rows if row}
    assert {path: one[0].hex() for path, one in index.entries.items()} == listed
    listed.pop("link")
    assert known(repository) == listed


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_every_version_of_the_index_gives_the_same_paths(repository: Path, version: str) -> None:
    before = known(repository)
    if version == "3":
        # A flag of version 3: the path is only intended to be added.
        (repository / "new.py").write_text("")
        git(repository, "add", "-N", "new.py")
        before["new.py"] = None
    else:
        git(repository, "update-index", "--index-version", version)
    now = known(repository)
    assert set(now) == set(before)
    if version != "4":
        assert {path: blob for path, blob in now.items() if path != "new.py"} == {
            path: blob for path, blob in before.items() if path != "new.py"
        }
    else:
        assert set(now.values()) == {None}


def test_a_file_that_changed_is_not_known(repository: Path) -> None:
    (repository / "a.py").write_text("# 5\n")
    assert known(repository)["a.py"] is None


def test_a_file_as_new_as_the_index_is_not_trusted(repository: Path) -> None:
    (repository / "a.py").write_text("# 6\n")
    git(repository, "add", "a.py")
    late = (repository / ".git/index").stat().st_mtime_ns
    os.utime(repository / "a.py", ns=(late + 10**9, late + 10**9))
    git(repository, "add", "a.py")
    index_time = late + 10**9
    os.utime(repository / ".git/index", ns=(index_time, index_time))
    assert known(repository)["a.py"] is None


def test_a_link_in_the_place_of_a_file_is_not_the_file(repository: Path) -> None:
    (repository / "a.py").unlink()
    (repository / "a.py").symlink_to("d/b.py")
    entry = next(one for one in DiskTree(repository).entries() if one.path == "a.py")
    assert (entry.kind, entry.blob) == ("link", None)


@pytest.mark.parametrize(
    "damage",
    [b"", b"DIRC", b"DIRC\0\0\0\2\xff\xff\xff\xff", b"garbage" * 100],
)
def test_an_index_that_cannot_be_read_is_left_to_git(repository: Path, damage: bytes) -> None:
    (repository / ".git/index").write_bytes(damage)
    assert read_index(repository) is None


def test_a_split_index_is_left_to_git(repository: Path) -> None:
    before = set(known(repository))
    git(repository, "update-index", "--split-index")
    (repository / "late.py").write_text("")
    git(repository, "add", "late.py")
    assert set(known(repository)) == {*before, "late.py"}


def test_a_linked_work_tree_has_an_index_of_its_own(repository: Path, tmp_path: Path) -> None:
    git(repository, "commit", "-qm", "x")
    git(repository, "worktree", "add", "-q", str(tmp_path / "other"), "HEAD")
    paths = {entry.path for entry in DiskTree(tmp_path / "other").entries()}
    assert "a.py" in paths
    assert read_index(tmp_path / "other") is not None


def test_blob_ids_are_those_of_git(repository: Path) -> None:
    assert blob_id(b"# 4\n") == git(repository, "hash-object", "a.py").strip()
