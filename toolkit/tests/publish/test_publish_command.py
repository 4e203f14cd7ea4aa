# SPDX-License-Identifier: Apache-2.0
"""``coreline publish`` and ``coreline status`` as people and scripts call them."""

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
spdx = "Apache-2.0"
paths = ["src/**", "*.md"]
[wraps.enterprise]
spdx = "LicenseRef-Demo"
paths = ["enterprise/**"]
"""


@pytest.fixture
def product(lab: Any, tmp_path: Path) -> Path:
    """A work tree with two commits, one of them of the wrap alone."""
    folder = tmp_path / "product"
    for path, text in {"src/a.py": "a = 1\n", "coreline.toml": _MANIFEST}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    _git(folder, "init", "-q", "--initial-branch=main")
    _commit(folder, "core")
    (folder / "enterprise").mkdir()
    (folder / "enterprise" / "s.py").write_text("s = 1\n")
    _commit(folder, "wrap")
    return folder


def _git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    return subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True, text=True
    ).stdout


def _commit(folder: Path, message: str) -> None:
    _git(folder, "add", "--all")
    _git(folder, "commit", "-q", "-m", message)


def test_the_way_from_first_to_second_publish(
    product: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["-C", str(product), "publish", "--to", "../public"]
    assert run([*call, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "would publish main" in said
    assert "2 new commits: 1 carried, 1 without a trace in the core left out" in said
    assert not (tmp_path / "public").exists()
    assert run(call) == 0
    assert "published main" in capsys.readouterr().out
    assert run(call) == 4
    assert "publish-up-to-date" in capsys.readouterr().err
    (product / "src" / "b.py").write_text("b = 1\n")
    _commit(product, "more")
    assert run([*call, "--format=json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["pushed"]
    assert report["commits"] == {"new": 1, "published": 1, "pruned": 0}
    assert report["public"] == _git(tmp_path / "public", "rev-parse", "main").strip()
    assert run([*call, "--verify"]) == 0
    assert "2 public commits and 3 contents, all proven" in capsys.readouterr().out


def test_a_public_repository_with_more_in_it_is_broken(
    product: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["-C", str(product), "publish", "--to", "../public"]
    assert run(call) == 0
    tree = _git(product, "rev-parse", "main^{tree}").strip()
    leak = _git(product, "commit-tree", "-m", "leak", tree).strip()
    _git(product, "push", "-q", str(tmp_path / "public"), f"{leak}:refs/heads/leak")
    capsys.readouterr()
    assert run([*call, "--verify"]) == 1
    said = capsys.readouterr().out
    assert "enterprise/s.py: this content never was core." in said
    assert run([*call, "--verify", "--format", "json"]) == 1
    assert not json.loads(capsys.readouterr().out)["kept"]


def test_the_manifest_may_say_where(
    product: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(product), "publish"]) == 2
    assert "publish-no-target" in capsys.readouterr().err
    assert run(["-C", str(product), "status"]) == 2
    manifest = product / "coreline.toml"
    manifest.write_text(_MANIFEST.replace("[wraps", 'public = "../there.git"\n[wraps'))
    assert run(["-C", str(product), "publish"]) == 0
    assert (tmp_path / "there.git" / "HEAD").exists()


def test_status_says_where_we_are(
    product: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["-C", str(product), "status", "--to", "../public"]
    assert run(call) == 0
    said = capsys.readouterr().out
    assert "never published" in said
    assert "2 private commits wait" in said
    assert run(["-C", str(product), "publish", "--to", "../public"]) == 0
    (product / "README.md").write_text("# Demo\n")
    _commit(product, "readme")
    capsys.readouterr()
    assert run([*call, "--format", "json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert (status["unpublished"], status["moved"]) == (1, False)
    assert status["public"] == status["last"]["public"]
    public = tmp_path / "public"
    name = _git(public, "commit-tree", "-p", "main", "-m", "outside", "main^{tree}").strip()
    _git(public, "update-ref", "refs/heads/main", name)
    assert run(call) == 0
    assert "was not published from here" in capsys.readouterr().out


def test_a_commit_without_a_trace_in_the_core_does_not_wait_once_it_was_looked_at(
    product: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(product), "publish", "--to", "../public"]) == 0
    (product / "enterprise" / "b.py").write_text("")
    _commit(product, "wrap")
    call = ["-C", str(product), "status", "--to", "../public"]
    assert run(call) == 0
    assert "1 private commit waits" in capsys.readouterr().out
    assert run(["-C", str(product), "publish", "--to", "../public"]) == 4
    assert run(call) == 0
    assert "0 private commits wait" in capsys.readouterr().out
