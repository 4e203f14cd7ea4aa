# SPDX-License-Identifier: Apache-2.0
"""One state of the repository held against the line: what ``check`` does unless told otherwise."""

import gc
import sys
from typing import TYPE_CHECKING

from coreline.cli.checking.options import Options, format_named
from coreline.cli.context import Context
from coreline.errors import ExitCode

if TYPE_CHECKING:
    from coreline.boundary.model import Report
    from coreline.manifest.parse import ParsedManifest
    from coreline.sources.tree import SourceTree


def run(ctx: Context, options: Options) -> int:
    """Check, write the report, and return the exit code."""
    from coreline.boundary.check import load_checks

    chosen = format_named(options.format_name)
    report = report_of(ctx, options)
    if chosen.name == "html":
        from coreline.cli.checking.drift import with_drift

        report = with_drift(ctx, options, report)
    chosen.write(report, sys.stdout, load_checks())
    return int(ExitCode.KEPT if report.kept else ExitCode.BROKEN)


def report_of(ctx: Context, options: Options) -> "Report":
    """Return the report on the state that the options name."""
    from coreline.boundary.check import check as check_tree
    from coreline.sources.cache import open_cache

    cache = (
        open_cache(ctx.folder_of(at=options.at, staged=options.staged)) if options.cached else None
    )
    tree = ctx.tree(at=options.at, staged=options.staged)
    # Tens of thousands of small values are made and hardly a cycle: looking for some each time
    # would cost a twentieth of the whole.
    gc.disable()
    try:
        report = check_tree(tree, manifest_of(ctx, tree, staged=options.staged), cache=cache)
        return _held_against_baseline(ctx, tree, report)
    finally:
        gc.enable()


def _held_against_baseline(ctx: Context, tree: "SourceTree", report: "Report") -> "Report":
    """Return a report in which what the project's baseline knows is allowed, if it has one."""
    data = baseline_of(ctx, tree)
    if data is None:
        return report
    from coreline.boundary.baseline import read_baseline, with_baseline

    paths = {entry.path for entry in tree.entries()}
    text = data.decode("utf-8", "replace")
    return with_baseline(report, read_baseline(data), paths, text)


def baseline_of(ctx: Context, tree: "SourceTree") -> bytes | None:
    """Return the baseline of a state; the one beside a manifest that the user named."""
    from coreline.manifest.model import BASELINE_NAME
    from coreline.sources.tree import DiskTree

    if ctx.named is not None or isinstance(tree, DiskTree):
        file = ctx.manifest_file.parent / BASELINE_NAME
        return file.read_bytes() if file.is_file() else None
    own = [entry for entry in tree.entries() if entry.path == BASELINE_NAME]
    return next(tree.read(own)).data if own else None


def manifest_of(ctx: Context, tree: "SourceTree", *, staged: bool) -> "ParsedManifest":
    """Return the manifest on disk; the staged one for staged files, else the commit's own.

    A commit is held against today's line, so that one line can be held against all of them.
    """
    from coreline.manifest.model import MANIFEST_NAME
    from coreline.manifest.parse import parse_manifest

    if ctx.named is None and (staged or not ctx.manifest_file.is_file()):
        own = [entry for entry in tree.entries() if entry.path == MANIFEST_NAME]
        data = next(tree.read(own)).data if own else None
        if data is not None:
            return parse_manifest(data.decode("utf-8", "replace"))
    return ctx.manifest()
