# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""The rules of the fleet report: which run of a machine counts, what drift is, who is silent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from converge_enterprise.fleet.reports import RunReport, Unreadable

State = Literal["ok", "drift", "failed", "silent"]
STATES: tuple[State, ...] = ("ok", "drift", "failed", "silent")


@dataclass(frozen=True)
class Machine:
    """One machine of the fleet, by its newest run."""

    host: str
    state: State
    last_seen: datetime
    runs: int
    drift: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True)
class Fleet:
    """All machines, the worst first, and the files that could not be read."""

    machines: tuple[Machine, ...]
    unreadable: tuple[Unreadable, ...]

    def count(self, state: State) -> int:
        """Return how many machines are in a state."""
        return sum(machine.state == state for machine in self.machines)


_WORST_FIRST: tuple[State, ...] = ("failed", "silent", "drift", "ok")


def summarize(
    found: Iterable[RunReport | Unreadable], now: datetime, silent_after: timedelta
) -> Fleet:
    """Sum up run reports.

    Args:
        found: reports in any order.
        now: with a time zone.
        silent_after: a machine whose newest run is older has gone silent.
    """
    by_host: dict[str, list[RunReport]] = {}
    unreadable: list[Unreadable] = []
    for item in found:
        if isinstance(item, Unreadable):
            unreadable.append(item)
        else:
            by_host.setdefault(item.host, []).append(item)
    machines = [_machine(runs, now, silent_after) for runs in by_host.values()]
    machines.sort(key=lambda machine: (_WORST_FIRST.index(machine.state), machine.host))
    return Fleet(tuple(machines), tuple(unreadable))


def _machine(runs: list[RunReport], now: datetime, silent_after: timedelta) -> Machine:
    newest = max(runs, key=lambda run: run.at)
    # What a plan would change has drifted; what an apply changed is as declared again.
    drift = newest.changed if newest.mode == "plan" else ()
    state: State = "ok"
    if newest.failed:
        state = "failed"
    elif now - newest.at > silent_after:
        state = "silent"
    elif drift:
        state = "drift"
    return Machine(newest.host, state, newest.at, len(runs), drift, newest.failed)
