# SPDX-License-Identifier: Apache-2.0
"""The whole story, once, as a stranger runs it; and what happens when it cannot be told."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

import coreline
from coreline.cli.demo import narrators
from coreline.cli.demo.acts import prove
from coreline.cli.main import run

ROOT = Path(__file__).parent.parent
CORELINE = Path(sys.executable).parent / "coreline"
# The story takes half a minute alone; the tests of others run beside it.
_SECONDS_MAX = 180
_SECRETS = re.compile(r"clr_|cls_[\w-]{8}|BEGIN PRIVATE KEY|eyJhbGciOi")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Run the story once for all tests of this file."""
    scratch = tmp_path_factory.mktemp("story")
    done = subprocess.run(
        [str(CORELINE), "demo", "--format", "json"],
        cwd=ROOT,
        env=_environment(scratch),
        capture_output=True,
        text=True,
        timeout=_SECONDS_MAX,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert list(scratch.iterdir()) == [], "the story leaves nothing behind"
    body: dict[str, Any] = json.loads(done.stdout)
    return body


def _environment(scratch: Path) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(scratch)}


def test_every_step_of_the_issue_is_told_in_order(story: dict[str, Any]) -> None:
    names = [step["name"] for step in story["steps"]]
    told = ["repository", "check", "break", "publish", "alone", "keys", "wheels", "serve"]
    told += ["lapsed", "upload", "core", "consent", "refused", "trial", "wrap", "gate"]
    told += ["purchase", "lapse", "newer", "events", "funnel"]
    assert names == told
    assert story["kept"] is True


def test_every_step_shows_a_command_and_what_it_proved(story: dict[str, Any]) -> None:
    for step in story["steps"]:
        assert step["commands"], step["name"]
        assert step["proved"], step["name"]
        assert "failed" not in step


def test_it_takes_less_than_two_minutes(story: dict[str, Any]) -> None:
    assert story["seconds"] < 120


def test_no_secret_is_shown(story: dict[str, Any]) -> None:
    assert _SECRETS.search(json.dumps(story)) is None


def test_outside_a_checkout_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(coreline, "__file__", str(tmp_path / "coreline" / "__init__.py"))
    assert run(["-C", str(tmp_path), "demo"]) == 2
    said = capsys.readouterr().err
    assert "[examples-not-found]" in said
    assert "make demo" in said


def test_a_failed_step_says_what_was_expected_and_keeps_the_logs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(prove, "own_program", lambda name: "/bin/false")
    monkeypatch.setattr(narrators, "Colored", narrators.Plain)
    assert run(["-C", str(ROOT), "demo"]) == 1
    said = capsys.readouterr().out
    assert "[2/" in said
    assert "FAILED: expected coreline check to end with 0" in said
    assert "[3/" not in said
    (logs,) = tmp_path.iterdir()
    assert f"logs: {logs}" in said
    assert sorted(path.name for path in logs.iterdir()) == ["01-repository.log", "02-check.log"]


def test_an_interrupt_cleans_up(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [str(CORELINE), "demo"],
        cwd=ROOT,
        env=_environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A job in a shell's background hands on that it ignores interrupts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads run here.
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("[2/"):
            break
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted" in said
    deadline = time.monotonic() + 5
    while list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(tmp_path.iterdir()) == []
