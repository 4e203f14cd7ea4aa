# SPDX-License-Identifier: Apache-2.0
"""Every command works below the repository's root, as git does."""

import json
import subprocess
from pathlib import Path

import pytest

from coreline.cli.context import Context
from coreline.cli.main import run
from coreline.errors import InputError

MANIFEST = """\
[product]
name = "converge"
primary = "x"
[core]
spdx = "MIT"
paths = ["src/**", "LICENSE"]
public = "../from-manifest.git"
[wraps.w]
spdx = "LicenseRef-W"
paths = ["ee/**"]
[editions.team]
features = ["fleet"]
[features.apply]
side = "core"
primary = true
[features.fleet]
side = "wrap"
"""


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "commit.gpgSign=false")
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder two below the root of a repository, where the test then is."""
    root = tmp_path / "repository"
    (root / "src/deep").mkdir(parents=True)
    (root / "src/deep/a.py").write_text("# SPDX-License-Identifier: MIT\n")
    (root / "coreline.toml").write_text(MANIFEST)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    monkeypatch.chdir(root / "src/deep")
    return root / "src/deep"


def test_the_manifest_is_that_of_the_nearest_folder(below: Path) -> None:
    root = below.parents[1]
    assert Context(Path()).folder == Path("../..")
    assert Context(below).folder == root
    assert Context(Path(), Path("other.toml")).manifest_file == Path("other.toml")
    assert Context(below, Path("other.toml")).manifest_file == below / "other.toml"
    (root / "src/coreline.toml").write_text(MANIFEST)
    assert Context(Path()).folder == Path("..")


def test_it_is_not_looked_for_above_the_repository(below: Path) -> None:
    git(below, "init", "-q")
    assert Context(Path()).folder == Path()


def test_it_is_not_looked_for_above_a_folder_without_a_repository(tmp_path: Path) -> None:
    (tmp_path / "coreline.toml").write_text(MANIFEST)
    (tmp_path / "inner").mkdir()
    assert Context(tmp_path / "inner").folder == tmp_path / "inner"


def test_a_folder_that_is_none_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="is not a folder"):
        Context(tmp_path / "none").manifest()
    assert run(["-C", str(tmp_path / "none"), "explain", "x"]) == 2
    assert "[folder-unknown]" in capsys.readouterr().err


@pytest.mark.usefixtures("below")
def test_check_speaks_of_the_whole_repository(capsys: pytest.CaptureFixture[str]) -> None:
    for more in ([], ["--at", "HEAD"], ["--staged"]):
        assert run(["check", "--format", "json", "--no-cache", *more]) in (0, 1)
        assert json.loads(capsys.readouterr().out)["coverage"]["analyzed"] == 2, more


@pytest.mark.usefixtures("below")
def test_features_are_those_of_the_manifest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["features", "--format", "csv"]) == 0
    assert "fleet" in capsys.readouterr().out


def test_a_folder_to_publish_to_begins_where_the_user_is(
    below: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = below.parents[2]
    assert run(["publish", "--to", "../../../from-user.git"]) == 0, capsys.readouterr().err
    assert (outside / "from-user.git/HEAD").is_file()
    assert run(["status", "--to", "../../../from-user.git", "--format", "json"]) == 0
    assert '"unpublished": 0' in capsys.readouterr().out
    assert run(["publish"]) == 0
    assert (outside / "from-manifest.git/HEAD").is_file()
    assert Context(Path()).public("git@forge.example.com:p.git") == "git@forge.example.com:p.git"
    assert Context(Path()).public("file:///p.git") == "/p.git"


def test_keys_lie_beside_the_manifest_and_files_where_the_user_is(
    below: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = below.parents[1]
    assert run(["keys", "new"]) == 0
    assert (root / "keys/root.pem").is_file()
    sold = ("license", "issue", "--edition", "team", "--customer", "Acme", "--days", "9")
    assert run([*sold, "--out", "acme.txt"]) == 0
    assert (below / "acme.txt").is_file()
    given = ("license", "verify", "acme.txt", "--root", "../../keys/root.pub")
    assert run([*given]) == 0
    assert run(["keys", "show", "--key", "../../keys"]) == 0
    capsys.readouterr()
    assert run(["--manifest", "none.toml", *given]) == 2
    assert "[manifest-not-found]" in capsys.readouterr().err


def test_init_proposes_for_the_folder_itself(
    below: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", "--write", "--format", "toml"]) == 0, capsys.readouterr().err
    assert (below / "coreline.toml").is_file()
