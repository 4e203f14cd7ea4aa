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
