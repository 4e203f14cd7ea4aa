# SPDX-License-Identifier: Apache-2.0
"""One command run to its end: its output line by line as it comes, its whole process group ended.

This is the one place where a command of a repository is run, because somebody asked for it.
"""

import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NamedTuple

LINE_BYTES_MAX = 64 * 1024
"""A longer line is handed on in pieces, so that output without line ends costs no memory."""

_GRACE_SECONDS = 2.0
"""Between the polite signal and the other one; and for output that comes after the end."""


class Ended(NamedTuple):
    """How a command ended: its exit code, negative for a signal; None where time ran out."""

    code: int | None


def run_command(
    command: str,
    *,
    folder: Path,
    env: Mapping[str, str],
    timeout_seconds: float,
    on_line: Callable[[bytes], None],
) -> Ended:
    """Run a command line with ``sh`` and return how it ended.

    Whatever it started in its process group is ended with it: when it ends, when time runs out,
    and when this process is interrupted or told to terminate.

    Args:
        command: as a person would type it.
        folder: where it runs.
        env: its whole environment.
        timeout_seconds: how long it may take.
        on_line: takes each line of its output and errors, with the line end.

    Raises:
        KeyboardInterrupt: this process was interrupted or told to terminate.
    """
    deadline = time.monotonic() + timeout_seconds
    with (
        _terminable(),
        subprocess.Popen(
            ["/bin/sh", "-c", command],
            cwd=folder,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            for line in _lines(process, deadline):
                on_line(line)
            code = process.poll()
        finally:
            _end_group(process)
    return Ended(code)


def _lines(process: subprocess.Popen[bytes], deadline: float) -> Iterator[bytes]:
    """Yield lines until the command has ended or time runs out."""
    assert process.stdout is not None
    descriptor = process.stdout.fileno()
    waiting = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while (now := time.monotonic()) < deadline:
            # Something that the command left running may hold the pipe open for ever.
            if process.poll() is not None:
                deadline = min(deadline, now + _GRACE_SECONDS)
            if not selector.select(min(0.1, deadline - now)):
                if process.poll() is not None:
                    break
                continue
            data = os.read(descriptor, LINE_BYTES_MAX)
            if not data:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(max(0.0, deadline - time.monotonic()))
                break
            *whole, waiting = (waiting + data).split(b"\n")
            yield from (line + b"\n" for line in whole)
            if len(waiting) > LINE_BYTES_MAX:
                yield waiting
                waiting = b""
    if waiting:
        yield waiting


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End whatever is left of the command's process group."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except (ProcessLookupError, PermissionError):
            break
        until = time.monotonic() + _GRACE_SECONDS
        while number == signal.SIGTERM and time.monotonic() < until and _is_alive(process):
            time.sleep(0.02)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE_SECONDS)


def _is_alive(process: subprocess.Popen[bytes]) -> bool:
    process.poll()
    try:
        os.killpg(process.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


@contextmanager
def _terminable() -> Iterator[None]:
    """Treat a request to terminate as an interrupt: what was started is ended first."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_ENDING = (signal.SIGTERM, signal.SIGHUP)
