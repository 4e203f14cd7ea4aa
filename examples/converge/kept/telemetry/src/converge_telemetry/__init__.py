# SPDX-License-Identifier: Apache-2.0
"""Opt-in usage counts: off until somebody sets CONVERGE_TELEMETRY to the address they go to."""

import atexit
import os
from functools import cache
from pathlib import Path

from converge import __version__ as converge_version
from converge.door import Door
from converge.report import Report
from coreline_sdk.telemetry import Telemetry
from coreline_sdk.transport import UrllibTransport

__version__ = "1.1.0"

# A run must not wait long for a server that does not answer; what was not sent waits on the disk.
_TIMEOUT_SECONDS = 2.0


@cache
def telemetry() -> Telemetry | None:
    """Return the sender of this process; None where nobody asked for one."""
    address = os.environ.get("CONVERGE_TELEMETRY", "").rstrip("/")
    if not address:
        return None
    folder = _folder()
    is_new = not (folder / "install-id").exists()
    sender = Telemetry(
        f"{address}/v1/events",
        folder / "install-id",
        product="converge",
        version=converge_version,
        transport=UrllibTransport(_TIMEOUT_SECONDS),
        enabled=True,
        spool=folder / "events.sqlite",
        background=False,
    )
    if is_new:
        sender.record("install")
    atexit.register(sender.flush, close_day=True)
    return sender


def attach(door: Door) -> None:
    """Note each run, where telemetry was asked for."""
    sender = telemetry()
    if sender is not None:
        door.on_report(lambda report: _note(sender, report))


def _note(sender: Telemetry, report: Report) -> None:
    sender.record("active", signals={"resources": len(report.results)})


def _folder() -> Path:
    """Return the folder of the installation's id (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    folder = Path(base) / "converge"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
