# SPDX-License-Identifier: Apache-2.0
"""``coreline baseline`` and what ``coreline check`` makes of its file."""

import json
import subprocess
from pathlib import Path

import pytest

from coreline.cli.main import run

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
modules = ["acme_ee"]
"""
NAME = "coreline-baseline.json"


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "coreline.toml").write_text(MANIFEST)
    (tmp_path / "src").mkdir()
    (tmp_path / "src/a.py").write_text("import acme_ee\n")
    (tmp_path / "src/b.py").write_text("import acme_ee\n")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "two")
    return tmp_path


def test_adoption_is_two_commands(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(repository), "check"]) == 1
    assert run(["-C", str(repository), "baseline"]) == 0
    assert "2 findings recorded" in capsys.readouterr().out
    assert run(["-C", str(repository), "check"]) == 0
    out = capsys.readouterr().out
    assert "2 known findings, 2 at first" in out
    assert "src/a.py" not in out


def test_the_trend_is_printed_and_what_is_mended_must_leave(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["-C", str(repository), "baseline"])
    (repository / "src/a.py").write_text("import os\n")
    capsys.readouterr()
    assert run(["-C", str(repository), "check"]) == 1
    out = capsys.readouterr().out
    assert "1 known finding, 2 at first" in out
    assert "1 mended" in out
    assert "coreline baseline" in out
    assert run(["-C", str(repository), "baseline"]) == 0
    assert "1 finding, 2 before and 2 at first: 1 gone" in capsys.readouterr().out
    assert run(["-C", str(repository), "check"]) == 0


def test_a_new_finding_fails_and_is_added_for_a_reason_alone(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["-C", str(repository), "baseline"])
    (repository / "src/c.py").write_text("import acme_ee\n")
    before = (repository / NAME).read_bytes()
    assert run(["-C", str(repository), "check"]) == 1
    assert run(["-C", str(repository), "baseline"]) == 2
    assert "baseline-grows" in capsys.readouterr().err
    assert run(["-C", str(repository), "baseline", "--grow", " "]) == 2
    assert (repository / NAME).read_bytes() == before
    assert run(["-C", str(repository), "baseline", "--grow", "needed until June"]) == 0
    assert json.loads((repository / NAME).read_text())["grown"][0]["reason"] == "needed until June"
    assert run(["-C", str(repository), "check"]) == 0


def test_there_is_nothing_to_do_where_nothing_changed_or_nothing_is_broken(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["-C", str(repository), "baseline"])
    assert run(["-C", str(repository), "baseline"]) == 4
    (repository / NAME).unlink()
    for name in ("a", "b"):
        (repository / f"src/{name}.py").write_text("")
    assert run(["-C", str(repository), "baseline"]) == 4
    assert "baseline-not-needed" in capsys.readouterr().err
    assert not (repository / NAME).exists()


def test_the_file_itself_is_of_no_side_and_no_finding(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["-C", str(repository), "baseline"])
    capsys.readouterr()
    assert run(["-C", str(repository), "check", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [one["path"] for one in data["findings"]] == ["src/a.py", "src/b.py"]
    assert {one["baseline"] for one in data["findings"]} == {"unchanged"}
    assert data["coverage"]["not_analyzed"] == []
    assert data["baseline"]["known"] == 2


def test_a_commit_is_held_against_its_own_baseline(repository: Path) -> None:
    run(["-C", str(repository), "baseline"])
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "baseline")
    assert run(["-C", str(repository), "check", "--at", "HEAD"]) == 0
    assert run(["-C", str(repository), "check", "--at", "HEAD^"]) == 1
    assert run(["-C", str(repository), "check", "--staged"]) == 0


def test_it_lies_beside_a_manifest_that_the_user_named(repository: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "watch"
    elsewhere.mkdir()
    (repository / "coreline.toml").rename(elsewhere / "acme.toml")
    named = ["-C", str(repository), "--manifest", str(elsewhere / "acme.toml")]
    assert run([*named, "baseline"]) == 0
    assert (elsewhere / NAME).is_file()
    assert not (repository / NAME).exists()
    assert run([*named, "check", "src"]) == 0


def test_a_torn_file_is_the_users_mistake(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / NAME).write_text("<<<<<<< ours\n")
    assert run(["-C", str(repository), "check"]) == 2
    assert "baseline-malformed" in capsys.readouterr().err
