# SPDX-License-Identifier: Apache-2.0
"""The example's history: the kept state at its head, the same ids everywhere, also in public."""

import subprocess
from pathlib import Path

from coreline.cli.demo.example import find_example, lay
from coreline.cli.demo.history import read_story, write_history
from coreline.cli.main import run

EXAMPLE = find_example(Path(__file__).parent)


def git(folder: Path, *words: str) -> str:
    """Run git in a folder."""
    return subprocess.run(
        ["git", "-C", str(folder), *words], check=True, capture_output=True, text=True
    ).stdout.strip()


def test_the_head_is_the_kept_state_and_the_ids_are_fixed(tmp_path: Path) -> None:
    first = write_history(EXAMPLE, tmp_path / "a")
    assert first == write_history(EXAMPLE, tmp_path / "b")
    assert git(tmp_path / "a", "status", "--porcelain") == ""
    lay(EXAMPLE, None, tmp_path / "c")
    kept = {path.relative_to(tmp_path / "c") for path in (tmp_path / "c").rglob("*")}
    in_git = git(tmp_path / "a", "ls-files").splitlines()
    assert {str(path) for path in kept if (tmp_path / "c" / path).is_file()} == set(in_git)
    for name in in_git:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "c" / name).read_bytes()


def test_the_story_has_branches_authors_a_merge_and_tags(tmp_path: Path) -> None:
    write_history(EXAMPLE, tmp_path / "a")
    assert len(git(tmp_path / "a", "log", "--merges", "--format=%H").splitlines()) == 1
    assert len(set(git(tmp_path / "a", "log", "--format=%ae").splitlines())) == 3
    assert git(tmp_path / "a", "tag").splitlines() == ["v1.0.0", "v1.1.0"]


def test_what_the_vendor_does_in_the_wrap_never_changes_a_public_id(tmp_path: Path) -> None:
    heads = set()
    for name in ("a", "b"):
        private, public = tmp_path / name, tmp_path / f"{name}.git"
        write_history(EXAMPLE, private)
        if name == "b":
            (private / "enterprise" / "new.py").write_text("# SPDX-License-Identifier: x\n")
            git(private, "add", "enterprise")
            who = ("-c", "user.name=G", "-c", "user.email=g@example.com")
            git(private, *who, "commit", "-q", "-m", "wrap only")
        git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(public))
        assert run(["-C", str(private), "publish", "--to", str(public)]) == 0
        heads.add(git(public, "rev-parse", "main"))
        count = int(git(public, "rev-list", "--count", "--branches", "--tags"))
        assert count == read_story(EXAMPLE).carried
    assert len(heads) == 1
