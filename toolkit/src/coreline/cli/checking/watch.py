# SPDX-License-Identifier: Apache-2.0
"""``coreline check --watch``: check again whenever a file changes, until it is interrupted."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from coreline.cli.checking.options import Options, format_named
from coreline.cli.context import Context
from coreline.errors import InputError

if TYPE_CHECKING:
    from coreline.boundary.model import Report

_CLEAR = "\x1b[2J\x1b[H"
_WAKING_MS = 200


def run(ctx: Context, options: Options) -> int:
    """Check now and after every change; ends when the user interrupts it."""
    from coreline.boundary.check import load_checks

    if options.at is not None or options.staged or options.paths:
        raise InputError(
            "watch-files-on-disk",
            "--watch looks at the files on disk, all of them.",
            "Leave away what says otherwise: --at, --staged, paths.",
        )
    chosen = format_named(options.format_name)
    checks = load_checks()
    before: Report | None = None
    for report in _reports(ctx, options):
        if isinstance(report, InputError):
            print(f"error: {report.sentence} [{report.code}]", file=sys.stderr, flush=True)
            continue
        if sys.stdout.isatty():
            sys.stdout.write(_CLEAR)
        chosen.write(report, sys.stdout, checks)
        sys.stdout.flush()
        if before is not None:
            print(changed(before, report), file=sys.stderr, flush=True)
        before = report
    return 0


def _reports(ctx: Context, options: Options) -> "Iterator[Report | InputError]":
    """Yield a report now and one after each change that git does not ignore."""
    from watchfiles import DefaultFilter, watch

    is_first = True
    # The filter leaves out .git, where the cache of facts changes with every check. The watch is
    # on before the first check begins, so that no change is missed meanwhile: it wakes once
    # without one.
    for changes in watch(
        ctx.folder,
        watch_filter=DefaultFilter(),
        raise_interrupt=True,
        yield_on_timeout=True,
        rust_timeout=_WAKING_MS,
    ):
        if changes or is_first:
            is_first = False
            # A context keeps the manifest that it has read.
            yield _report(Context(started=ctx.started, named=ctx.named), options)


def _report(ctx: Context, options: Options) -> "Report | InputError":
    """Return a report; the mistake where the manifest, say, is half written at the moment."""
    from coreline.cli.checking.tree import report_of

    try:
        return report_of(ctx, options)
    except InputError as error:
        return error


def changed(before: "Report", after: "Report") -> str:
    """Return what a change did to the findings, in a sentence."""
    old = {one.fingerprint for one in before.findings}
    new = {one.fingerprint for one in after.findings}
    if old == new:
        return "No finding came or went."
    return f"{len(new - old)} new, {len(old - new)} mended."
