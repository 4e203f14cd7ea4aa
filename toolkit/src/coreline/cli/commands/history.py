# SPDX-License-Identifier: Apache-2.0
"""``coreline history``: the line through time."""

import gc
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context
from coreline.errors import OutsideError

if TYPE_CHECKING:
    from coreline.boundary.history.timeline import History


@click.command("history")
@click.argument("revision", default="HEAD", metavar="[REVISION]")
@click.option("--tags", "only_tags", is_flag=True, help="Tell of releases alone.")
@click.option("--first-parent", is_flag=True, help="List the main line alone.")
@click.option(
    "--own-manifest",
    is_flag=True,
    help="Hold each commit against its own manifest, where it has one.",
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How to report.",
)
@click.option(
    "--svg",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the chart to a file as well.",
)
@click.option("--no-cache", is_flag=True, help="Read every commit anew.")
@click.pass_obj
def history(
    ctx: Context,
    revision: str,
    only_tags: bool,
    first_parent: bool,
    own_manifest: bool,
    format_name: str,
    svg: Path | None,
    no_cache: bool,
) -> int:
    """Show when the line broke and when it was mended.

    Every commit that REVISION leads to (HEAD, unless it is given) is held against today's manifest,
    as `coreline check --at` does. The chart shows the main line, which is the first parents. What
    was found is kept in the repository's git directory: the next run reads new commits alone.
    """
    from coreline.boundary.history.run import history_of
    from coreline.cli.progress import progress

    # Millions of small values are made and hardly a cycle.
    gc.disable()
    try:
        with progress() as tell:
            found = history_of(
                ctx.folder,
                revision,
                ctx.manifest(),
                own=own_manifest,
                cached=not no_cache,
                progress=tell,
            )
    finally:
        gc.enable()
    if svg is not None:
        _write_svg(found, ctx.started / svg)
    _write(found, format_name, only_tags=only_tags, first_parent=first_parent)
    return 0


def _write(found: "History", format_name: str, *, only_tags: bool, first_parent: bool) -> None:
    if format_name == "json":
        from coreline.boundary.history.values import to_json

        rows = [
            row
            for row in found.rows
            if (row.tags or not only_tags) and (row.is_main or not first_parent)
        ]
        sys.stdout.write(to_json(found, rows).decode() + "\n")
        return
    from coreline.boundary.history.text import write_tags, write_text

    if only_tags:
        write_tags(found, sys.stdout)
    else:
        write_text(found, sys.stdout, shutil.get_terminal_size().columns)


def _write_svg(found: "History", file: Path) -> None:
    from coreline.boundary.history.svg import to_svg

    try:
        file.write_text(to_svg(found), encoding="utf-8")
    except OSError as error:
        raise OutsideError(
            "history-chart-not-written",
            f"{file} cannot be written: {error.strerror}.",
            "Name another file, in a folder that exists.",
        ) from error


COMMAND: click.Command = history
