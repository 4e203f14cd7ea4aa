# SPDX-License-Identifier: Apache-2.0
"""``coreline funnel``: how users of the core become customers, as the vendor's server counts it."""

import os
from collections.abc import Iterator
from typing import Any

import click

from coreline.cli.context import Context
from coreline.errors import InputError

TOKEN = "CORELINE_API_TOKEN"  # noqa: S105 - the name of a variable, not a secret.
SERVER = "CORELINE_SERVER"


@click.command("funnel", short_help="Print how many installs become customers.")
@click.option("--server", metavar="URL", help=f"The vendor's server.  [default: ${SERVER}]")
@click.option("--by", type=click.Choice(["segment", "feature"]), default="segment")
@click.option("--since", metavar="DATE", help="Count events from then on.")
@click.option("--until", metavar="DATE", help="Count events before then.")
@click.option("--window-days", type=float, metavar="DAYS", help="From one stage to the next.")
@click.option("--format", "shape", type=click.Choice(["text", "json", "csv"]), default="text")
@click.pass_obj
def funnel(
    ctx: Context,
    server: str | None,
    by: str,
    since: str | None,
    until: str | None,
    window_days: float | None,
    shape: str,
) -> int:
    """Print how many installs reach each stage: by segment, or by the feature they asked for.

    The API token comes from CORELINE_API_TOKEN, so that no list of processes shows it.
    """
    from coreline.cli.server import ask

    address = server or os.environ.get(SERVER)
    token = os.environ.get(TOKEN)
    if not address or not token:
        missing = SERVER if not address else TOKEN
        raise InputError(
            "server-not-named",
            f"{missing} is not set.",
            f"Name the server with --server or ${SERVER}, and put an API token into ${TOKEN}.",
        )
    report = ask(
        address, token, "/v1/funnel", by=by, since=since, until=until, window_days=window_days
    )
    _SHOW[shape](report)
    return 0


def _json(report: Any) -> None:
    import json

    print(json.dumps(report, indent=2))


def _csv(report: Any) -> None:
    import csv
    import sys

    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow([report["by"], "stage", "count", "conversion", "step"])
    for name, stages, _ in _rows(report):
        for stage in stages:
            shares = ("" if stage[key] is None else stage[key] for key in ("conversion", "step"))
            rows.writerow([name, stage["stage"], stage["count"], *shares])


def _text(report: Any) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    period = f"{report['since'][:10]} to {report['until'][:10]}"
    title = f"Installs by {report['by']}, {period}, {report['window_days']:g} days a stage"
    table = Table()
    table.add_column(report["by"].capitalize(), overflow="fold")
    rows = list(_rows(report))
    for stage in rows[0][1] if rows else ():
        table.add_column(stage["stage"].capitalize(), justify="right")
    for name, stages, is_total in rows:
        cells = (Text(_cell(stage)) for stage in stages)
        table.add_row(Text(name), *cells, style="bold" if is_total else "", end_section=is_total)
    console = Console(highlight=False)
    console.print(Text(title))
    wanted = console.measure(table, options=console.options.update(width=1000)).maximum
    if console.is_terminal and wanted > console.width:
        # Without a frame, seven stages stay on a line of 80 columns.
        table.box, table.show_edge, table.pad_edge, table.padding = (
            SIMPLE_HEAD,
            False,
            False,
            (0, 0),
        )
    # What is piped is read by a program or a file, which have no width.
    console.print(table, width=None if console.is_terminal else 1000)
    console.print(Text(_LEGEND[report["by"]], style="dim"))


_LEGEND = {
    "segment": "In parentheses: the share of the stage before; paid is a share of qualified, "
    "since a trial may be skipped.",
    "feature": "In parentheses: the share of the installs that met the gate.",
}


def _rows(report: Any) -> Iterator[tuple[str, list[Any], bool]]:
    """Yield name and stages of each row; by segment, the sum of all of them comes first."""
    if report["by"] == "segment":
        yield "all", report["stages"], True
    for row in report["rows"]:
        yield row["name"], row["stages"], False


def _cell(stage: Any) -> str:
    """Return the count, with the share of the stage before."""
    count = f"{stage['count']:,}"
    return count if stage["step"] is None else f"{count} ({stage['step']:.0%})"


_SHOW = {"text": _text, "json": _json, "csv": _csv}

COMMAND: click.Command = funnel
