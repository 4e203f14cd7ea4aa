# SPDX-License-Identifier: Apache-2.0
"""Licenses alone held against the line: ``check --licenses``."""

import gc
import sys

from coreline.cli.checking.options import Options, format_named
from coreline.cli.checking.tree import manifest_of
from coreline.cli.context import Context
from coreline.errors import ExitCode, InputError


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
    finally:
        gc.enable()
    chosen.write(report, sys.stdout, load_checks())
    return int(ExitCode.KEPT if report.kept else ExitCode.BROKEN)
