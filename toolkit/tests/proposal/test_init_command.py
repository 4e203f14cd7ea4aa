# SPDX-License-Identifier: Apache-2.0
"""``coreline init`` as its user meets it: arguments, output, files, exit codes."""

import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from coreline.cli.main import run
from coreline.manifest.parse import parse_manifest

MIT = (
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this "
    "software, to deal in it without restriction. The above copyright notice and this permission "
    "notice shall be included in all copies.\n"
)
FILES = {
    "LICENSE": f'* Content under "ee/" is licensed under the license in "ee/LICENSE".\n\n{MIT}',
    "README.md": "# Acme\n\nKeep all notes of a team in one place.\n",
    "pyproject.toml": '[project]\nname = "acme"\n',
    "src/acme/__init__.py": "",
    "src/acme/app.py": "import json\n",
    "ee/LICENSE": "The Acme Enterprise License. A valid subscription is needed.\n",
    "ee/__init__.py": "",
    "ee/sso.py": "from acme import app\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = write(tmp_path / "acme", FILES)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    who = ("-c", "user.name=A", "-c", "user.email=a@acme.example")
    for number in range(5):
        git(folder, *who, "commit", "-q", "--allow-empty", "-m", f"{number}")
    return folder


def init(folder: Path, *arguments: str) -> int:
    return run(["-C", str(folder), "init", *arguments])


def test_it_prints_a_manifest_and_the_reasons_apart(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(repository) == 0
    out, err = capsys.readouterr()
    manifest = parse_manifest(out).manifest
    assert manifest.core.paths == ["src/**", "LICENSE", "README.md", "pyproject.toml"]
    assert manifest.wraps["enterprise"].modules == ["ee"]
    assert manifest.product.vendor == ["acme.example"]
    assert "Why each claim" in err
    assert "grade loose; promise loose: kept" in err
    assert not (repository / "coreline.toml").exists()


def test_the_manifest_alone(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(repository, "--format", "toml") == 0
    out, err = capsys.readouterr()
    assert parse_manifest(out).manifest.product.name == "acme"
    assert err == ""


def test_json(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(repository, "--format", "json") == 0
    body = json.loads(capsys.readouterr().out)
    assert parse_manifest(body["manifest"]).manifest.product.name == "acme"
    wrap = next(claim for claim in body["claims"] if claim["side"] == "wrap")
    assert (wrap["wrap"], wrap["pattern"], wrap["files"]) == ("enterprise", "ee/**", 3)
    assert {"path": "ee/LICENSE", "line": 1, "says": FILES["ee/LICENSE"].strip()} in wrap[
        "evidence"
    ]
    assert body["check"]["kept"] is True
    assert body["written"] is None


def test_writing_and_checking(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(repository, "--write") == 0
    out, err = capsys.readouterr()
    target = repository / "coreline.toml"
    assert f"Wrote {target}" in out
    assert "Why each claim" in out
    assert err == ""
    assert parse_manifest(target.read_text()).manifest.product.name == "acme"
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert sorted(path.name for path in repository.iterdir()) == [
        ".git",
        "LICENSE",
        "README.md",
        "coreline.toml",
        "ee",
        "pyproject.toml",
        "src",
    ]

    text = target.read_text()
    assert init(repository, "--write") == 2
    assert "[manifest-exists]" in capsys.readouterr().err
    assert target.read_text() == text


def test_another_name_for_the_manifest(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "line.toml"
    assert run(["-C", str(repository), "--manifest", str(target), "init", "--write"]) == 0
    assert target.exists()
    missing = tmp_path / "no" / "line.toml"
    assert run(["-C", str(repository), "--manifest", str(missing), "init", "--write"]) == 3
    assert "[manifest-not-written]" in capsys.readouterr().err


def test_a_dangling_link_is_not_written_through(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "coreline.toml").symlink_to(tmp_path / "elsewhere")
    assert init(repository, "--write") == 2
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_is_no_repository(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(write(tmp_path / "plain", FILES)) == 0
    assert parse_manifest(capsys.readouterr().out).manifest.wraps["enterprise"].paths == ["ee/**"]


def test_an_empty_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert init(tmp_path) == 2
    assert "[repository-empty]" in capsys.readouterr().err


def test_a_core_that_needs_the_wrap_is_said_to(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository, {"src/acme/app.py": "from ee import sso\n"})
    assert init(repository, "--write") == 0
    assert "promise standalone: broken" in capsys.readouterr().out
    text = (repository / "coreline.toml").read_text()
    assert 'promise = "standalone"' in text
    assert "src/acme/app.py:1" in text


def test_odd_names(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = [b"new\nline", b"not-\xff-utf8", b"a*", b"[id]", b"(app)", b'q"uote', b" space "]
    for name in odd:
        (repository / os.fsdecode(name)).write_text("")
        folder = repository / "web" / os.fsdecode(name)
        folder.mkdir(parents=True)
        (folder / "x.ts").write_text("")
    assert init(repository) == 0
    line = parse_manifest(capsys.readouterr().out).line
    for name in odd:
        assert line.side(os.fsdecode(name)) == "core"
        assert line.side(f"web/{os.fsdecode(name)}/x.ts") == "core"


class Terminal(io.StringIO):
    """Standard input of a person."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("typed", "arguments", "side"),
    [("n\n", (), "core"), ("y\n", (), "wrap"), ("\n", (), "wrap"), ("n\n", ("--yes",), "wrap")],
)
def test_a_person_is_asked_about_a_doubtful_folder(
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    arguments: tuple[str, ...],
    side: str,
) -> None:
    write(repository, {"pro/a.py": ""})
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert init(repository, "--format", "toml", *arguments) == 0
    out, err = capsys.readouterr()
    assert parse_manifest(out[out.index("# The line") :]).line.side("pro/a.py") == side
    assert ("pro/" in err) == (not arguments)


def test_a_person_is_not_asked_without_end(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository, {f"app{number:02}/cloud/a.py": "" for number in range(12)})
    monkeypatch.setattr(sys, "stdin", Terminal("y\n" * 10))
    assert init(repository) == 0
    out, err = capsys.readouterr()
    line = parse_manifest(out[out.index("# The line") :]).line
    assert [line.side(f"app{number:02}/cloud/a.py") for number in range(12)] == [
        *["wrap"] * 10,
        *["core"] * 2,
    ]
    assert "… and 2 more doubtful places." in err
    assert "… and 2 more doubtful places." in out


def test_nobody_is_asked_where_input_is_no_terminal(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(repository, {"pro/a.py": ""})
    code = "from coreline.cli.main import main; main()"
    program = [sys.executable, "-c", code, "-C", str(repository), "init"]
    done = subprocess.run(program, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0
    assert "doubtful: pro/ is taken as the wrap pro" in done.stderr
    assert parse_manifest(done.stdout).line.side("pro/a.py") == "wrap"
