# SPDX-License-Identifier: Apache-2.0
"""``coreline explain``, by its arguments, output and exit code."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from coreline.cli.main import run

MANIFEST = """\
[product]
name = "p"
primary = "x"
[core]
spdx = "MIT"
paths = ["src/**", "README.md"]
[wraps.w]
spdx = "LicenseRef-W"
paths = ["src/ee/**", "**/*.pem"]
[features.f]
side = "core"
primary = true
paths = ["src/f/**"]
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ["README.md", "src/a.py", "src/ee/b.py", "src/f/c.py", "other/d.py", "src/k.pem"]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (tmp_path / "coreline.toml").write_text(MANIFEST)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("repository")
def test_a_claimed_file_says_its_side_and_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "src/ee/b.py"]) == 0
    assert capsys.readouterr().out == (
        "src/ee/b.py: wrap w\n"
        "  coreline.toml:9: src/ee/**\n"
        "  also matched, and says less:\n"
        "    coreline.toml:6: src/** (core)\n"
    )


@pytest.mark.usefixtures("repository")
def test_a_feature_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "src/f/not-there-yet.py"]) == 0
    assert capsys.readouterr().out.startswith(
        "src/f/not-there-yet.py: core, feature f\n  coreline.toml:13: src/f/**\n"
    )


@pytest.mark.usefixtures("repository")
def test_an_unclaimed_file_says_how_to_claim_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "other/d.py"]) == 1
    assert capsys.readouterr().out == (
        'other/d.py: nobody claims it\n  hint: Add "other/**" to paths of [core], or of a wrap.\n'
    )
    assert run(["explain", "Makefile"]) == 1
    assert 'Add "Makefile" to' in capsys.readouterr().out


@pytest.mark.usefixtures("repository")
def test_a_tie_names_both_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "src/k.pem"]) == 1
    assert capsys.readouterr().out == (
        "src/k.pem: a tie, since none of these claims is narrower than the others\n"
        "  coreline.toml:6: src/** (core)\n"
        "  coreline.toml:9: **/*.pem (wrap w)\n"
        "  hint: Let one claim say more, such as this very path.\n"
    )


@pytest.mark.usefixtures("repository")
def test_the_manifest_is_core_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "coreline.toml"]) == 0
    assert capsys.readouterr().out == (
        "coreline.toml: core\n  coreline.toml itself: core, unless a side claims it\n"
    )


@pytest.mark.usefixtures("repository")
def test_a_folder_is_summed_up_and_what_is_wrong_comes_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["explain", "."]) == 1
    assert capsys.readouterr().out == (
        "./: 7 files\n"
        "  claimed by nobody: 1 file\n"
        "    other/d.py\n"
        '    hint: Add "other/**" to paths of [core], or of a wrap.\n'
        "  in a tie: 1 file\n"
        "    coreline.toml:6: src/** (core)\n"
        "    coreline.toml:9: **/*.pem (wrap w)\n"
        "    src/k.pem\n"
        "  core: 1 file by coreline.toml:6: README.md\n"
        "  core: 1 file by coreline.toml itself: core, unless a side claims it\n"
        "  core: 1 file by coreline.toml:6: src/**\n"
        "  wrap w: 1 file by coreline.toml:9: src/ee/**\n"
        "  core, feature f: 1 file by coreline.toml:13: src/f/**\n"
    )
    assert run(["explain", "src/ee/"]) == 0
    assert capsys.readouterr().out.startswith("src/ee/: 1 file\n")


def test_of_many_unclaimed_files_some_are_named(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(8):
        (repository / "other" / f"x{number}").write_text("")
    assert run(["explain", "other"]) == 1
    assert "    and 4 more\n" in capsys.readouterr().out


def test_paths_are_taken_from_the_repository_wherever_it_is(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = repository.parent / "outside"
    outside.mkdir()
    monkeypatch.chdir(outside)
    folder = os.path.relpath(repository)
    for path in ["src/a.py", "./src/x/../a.py", str(repository / "src/a.py")]:
        assert run(["-C", folder, "explain", path]) == 0
        assert capsys.readouterr().out.startswith("src/a.py: core\n")
    (outside / "link").symlink_to(repository)
    assert run(["-C", folder, "explain", str(outside / "link/src/a.py")]) == 0


def test_the_manifest_is_found_from_a_folder_below_it(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "src/ee")
    assert run(["explain", "b.py", "../a.py"]) == 0
    out = capsys.readouterr().out
    assert "src/ee/b.py: wrap w\n  ../../coreline.toml:9: src/ee/**\n" in out
    assert "src/a.py: core\n" in out
    assert run(["explain", "."]) == 0
    assert capsys.readouterr().out.startswith("src/ee/: 1 file\n")


@pytest.mark.parametrize("path", ["..", "../x", "/etc/passwd", "src/../../x"])
@pytest.mark.usefixtures("repository")
def test_a_path_outside_is_refused(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", path]) == 2
    assert "[path-outside]" in capsys.readouterr().err


def test_a_link_is_a_file_of_the_repository(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "src/out").symlink_to("/etc")
    assert run(["explain", "src/out"]) == 0
    assert capsys.readouterr().out.startswith("src/out: core\n")


@pytest.mark.usefixtures("repository")
def test_json_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "--format", "json", "src/ee/b.py", "src/k.pem", "other"]) == 1
    claimed, tie, folder = json.loads(capsys.readouterr().out)["paths"]
    assert claimed == {
        "path": "src/ee/b.py",
        "kind": "file",
        "state": "claimed",
        "side": "wrap",
        "wrap": "w",
        "feature": None,
        "claims": [
            {
                "pattern": "src/ee/**",
                "side": "wrap",
                "wrap": "w",
                "feature": None,
                "line": 9,
                "column": 10,
            }
        ],
        "also_matched": [
            {
                "pattern": "src/**",
                "side": "core",
                "wrap": None,
                "feature": None,
                "line": 6,
                "column": 10,
            }
        ],
    }
    assert (tie["state"], tie["side"], [one["line"] for one in tie["claims"]]) == (
        "tie",
        None,
        [6, 9],
    )
    assert folder == {
        "path": "other",
        "kind": "folder",
        "files": 1,
        "groups": [{"state": "unclaimed", "files": 1, "claims": [], "paths": ["other/d.py"]}],
    }


@pytest.mark.usefixtures("repository")
def test_names_that_would_garble_a_terminal_are_escaped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["explain", "src/\x1b[31m\udcff.py"]) == 0
    assert capsys.readouterr().out.startswith("src/\\x1b[31m\\xff.py: core\n")


def test_without_a_path_or_a_manifest_it_is_the_users_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(tmp_path), "explain"]) == 2
    assert run(["-C", str(tmp_path), "explain", "x"]) == 2
    assert "[manifest-not-found]" in capsys.readouterr().err
