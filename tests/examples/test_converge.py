# SPDX-License-Identifier: Apache-2.0
"""The example product: its own tests pass, its kept state is kept, each broken state is found."""

import json
import subprocess
import sys
from difflib import unified_diff
from pathlib import Path

import pytest

from coreline.cli.demo.example import (
    broken_states,
    expected_findings,
    files,
    find_example,
    lay,
)
from coreline.cli.main import run

EXAMPLE = find_example(Path(__file__).parent)
STATES = broken_states(EXAMPLE)
# An overlay is a whole file; more changed lines than this say that the kept one has moved on.
_CHANGED_LINES_MAX = 16


@pytest.mark.parametrize("top", [".", "telemetry", "enterprise"])
def test_own_tests_pass(top: str) -> None:
    words = (sys.executable, "-m", "unittest", "discover", "-s", f"{top}/tests", "-t", top)
    done = subprocess.run(words, cwd=EXAMPLE / "kept", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Ran 0 tests" not in done.stderr


def test_kept_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(EXAMPLE, None, tmp_path)
    assert run(["-C", str(tmp_path), "check", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["grade"] == "loose"
    assert report["findings"] == []
    assert report["coverage"]["not_analyzed"] == []
    assert report["coverage"]["analyzed"] == len(list(files(EXAMPLE / "kept")))


def test_there_is_a_state_for_each_promised_break() -> None:
    assert STATES == ["broken-forgotten-folder", "broken-gate", "broken-header", "broken-import"]


@pytest.mark.parametrize("state", STATES)
def test_broken_is_found(state: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(EXAMPLE, state, tmp_path)
    assert run(["-C", str(tmp_path), "check", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    found = sorted((one["check"], one["path"], one["kind"]) for one in report["findings"])
    assert found == [tuple(one) for one in expected_findings(EXAMPLE, state)]


@pytest.mark.parametrize("state", STATES)
def test_overlays_follow_the_kept_state(state: str) -> None:
    for path in files(EXAMPLE / state):
        kept = EXAMPLE / "kept" / path
        before = kept.read_text("utf-8").splitlines() if kept.exists() else []
        after = (EXAMPLE / state / path).read_text("utf-8").splitlines()
        changes = [
            line
            for line in unified_diff(before, after, n=0)
            if line[0] in "+-" and line[:3] not in ("+++", "---")
        ]
        assert 0 < len(changes) <= _CHANGED_LINES_MAX, path


def test_the_grades_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grades = {}
    for state in ("broken-import", "broken-gate"):
        lay(EXAMPLE, state, tmp_path / state)
        run(["-C", str(tmp_path / state), "check", "--format", "json"])
        grades[state] = json.loads(capsys.readouterr().out)["grade"]
    assert grades == {"broken-import": "broken", "broken-gate": "tight"}
