# SPDX-License-Identifier: Apache-2.0
"""Whatever the process was given for its output, it ends with a message and the right code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from coreline.cli.main import run

MAIN = [sys.executable, "-c", "from coreline.cli.main import main; main()"]
MANIFEST = """\
[product]
name = "p"
primary = "x"
[core]
spdx = "MIT"
paths = ["src/**"]
[features.a]
side = "core"
primary = true
"""


def shell(folder: Path, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script of sh in which "$@" is Coreline."""
    (folder / "coreline.toml").write_text(MANIFEST)
    return subprocess.run(
        ["sh", "-c", script, "sh", *MAIN],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        errors="surrogateescape",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="There is no /dev/full.")
@pytest.mark.parametrize("command", ["schema", "features", "explain src/a"])
def test_a_full_disk_is_the_outside_world(tmp_path: Path, command: str) -> None:
    done = shell(tmp_path, f'"$@" {command} > /dev/full')
    assert done.returncode == 3
    assert done.stderr.startswith("error: The output cannot be written: No space left on device.")
    assert "[output-not-written]" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_closed_output_is_no_output(tmp_path: Path) -> None:
    for command, code in (("features", 0), ("explain other", 1), ("explain ..", 2)):
        done = shell(tmp_path, f'"$@" {command} >&- 2>&-')
        assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_what_nobody_reads_to_its_end_is_not_said_to_be_kept(tmp_path: Path) -> None:
    # A pipe holds 64 KiB; more than that is written to nobody, also when the reader is slow to go.
    (tmp_path / "src").mkdir()
    many = " ".join(f"src/{number:0200}" for number in range(400))
    done = shell(tmp_path, f'{{ "$@" explain {many}; echo $? >&2; }} | true')
    assert (done.stdout, done.stderr) == ("", "130\n")


def test_a_shell_completes_words(tmp_path: Path) -> None:
    done = shell(tmp_path, '"$@"', _CORELINE_COMPLETE="bash_source")
    assert done.returncode == 0
    assert "complete" in done.stdout


def test_letters_that_a_terminal_does_not_know_are_shown_by_number(tmp_path: Path) -> None:
    done = shell(tmp_path, '"$@" features', PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u2713" in done.stdout


def test_a_folder_that_was_removed_is_said(tmp_path: Path) -> None:
    done = shell(tmp_path, 'mkdir gone && cd gone && rmdir ../gone && "$@" explain src')
    assert done.returncode == 2
    assert "[folder-unknown]" in done.stderr


def test_a_wrong_command_line_has_a_code_and_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain"]) == 2
    assert capsys.readouterr().err == (
        "error: Missing argument 'PATH...'. [usage]\n  hint: Read `coreline explain --help`.\n"
    )
    assert run(["nothing"]) == 2
    assert "error: No such command 'nothing'. [usage]" in capsys.readouterr().err
    assert run(["features", "--format=json", "--nothing"]) == 2
    error = json.loads(capsys.readouterr().err)["error"]
    assert (error["code"], error["hint"]) == ("usage", "Read `coreline features --help`.")
    assert run([]) == 2
    assert "Commands:" in capsys.readouterr().err
