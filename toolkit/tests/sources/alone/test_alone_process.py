# SPDX-License-Identifier: Apache-2.0
"""A command's output comes line by line, and nothing that it started is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coreline.sources.alone.process import LINE_BYTES_MAX, run_command

ENV = {"PATH": os.environ["PATH"]}


def ran(command: str, folder: Path, seconds: float = 30) -> tuple[int | None, list[bytes]]:
    lines: list[bytes] = []
    ended = run_command(
        command, folder=folder, env=ENV, timeout_seconds=seconds, on_line=lines.append
    )
    return ended.code, lines


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_lines_come_whole_and_errors_among_them(tmp_path: Path) -> None:
    code, lines = ran("echo one; echo two >&2; printf three; exit 5", tmp_path)
    assert (code, lines) == (5, [b"one\n", b"two\n", b"three"])


def test_output_without_line_ends_comes_in_pieces(tmp_path: Path) -> None:
    code, lines = ran("head -c 1000000 /dev/zero", tmp_path)
    assert code == 0
    assert sum(map(len, lines)) == 1_000_000
    assert max(map(len, lines)) <= 2 * LINE_BYTES_MAX


def test_when_time_runs_out_the_whole_group_ends(tmp_path: Path) -> None:
    started = time.monotonic()
    code, lines = ran("sleep 100 & echo $!; trap '' TERM; sleep 100", tmp_path, seconds=0.5)
    assert code is None
    assert time.monotonic() - started < 10
    assert not is_running(int(lines[0]))


def test_what_a_command_leaves_running_neither_holds_it_up_nor_lives_on(tmp_path: Path) -> None:
    started = time.monotonic()
    code, lines = ran("sleep 100 & echo $!", tmp_path)
    assert code == 0
    assert time.monotonic() - started < 10
    assert not is_running(int(lines[0]))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_the_whole_group(tmp_path: Path, number: signal.Signals) -> None:
    script = (
        "from pathlib import Path; from coreline.sources.alone.process import run_command; "
        "run_command('sleep 100 & echo $! > pid; mv pid ready; wait', folder=Path(), "
        f"env={ENV!r}, timeout_seconds=60, on_line=print)"
    )
    process = subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, stderr=subprocess.PIPE)
    until = time.monotonic() + 30
    while not (tmp_path / "ready").exists() and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(number)
    assert b"KeyboardInterrupt" in process.communicate(timeout=30)[1]
    assert not is_running(int((tmp_path / "ready").read_text()))
