# SPDX-License-Identifier: Apache-2.0
"""``coreline baseline``: record today's findings, so that from now on there can only be fewer."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context
from coreline.errors import InputError, NothingToDo, OutsideError

if TYPE_CHECKING:
    from coreline.boundary.baseline import Baseline


@click.command("baseline")
@click.option(
    "--grow",
    metavar="REASON",
    help="Add new findings to it as well; the reason is recorded.",
)
@click.option("--no-cache", is_flag=True, help="Read every file anew.")
@click.pass_obj
def baseline(ctx: Context, grow: str | None, no_cache: bool) -> int:
    """Record what is broken today, so that only new findings fail.

    The file coreline-baseline.json lies beside the manifest and is committed with the code. Run
    again, it drops what is mended and follows what was moved. It only shrinks: new findings are
    refused, unless --grow says why they are allowed.
    """
    from coreline.boundary.baseline import begin, compare, read_baseline, shrink, write_baseline
    from coreline.boundary.check import check
    from coreline.manifest.model import BASELINE_NAME
    from coreline.sources.cache import open_cache

    if grow is not None and not grow.strip():
        raise InputError(
            "baseline-no-reason",
            "--grow says why findings are added, and the reason is empty.",
            "Write a reason that a reviewer can judge.",
        )
    file = ctx.manifest_file.parent / BASELINE_NAME
    tree = ctx.tree()
    report = check(tree, ctx.manifest(), cache=None if no_cache else open_cache(ctx.folder))
    day = datetime.now(UTC).date().isoformat()
    before = read_baseline(file.read_bytes()) if file.is_file() else None
    if before is None:
        after = begin(report, day)
        if not after.findings:
            raise NothingToDo(
                "baseline-not-needed", "The promise is kept: there is nothing to record."
            )
    else:
        compared = compare(report, before, {entry.path for entry in tree.entries()})
        after = shrink(report, before, compared, day=day, grow=grow)
        if after == before:
            raise NothingToDo(
                "baseline-unchanged",
                f"{BASELINE_NAME} has the {len(before.findings):,} findings that there are.",
            )
    _write(file, write_baseline(after))
    click.echo(_said(before, after))
    return 0


def _said(before: "Baseline | None", after: "Baseline") -> str:
    number = len(after.findings)
    plural = "" if number == 1 else "s"
    if before is None:
        return f"{number:,} finding{plural} recorded. From now on a new one fails `coreline check`."
    known = {one.fingerprint for one in before.findings}
    new = sum(one.fingerprint not in known for one in after.findings)
    gone = len(before.findings) + new - number
    return (
        f"{number:,} finding{plural}, {len(before.findings):,} before and {after.first:,} at "
        f"first: {gone:,} gone, {new:,} new or moved."
    )


def _write(file: Path, data: bytes) -> None:
    """Write the file whole or not at all."""
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_bytes(data)
        part.replace(file)
    except OSError as error:
        raise OutsideError(
            "baseline-not-written",
            f"{file} cannot be written: {error.strerror}.",
            "Make the folder writable, then run it again.",
        ) from error


COMMAND: click.Command = baseline
