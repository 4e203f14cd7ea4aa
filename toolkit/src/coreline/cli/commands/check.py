# SPDX-License-Identifier: Apache-2.0
"""``coreline check``: hold the files against the line. How it is done is in ``cli.checking``."""

import click

from coreline.cli.checking.options import Options
from coreline.cli.context import Context
from coreline.errors import InputError


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
    options = Options(
        at=at,
        staged=staged,
        since=None,
        standalone=False,
        watch=False,
        format_name=format_name,
        cached=not no_cache,
        paths=paths,
    )
    options.refuse_contradictions()
    if paths:
        raise InputError(
            "check-takes-no-paths",
            f"check speaks of the whole repository and takes no path such as {paths[0]!r}.",
            "Run it without paths; a reference may lie in any file.",
        )
    from coreline.cli.checking import tree

    return tree.run(ctx, options)


COMMAND: click.Command = check
