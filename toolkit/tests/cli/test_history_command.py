# SPDX-License-Identifier: Apache-2.0
"""``coreline history`` by its arguments, output and exit code."""

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

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
modules = ["acme_ee"]
"""


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=T & <b>", "-c", "user.email=t@x.example", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True
    )
    return done.stdout.decode().strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Three commits: whole and tagged, broken and tagged, mended."""
    git(tmp_path, "init", "-q", "-b", "main")
    states = [("import os\n", "1.0"), ("import acme_ee\n", "1.1"), ("import sys\n", "")]
    (tmp_path / "src").mkdir()
    (tmp_path / "ee").mkdir()
    (tmp_path / "ee/acme_ee.py").write_text("")
    (tmp_path / "coreline.toml").write_text(MANIFEST)
    for text, tag in states:
        (tmp_path / "src/app.py").write_text(text)
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-qm", "a \x1b[31mred\x1b[0m <subject>")
        if tag:
            git(tmp_path, "tag", tag)
    return tmp_path


def told(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["-C", str(folder), "history", *arguments]) == 0
    return capsys.readouterr().out


def test_text_tells_what_broke_who_mended_it_and_what_shipped(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = told(repository, capsys)
    broke, mended = git(repository, "rev-parse", "HEAD^", "HEAD").split()
    assert "3 commits to HEAD" in out
    assert f"broke    {broke[:10]}" in out
    assert f"mended   {mended[:10]}" in out
    assert "in 1: 1.1" in out
    assert "now" in out
    assert "loose" in out


def test_nothing_of_a_commit_reaches_a_terminal_as_a_command(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = told(repository, capsys)
    assert "\x1b" not in out
    assert "\\x1b[31mred" in out


def test_tags_are_listed_alone(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = told(repository, capsys, "--tags").splitlines()
    assert [row.split()[1:3] for row in rows[1:]] == [["1.0", "loose"], ["1.1", "broken"]]


def test_json_has_every_commit_and_what_changed(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = json.loads(told(repository, capsys, "--format", "json"))
    assert [row["grade"] for row in data["commits"]] == ["loose", "broken", "loose"]
    assert data["commits"][1]["references"] == {"static": 1}
    assert data["commits"][1]["tags"] == ["1.1"]
    assert data["findings"][data["commits"][1]["findings"][0]]["path"] == "src/app.py"
    assert data["breaks"][0]["shipped"] == ["1.1"]
    (life,) = data["lives"]
    assert life["broke"] == [data["commits"][1]["commit"]]
    assert life["mended"] == [data["commits"][2]["commit"]]
    tags = json.loads(told(repository, capsys, "--format", "json", "--tags"))
    assert [row["tags"] for row in tags["commits"]] == [["1.0"], ["1.1"]]


def test_the_main_line_can_be_listed_alone(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(repository, "checkout", "-q", "-b", "side", "HEAD^")
    git(repository, "commit", "-q", "--allow-empty", "-m", "aside")
    git(repository, "checkout", "-q", "main")
    git(repository, "merge", "-q", "--no-ff", "-m", "merged", "side")
    every = json.loads(told(repository, capsys, "--format", "json"))
    main = json.loads(told(repository, capsys, "--format", "json", "--first-parent"))
    assert (len(every["commits"]), len(main["commits"])) == (5, 4)
    assert all(row["main"] for row in main["commits"])


def test_an_earlier_revision_has_an_earlier_history(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = json.loads(told(repository, capsys, "1.1", "--format", "json"))
    assert len(data["commits"]) == 2
    assert data["breaks"][0]["is_open"] is True


def test_the_chart_is_one_well_formed_file_without_any_address(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(repository, capsys, "--svg", str(tmp_path / "line.svg"))
    text = (tmp_path / "line.svg").read_text()
    root = ET.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert text.count("http") == 1
    assert "<script" not in text
    titles = [one.text or "" for one in root.iter("{http://www.w3.org/2000/svg}title")]
    assert any("<subject>" in title for title in titles)
    assert {"loose", "broken"} <= set(titles)


def test_a_chart_that_cannot_be_written_is_the_outside_worlds_failure(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["-C", str(repository), "history", "--svg", str(tmp_path / "no/where.svg")])
    assert code == 3
    assert "history-chart-not-written" in capsys.readouterr().err


def test_what_is_kept_changes_nothing_but_time(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = told(repository, capsys, "--no-cache")
    assert not (repository / ".git/coreline").exists()
    assert [told(repository, capsys) for _ in range(2)] == [first, first]
    assert (repository / ".git/coreline/history").is_dir()
