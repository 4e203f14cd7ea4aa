# SPDX-License-Identifier: Apache-2.0
"""``coreline check``: hold the files against the line."""

import gc
import sys
from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context
from coreline.errors import ExitCode, InputError

if TYPE_CHECKING:
    from coreline.boundary.extension import Format
    from coreline.manifest.parse import ParsedManifest
    from coreline.sources.tree import SourceTree


@click.command("check")
@click.option("--at", metavar="COMMIT", help="Check a commit instead of the files on disk.")
@click.option("--staged", is_flag=True, help="Check what is staged for the next commit.")
@click.option(
    "--format",
    "format_name",
    default="text",
    metavar="FORMAT",
    help="How to report: text, json or sarif.",
)
@click.option("--no-cache", is_flag=True, help="Read every file anew.")
@click.argument("paths", nargs=-1, metavar="")
@click.pass_obj
def check(
    ctx: Context,
    at: str | None,
    staged: bool,
    format_name: str,
    no_cache: bool,
    paths: tuple[str, ...],
) -> int:
    """Check that the line holds.

    Every file is claimed by one side, the core does not know the wrap, licenses say what the
    manifest says, and what is critical is in the core. Ends with 0 where the promise of the
    manifest is kept, with 1 where it is broken.
    """
    if paths:
        raise InputError(
            "check-takes-no-paths",
            f"check speaks of the whole repository and takes no path such as {paths[0]!r}.",
            "Run it without paths; a reference may lie in any file.",
        )
    if at is not None and staged:
        raise InputError(
            "check-one-state",
            "--at names a commit and --staged the index; only one can be checked.",
            "Leave one of them away.",
        )
    from coreline.boundary.check import check as check_tree
    from coreline.boundary.check import load_checks
    from coreline.sources.cache import open_cache

    chosen = _format(format_name)
    cache = None if no_cache else open_cache(ctx.folder)
    tree = ctx.tree(at=at, staged=staged)
    # Tens of thousands of small values are made and hardly a cycle: looking for some each time
    # would cost a twentieth of the whole.
    gc.disable()
    try:
        report = check_tree(tree, _manifest(ctx, tree, staged=staged), cache=cache)
    finally:
        gc.enable()
    chosen.write(report, sys.stdout, load_checks())
    return int(ExitCode.KEPT if report.kept else ExitCode.BROKEN)


def _manifest(ctx: Context, tree: "SourceTree", *, staged: bool) -> "ParsedManifest":
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


def _format(name: str) -> "Format":
    from coreline.boundary.check import load_formats

    formats = {one.name: one for one in load_formats()}
    if name not in formats:
        raise InputError(
            "format-unknown",
            f"There is no format {name!r} of a check.",
            f"Use one of: {', '.join(sorted(formats))}.",
        )
    return formats[name]


COMMAND: click.Command = check
