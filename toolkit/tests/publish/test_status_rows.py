# SPDX-License-Identifier: Apache-2.0
"""What ``coreline status`` says of unpublished commits, of the line, and of being in step."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from coreline.cli.main import run

_MANIFEST = """
[product]
name = "demo"
primary = "Demonstrate"
[core]
spdx = "MIT"
paths = ["src/**", "extra/**"]
[wraps.ee]
spdx = "LicenseRef-Demo"
paths = ["ee/**"]
"""


def _git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def _commit(folder: Path, message: str, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    _git(folder, "add", "--all")
    _git(folder, "commit", "-q", "-m", message)


@pytest.fixture
def product(lab: Any, tmp_path: Path) -> Path:
    folder = tmp_path / "product"
    folder.mkdir()
    _git(folder, "init", "-q", "-b", "main")
    (folder / "coreline.toml").write_text(_MANIFEST)
    _commit(folder, "one", src__a="a\n", ee__s="s\n", extra__x="x\n")
    assert run(["-C", str(folder), "publish", "--to", "../public"]) == 0
    return folder


def _status(product: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    capsys.readouterr()
    call = ["-C", str(product), "status", "--to", "../public", "--format", "json"]
    assert run(call) == 0
    return json.loads(capsys.readouterr().out)


def test_each_commit_that_waits_says_whether_it_changes_the_core(
    product: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _status(product, capsys)["in_step"]
    _commit(product, "for customers", ee__t="t\n")
    _commit(product, "for all", src__b="b\n")
    found = _status(product, capsys)
    rows = [(one["subject"], one["changes_core"]) for one in found["commits"]]
    assert rows == [("for all", True), ("for customers", False)]
    assert not found["in_step"]


def test_files_that_would_leave_the_core_are_named(
    product: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = _MANIFEST.replace(', "extra/**"', "").replace('"ee/**"', '"ee/**", "extra/**"')
    (product / "coreline.toml").write_text(changed)
    found = _status(product, capsys)
    assert found["line_pending"] == {"enter": [], "leave": ["extra/x"], "features": []}
    assert not found["in_step"]


def test_a_public_branch_that_is_gone_is_no_step(
    product: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _git(product.parent / "public", "update-ref", "-d", "refs/heads/main")
    assert not _status(product, capsys)["in_step"]
    assert run(["-C", str(product), "status", "--to", "../public"]) == 0
    assert "the public branch is gone" in capsys.readouterr().out


def test_a_public_branch_that_was_set_back_is_no_step(
    product: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _commit(product, "two", src__b="b\n")
    assert run(["-C", str(product), "publish", "--to", "../public"]) == 0
    assert _status(product, capsys)["in_step"]
    _git(product.parent / "public", "update-ref", "refs/heads/main", "main~1")
    found = _status(product, capsys)
    assert (found["set_back"], found["moved"], found["in_step"]) == (True, False, False)
    assert run(["-C", str(product), "status", "--to", "../public"]) == 0
    assert "set back to" in capsys.readouterr().out


def test_a_detached_head_is_of_the_branch_that_was_published_last(
    product: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _git(product, "checkout", "-q", "--detach")
    found = _status(product, capsys)
    assert (found["branch"], found["detached"], found["in_step"]) == ("main", True, True)
    assert run(["-C", str(product), "status", "--to", "../other"]) == 2
    assert "[publish-no-branch]" in capsys.readouterr().err


def test_what_is_known_here_is_said_where_the_public_cannot_be_asked(
    product: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _commit(product, "two", src__b="b\n")
    (product.parent / "public" / "HEAD").unlink()
    call = ["-C", str(product), "status", "--to", "../public"]
    capsys.readouterr()
    assert run([*call, "--format", "json"]) == 3
    shown = capsys.readouterr()
    found = json.loads(shown.out)
    assert (found["unpublished"], found["in_step"], found["public"]) == (1, False, None)
    assert found["unreachable"] in shown.err
    assert found["last"]["branch"] == "main"
    assert run(call) == 3
    text = capsys.readouterr().out
    assert "could not be asked" in text
    assert "gone" not in text


def test_tags_that_wait_differ_or_are_in_public_alone(
    product: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _commit(product, "two", src__b="b\n")
    _git(product, "tag", "light", "main~1")
    _git(product, "tag", "-a", "-m", "a", "heavy", "main~1")
    assert run(["-C", str(product), "publish", "--to", "../public"]) == 0
    assert _status(product, capsys)["tags"] == {"wait": [], "differ": [], "public_only": []}
    assert _status(product, capsys)["in_step"]
    public = product.parent / "public"
    _git(public, "tag", "theirs", "main")
    _git(public, "tag", "-f", "light", "main")
    _git(public, "tag", "-f", "-a", "-m", "moved", "heavy", "main")
    _git(product, "tag", "new")
    found = _status(product, capsys)
    assert found["tags"] == {
        "wait": ["new"],
        "differ": ["heavy", "light"],
        "public_only": ["theirs"],
    }
    assert not found["in_step"]
    assert run(["-C", str(product), "status", "--to", "../public"]) == 0
    assert "light names another commit in public" in capsys.readouterr().out


def test_another_recipe_says_whether_public_ids_change(
    product: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _status(product, capsys)["needs_rebuild"] is False
    changed = _MANIFEST.replace(', "extra/**"', "").replace('"ee/**"', '"ee/**", "extra/**"')
    (product / "coreline.toml").write_text(changed)
    assert _status(product, capsys)["needs_rebuild"] is None
    publish = ["-C", str(product), "publish", "--to", "../public"]
    # It was filtered, and refused: public ids would change.
    assert run([*publish, "--dry-run"]) != 0
    assert _status(product, capsys)["needs_rebuild"] is True
    assert run(["-C", str(product), "status", "--to", "../public"]) == 0
    assert "coreline publish --rebuild" in capsys.readouterr().out


def test_the_text_fits_eighty_columns(
    product: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    _commit(
        product, "a subject that is much longer than anybody likes to read in a list", src__b=""
    )
    _git(product.parent / "public", "update-ref", "-d", "refs/heads/main")
    capsys.readouterr()
    assert run(["-C", str(product), "status", "--to", "../public"]) == 0
    first, *rows = capsys.readouterr().out.splitlines()
    assert first.startswith("main → ")
    assert max(map(len, rows)) <= 80
    assert all(row == row.rstrip() for row in rows)
    assert [row.split("  ")[0] for row in rows if row[0] != " "] == [
        "published", "private", "public",
    ]  # fmt: skip
