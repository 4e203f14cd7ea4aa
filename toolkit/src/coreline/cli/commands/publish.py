# SPDX-License-Identifier: Apache-2.0
"""``coreline publish``: the core's history out, filtered and proven."""

import sys
from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context
from coreline.errors import ExitCode

if TYPE_CHECKING:
    from coreline.publish.report import PublishReport
    from coreline.publish.verify import VerifyReport


_SHOWN_MAX = 5


@click.command(name="publish")
@click.option("--to", metavar="REPO", help="A folder or an address [default: core.public].")
@click.option("--branch", metavar="NAME", help="The branch [default: the current one].")
@click.option("--dry-run", is_flag=True, help="Filter and prove, but write nothing outside.")
@click.option("--verify", is_flag=True, help="Prove from scratch what the public repository holds.")
@click.option("--rebuild", is_flag=True, help="Replace a history published under other claims.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def publish(
    ctx: Context,
    to: str | None,
    branch: str | None,
    dry_run: bool,
    verify: bool,
    rebuild: bool,
    form: str,
) -> int:
    """Publish the history of the core.

    Every commit is filtered by coreline.toml: what is not core is left out. Before
    anything is written outside, each public tree is proven to be the core of its private one.
    A second run carries only the new commits; a killed one goes on where it was.
    """
    import gc
    from datetime import UTC, datetime

    from coreline.cli.progress import progress
    from coreline.publish.publish import publish as publish_core
    from coreline.publish.recipe.recipe import recipe_of
    from coreline.publish.verify import verify as verify_public

    recipe = recipe_of(ctx.manifest(), ctx.folder)
    where = ctx.public(to)
    # A history is hundreds of thousands of small values without a cycle among them: looking for
    # cycles in them again and again would only cost time.
    gc.set_threshold(200_000)
    with progress() as tell:
        if verify:
            verified = verify_public(ctx.folder, where, recipe, branch=branch, progress=tell)
        else:
            report = publish_core(
                ctx.folder,
                where,
                recipe,
                now=datetime.now(UTC),
                branch=branch,
                dry_run=dry_run,
                rebuild=rebuild,
                progress=tell,
            )
    if form == "json":
        import json

        print(json.dumps((verified if verify else report).to_json(), indent=2))
    elif verify:
        _say_verified(verified)
    else:
        _say(report)
    return int(ExitCode.BROKEN if verify and not verified.kept else ExitCode.KEPT)


def _say(report: "PublishReport") -> None:
    verb = "published" if report.pushed else "would publish"
    print(f"{verb} {report.branch} to {report.target}")
    print(f"  {report.private.hex()[:12]} in private is {report.public.hex()[:12]} in public")
    if report.commits:
        commits = "commit" if report.commits == 1 else "commits"
        print(
            f"  {report.commits:,} new {commits}: {report.published:,} carried, "
            f"{report.pruned:,} without a trace in the core left out"
        )
        print(f"  proven: every one of them is the core of its private commit ({report.rule})")
    else:
        print(f"  no new commit: all of them were proven before ({report.rule})")
    if report.unclaimed:
        print(
            f"  {len(report.unclaimed):,} files and folders of older commits have no side today "
            f"and are not published, such as {report.unclaimed[0]}"
        )
    if report.malformed:
        print(
            f"  {len(report.malformed):,} files of older commits have region markers that do not "
            f"fit together and are not published, such as {report.malformed[0]}"
        )
    moved = len([move for move in report.moves if move.ref.startswith("refs/tags/")])
    if moved:
        print(f"  {moved:,} tags")
    _say_some(
        [
            f"tag {name}: its signature was left out, as it would not fit any more"
            for name in sorted(report.tags.unsigned)
        ]
    )
    _say_some(
        [
            f"tag {name} is not published: {reason}"
            for name, reason in sorted(report.tags.left_out.items())
        ]
    )
    if not report.pushed:
        print("Nothing was written outside (--dry-run).", file=sys.stderr)


def _say_some(lines: list[str]) -> None:
    """Print the first lines of a list, and how many more there are."""
    for line in lines[:_SHOWN_MAX]:
        print(f"  {line}")
    if len(lines) > _SHOWN_MAX:
        print(f"  … and {len(lines) - _SHOWN_MAX:,} more: --format json lists them")


def _say_verified(report: "VerifyReport") -> None:
    if not report.kept:
        print(f"{report.target} does not hold what it should")
        _say_some(report.problems)
        return
    print(f"{report.target} holds the core and nothing else")
    print(f"  {report.commits:,} public commits and {report.contents:,} contents, all proven")
    if report.shared:
        print(
            f"  {len(report.shared):,} contents lay on both sides of the line at some time, such as"
        )
        _say_some([f"  {path}" for path in report.shared])
    _say_some(report.notes)


COMMAND = publish
