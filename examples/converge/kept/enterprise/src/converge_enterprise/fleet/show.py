# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""The fleet report as text, JSON and CSV."""

import csv
import io
import json
from dataclasses import asdict

from converge_enterprise.fleet.summary import STATES, Fleet, Machine


def as_text(fleet: Fleet) -> str:
    """Return the report for people."""
    width = max((len(machine.host) for machine in fleet.machines), default=0)
    lines = [_line(machine, width) for machine in fleet.machines]
    lines += [f"unreadable  {item.file}: {item.reason}" for item in fleet.unreadable]
    counts = ", ".join(f"{fleet.count(state)} {state}" for state in STATES)
    return "\n".join([*lines, f"{len(fleet.machines)} machines: {counts}"])


def _line(machine: Machine, width: int) -> str:
    about = ", ".join(machine.failed or machine.drift)
    seen = machine.last_seen.strftime("%Y-%m-%d %H:%M")
    return f"{machine.state:<6}  {machine.host:<{width}}  {seen}  {about}".rstrip()


def as_json(fleet: Fleet) -> str:
    """Return the report for programs."""
    body = {
        "machines": [
            {**asdict(machine), "last_seen": machine.last_seen.isoformat()}
            for machine in fleet.machines
        ],
        "unreadable": [asdict(item) for item in fleet.unreadable],
    }
    return json.dumps(body, indent=2, ensure_ascii=False)


def as_csv(fleet: Fleet) -> str:
    """Return one row per machine."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["host", "state", "last_seen", "runs", "drift", "failed"])
    for machine in fleet.machines:
        seen = machine.last_seen.isoformat()
        about = [" ".join(machine.drift), " ".join(machine.failed)]
        rows.writerow([machine.host, machine.state, seen, machine.runs, *about])
    return out.getvalue().rstrip("\n")
