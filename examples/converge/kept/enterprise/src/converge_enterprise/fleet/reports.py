# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""Reading the run reports that machines left in a folder."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class RunReport:
    """What the fleet needs of one run. ``at`` carries its time zone."""

    host: str
    at: datetime
    mode: str
    changed: tuple[str, ...]
    failed: tuple[str, ...]
    total: int


@dataclass(frozen=True)
class Unreadable:
    """A file that is no run report, and why; it is shown, never skipped in silence."""

    file: str
    reason: str


def read_reports(folder: Path) -> Iterator[RunReport | Unreadable]:
    """Yield every report below a folder, in the order of the files' names."""
    for path in sorted(folder.rglob("*.json")):
        name = str(path.relative_to(folder))
        try:
            yield parse_report(path.read_text("utf-8"))
        except OSError as error:
            yield Unreadable(name, error.strerror or str(error))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield Unreadable(name, f"not a run report ({type(error).__name__}: {error})")


def parse_report(text: str) -> RunReport:
    """Parse one run report.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: it is not one.
    """
    body = json.loads(text)
    if body["schema"] != 1:
        raise ValueError(f"schema {body['schema']} is newer than this version knows")
    at = datetime.fromisoformat(body["at"])
    if at.tzinfo is None:
        raise ValueError("its time has no zone")
    results = body["results"]
    return RunReport(
        host=str(body["host"]),
        at=at,
        mode=str(body["mode"]),
        changed=tuple(r["resource"] for r in results if r["status"] == "changed"),
        failed=tuple(r["resource"] for r in results if r["status"] in ("failed", "skipped")),
        total=len(results),
    )
