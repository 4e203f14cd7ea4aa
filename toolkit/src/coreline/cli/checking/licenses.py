# SPDX-License-Identifier: Apache-2.0
"""Licenses alone held against the line: ``check --licenses``."""

import gc
import sys
from typing import TYPE_CHECKING

from coreline.cli.checking.options import Options, format_named
from coreline.cli.checking.tree import baseline_of, manifest_of
from coreline.cli.context import Context
from coreline.errors import ExitCode, InputError

if TYPE_CHECKING:
    from coreline.boundary.model import Report
    from coreline.sources.tree import SourceTree


def run(ctx: Context, options: Options) -> int:
    """Check headers, license texts, metadata and dependencies, and write the report.

    Raises:
        InputError: paths are given (``check-licenses-whole``).
    """
    from coreline.boundary.check import load_checks
    from coreline.boundary.license_pass import check_licenses
    from coreline.sources.cache import open_cache

    if options.paths:
        raise InputError(
            "check-licenses-whole",
            "--licenses is about a whole tree: a license text speaks of folders elsewhere.",
            "Leave the paths away, or leave --licenses away.",
        )
    chosen = format_named(options.format_name)
    folder = ctx.folder_of(at=options.at, staged=options.staged)
    cache = open_cache(folder) if options.cached else None
    tree = ctx.tree(at=options.at, staged=options.staged)
    # As for the whole check: many small values, hardly a cycle among them.
    gc.disable()
    try:
        manifest = manifest_of(ctx, tree, staged=options.staged)
        report = check_licenses(tree, manifest, cache=cache)
        report = _held_against_baseline(ctx, tree, report)
    finally:
        gc.enable()
    chosen.write(report, sys.stdout, load_checks())
    return int(ExitCode.KEPT if report.kept else ExitCode.BROKEN)


def _held_against_baseline(ctx: Context, tree: "SourceTree", report: "Report") -> "Report":
    """Return a report in which what the baseline knows of licenses is allowed."""
    data = baseline_of(ctx, tree)
    if data is None:
        return report
    from msgspec.structs import replace

    from coreline.boundary.baseline import read_baseline, with_baseline
    from coreline.boundary.license_pass import CHECKS

    baseline = read_baseline(data)
    # What it knows of anything else was not looked for, so it is not mended either.
    known = tuple(one for one in baseline.findings if one.check in CHECKS)
    paths = {entry.path for entry in tree.entries()}
    text = data.decode("utf-8", "replace")
    return with_baseline(report, replace(baseline, findings=known), paths, text)
