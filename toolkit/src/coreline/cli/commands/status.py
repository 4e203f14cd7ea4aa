# SPDX-License-Identifier: Apache-2.0
"""``coreline status``: where private and public are."""

from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context

if TYPE_CHECKING:
    from coreline.publish.status import Status


@click.command(name="status", short_help="Show what was published last, and what waits.")
@click.option("--to", metavar="REPO", help="A folder or an address [default: core.public].")
@click.option("--branch", metavar="NAME", help="The branch [default: the current one].")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def status(ctx: Context, to: str | None, branch: str | None, form: str) -> None:
    """Show what was last published, what waits, and whether the public moved."""
    from coreline.publish.recipe.recipe import recipe_of
    from coreline.publish.status import read_status

    recipe = recipe_of(ctx.manifest(), ctx.folder)
    where = ctx.public(to)
    found = read_status(ctx.folder, where, recipe, ctx.manifest(), branch=branch)
    if form == "json":
        import json

        print(json.dumps(found.to_json(), indent=2))
    else:
        _say(found)


def _say(found: "Status") -> None:
    print(f"{found.branch} → {found.target}")
    if found.last is None:
        print("  never published from here")
    else:
        print(f"  last published {found.last.at}: {found.last.private[:12]} as "
              f"{found.last.public[:12]}")  # fmt: skip
    waits = "commit waits" if found.unpublished == 1 else "commits wait"
    print(f"  {found.unpublished:,} private {waits}")
    for one in found.commits[:_SHOWN_MAX]:
        side = "core" if one.changes_core else "wrap"
        print(f"    {one.id[:12]} {side} {one.subject[:52]}")
    if found.public is None and found.last is not None:
        print("  the public branch is gone: it was published, and somebody removed it")
    elif found.public is None:
        print("  the public repository does not have the branch")
    elif found.moved:
        print(f"  the public branch is at {found.public[:12]}, which was not published from here")
    elif found.set_back:
        print(f"  the public branch was set back to {found.public[:12]}, an earlier publish")
    for name in found.waiting[:_SHOWN_MAX]:
        print(f"  {name} holds commits of others: coreline import {name}")
    if len(found.waiting) > _SHOWN_MAX:
        print(f"  … and {len(found.waiting) - _SHOWN_MAX:,} more wait")
    if found.last is not None and found.last.rule != found.rule:
        print("  the claims changed since: the next publish filters the whole history again")
    if found.pending is not None:
        _say_some("would enter the core", found.pending.enter)
        _say_some("would leave the core", found.pending.leave)
        _say_some("changes sides", found.pending.features)
    if found.in_step:
        print("  in step")


def _say_some(what: str, names: list[str]) -> None:
    """Say what moves, the first of them by name."""
    for name in names[:_SHOWN_MAX]:
        print(f"  {what}: {name}")
    if len(names) > _SHOWN_MAX:
        print(f"  … and {len(names) - _SHOWN_MAX:,} more: --format json lists them")


_SHOWN_MAX = 10

COMMAND = status
