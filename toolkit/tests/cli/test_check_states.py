# SPDX-License-Identifier: Apache-2.0
"""Which manifest holds for a commit, and where its paths begin."""

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
paths = ["ee/**"]
"""


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """A repository whose manifest exists in its first commit alone; a product lies in app/."""
    git(tmp_path, "init", "-q", "-b", "main")
    files = {"app/coreline.toml": MANIFEST, "app/src/deep/a.py": "import ee\n", "app/ee/b.py": ""}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "with a line")
    git(tmp_path, "tag", "lined")
    (tmp_path / "app/coreline.toml").unlink()
    git(tmp_path, "commit", "-qam", "without")
    return tmp_path


@pytest.mark.parametrize("where", ["app", "app/src", "app/src/deep"])
def test_the_manifest_of_a_commit_is_found_from_every_folder(
    moved: Path, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(moved / where), "check", "--at", "lined"]) == 1
    assert "src/deep/a.py" in capsys.readouterr().out


def test_the_staged_manifest_is_found_too(moved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(moved, "checkout", "lined", "--", "app/coreline.toml")
    (moved / "app/coreline.toml").unlink()
    assert run(["-C", str(moved / "app/src"), "check", "--staged"]) == 1
    assert "src/deep/a.py" in capsys.readouterr().out


def test_above_the_product_there_is_none(moved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(moved), "check", "--at", "lined"]) == 2
    assert "[manifest-not-found]" in capsys.readouterr().err


def test_a_link_to_a_name_that_is_no_utf8_is_checked_in_a_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "coreline.toml").write_text(MANIFEST)
    (tmp_path / "src").mkdir()
    (tmp_path / "src/link").symlink_to("\udcff")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "link")
    for _ in range(2):
        assert run(["-C", str(tmp_path), "check", "--at", "HEAD"]) == 0
