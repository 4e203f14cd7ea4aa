# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks share: CPU time of whole processes and of calls, medians, one way to print.

Machines are shared and drift, so a claim is a ratio taken in one run, the two sides in turn.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

NOTHING_TO_DO = 4


class Cost(NamedTuple):
    """What one run of a process and its children cost."""

    cpu_seconds: float
    wall_seconds: float
    peak_mib: float
    """What the largest of the processes had in memory at once."""


def run(
    argv: Sequence[str | os.PathLike[str]],
    *,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    expect: Sequence[int] | None = (0,),
) -> Cost:
    """Run a command to its end and return its cost, children included.

    Args:
        expect: exit codes that count as a run; None for any.
    """
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            argv,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        # Waited for by hand: what is used is that of this process and of those it waited for.
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if expect is not None and process.returncode not in expect:
            said.seek(0)
            text = said.read().decode("utf-8", "replace")[-2000:]
            sys.exit(f"{' '.join(map(str, argv))} ended with {process.returncode}:\n{text}")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def in_turn(
    *sides: Callable[[], float], rounds: int = 5, warm_up: int = 1
) -> tuple[list[float], ...]:
    """Measure several sides in turn, A B A B …, so drift hits all alike."""
    values: tuple[list[float], ...] = tuple([] for _ in sides)
    for number in range(rounds + warm_up):
        for side, kept in zip(sides, values, strict=True):
            value = side()
            if number >= warm_up:
                kept.append(value)
    return values


def ns_per_call(call: Callable[[], object], calls: int = 200_000) -> float:
    """Return the nanoseconds of CPU that one call takes, less the loop around it."""
    repeat = range(calls)
    started = time.process_time_ns()
    for _ in repeat:
        call()
    spent = time.process_time_ns() - started
    started = time.process_time_ns()
    for _ in repeat:
        pass
    return (spent - (time.process_time_ns() - started)) / calls


def corpus(variable: str, what: str) -> Path:
    """Return the repository that a benchmark works on, named by the environment."""
    value = os.environ.get(variable)
    if not value:
        nothing(f"Set {variable} to {what}.")
    return Path(value)


def nothing(sentence: str) -> NoReturn:
    """End a benchmark that cannot run here."""
    print(f"  skipped: {sentence}")
    sys.exit(NOTHING_TO_DO)


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return statistics.median(values)


def row(name: str, values: Sequence[float], unit: str) -> None:
    """Print the median of one side and its spread."""
    low, high = min(values), max(values)
    print(f"  {name:<44} {median(values):>10.4g} {unit:<12} ({low:.4g} to {high:.4g})")


def claim(sentence: str, value: float, target: float, *, at_most: bool) -> None:
    """Print what was claimed, what was measured, and whether it held."""
    held = value <= target if at_most else value >= target
    sign = "≤" if at_most else "≥"
    print(f"  {sentence}: {value:.4g} (target {sign} {target:g}) {'held' if held else 'NOT HELD'}")
