# SPDX-License-Identifier: Apache-2.0
"""``coreline check``: hold the files against the line. How it is done is in ``cli.checking``."""

from collections.abc import Callable

import click

from coreline.cli.checking.options import Options
from coreline.cli.context import Context


@click.command("check")
@click.option("--at", metavar="COMMIT", help="Check a commit instead of the files on disk.")
@click.option("--staged", is_flag=True, help="Check what is staged for the next commit.")
@click.option(
    "--format",
    "format_name",
    default="text",
    metavar="FORMAT",
    help="How to report: text, json, sarif, github, junit, markdown or html.",
)
@click.option("--no-cache", is_flag=True, help="Read every file anew.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes.")
@click.option("--licenses", is_flag=True, help="Check licenses alone, which reads little.")
@click.option(
    "--since", metavar="REVISION", help="Check that nothing left the core since a commit or tag."
)
@click.option("--standalone", is_flag=True, help="Run core.test where no wrap exists.")
@click.option(
    "--timeout",
    "timeout_seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=1800,
    metavar="SECONDS",
    help="How long the tests of --standalone may take. [default: 1800]",
)
@click.option("--keep", is_flag=True, help="Leave the folder of --standalone in place.")
@click.argument("paths", nargs=-1, metavar="[PATH or ARTIFACT]...")
@click.pass_obj
def check(
    ctx: Context,
    at: str | None,
    staged: bool,
    format_name: str,
    no_cache: bool,
    watch: bool,
    licenses: bool,
    since: str | None,
    standalone: bool,
    timeout_seconds: float,
    keep: bool,
    paths: tuple[str, ...],
) -> int:
    """Check that the line holds.

    Every file is claimed by one side, the core does not know the wrap, licenses say what the
    manifest says, and what is critical is in the core. Ends with 0 where the promise of the
    manifest is kept, with 1 where it is broken. With files or folders, only they are reported;
    artifacts (wheels, npm packages, images …) are looked into.
    Nothing of the repository is run, but with --standalone the core's own tests are.
    """
    options = Options(
        at=at,
        staged=staged,
        since=since,
        standalone=standalone,
        timeout_seconds=timeout_seconds,
        keep=keep,
        watch=watch,
        licenses=licenses,
        format_name=format_name,
        cached=not no_cache,
        paths=paths,
    )
    options.refuse_contradictions()
    return _way(ctx, options)(ctx, options)


def _way(ctx: Context, options: Options) -> Callable[[Context, Options], int]:
    """Return what runs check as the options ask for; only that is imported."""
    from importlib import import_module

    module = import_module(f"coreline.cli.checking.{_way_name(ctx, options)}")
    run: Callable[[Context, Options], int] = module.run
    return run


def _way_name(ctx: Context, options: Options) -> str:
    asked = {
        "licenses": options.licenses,
        "since": options.since is not None,
        "standalone": options.standalone,
        "watch": options.watch,
    }
    named = next((name for name, is_asked in asked.items() if is_asked), None)
    if named is not None or not options.paths:
        return named or "tree"
    from coreline.cli.checking.artifacts import are_artifacts

    return "artifacts" if are_artifacts(ctx, options) else "selection"


COMMAND: click.Command = check
