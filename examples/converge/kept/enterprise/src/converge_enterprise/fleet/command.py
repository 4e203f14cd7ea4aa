# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""``converge fleet report``."""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from converge.errors import ConvergeError

from converge_enterprise.fleet.reports import read_reports
from converge_enterprise.fleet.show import as_csv, as_json, as_text
from converge_enterprise.fleet.summary import summarize

_SHOW = {"text": as_text, "json": as_json, "csv": as_csv}


def arguments(parser: ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("folder", type=Path, help="where machines leave their run reports")
    parser.add_argument("--format", choices=tuple(_SHOW), default="text")
    parser.add_argument("--silent-after-days", type=float, default=2.0, metavar="DAYS")


def run(options: Namespace) -> int:
    """Print the report; end with 1 if a machine failed, drifted or went silent."""
    if not options.folder.is_dir():
        hint = "Name the folder that machines write to with: converge apply --report FILE"
        raise ConvergeError(f"{options.folder} is not a folder.", hint)
    silent_after = timedelta(days=options.silent_after_days)
    fleet = summarize(read_reports(options.folder), datetime.now(UTC), silent_after)
    print(_SHOW[options.format](fleet))
    return 0 if fleet.count("ok") == len(fleet.machines) and not fleet.unreadable else 1
