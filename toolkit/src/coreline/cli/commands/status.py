# SPDX-License-Identifier: Apache-2.0
"""``coreline status``: where private and public are."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context
from coreline.errors import ExitCode

if TYPE_CHECKING:
    from coreline.publish.status import Status


@click.command(name="status", short_help="Show what was published last, and what waits.")
@click.option("--to", metavar="REPO", help="A folder or an address [default: core.public].")
@click.option("--branch", metavar="NAME", help="The branch [default: the current one].")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def status(ctx: Context, to: str | None, branch: str | None, form: str) -> int:
    """Show what was last published, what waits, and whether the public moved.

    Without a branch checked out it is of the one that was published last. Exit code: 0 for any
    answer; 3 where the public repository could not be asked and the answer is of what is known
    here; 2 where there is no such branch.
    """
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
    if found.unreachable is not None:
        print(f"warning: {found.unreachable}", file=sys.stderr)
        return int(ExitCode.OUTSIDE)
    return int(ExitCode.KEPT)


def _say(found: "Status") -> None:
    """Print two columns: what a row is about, and what there is to say."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    # What is about is one word or two, so the other column has what is left of the line.
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    about = ""
    for title, said in _rows(found):
        table.add_row(Text("" if title == about else title), Text(said))
        about = title
    print(f"{found.branch} → {found.target}")
    console = Console(highlight=False, emoji=False)
    with console.capture() as laid_out:
        console.print(table)
    # Columns are filled up with spaces, which nobody wants to copy.
    print("\n".join(row.rstrip() for row in laid_out.get().splitlines()))


def _rows(found: "Status") -> Iterator[tuple[str, str]]:
    """Yield the rows: a title, and a line of it."""
    if found.detached:
        yield "HEAD", f"is detached: this is {found.branch}, which was published last"
    last = found.last
    yield (
        "published",
        "never published from here"
        if last is None
        else f"{last.private[:12]} as {last.public[:12]}, last at {last.at}",
    )
    waits = "commit waits" if found.unpublished == 1 else "commits wait"
    yield "private", f"{found.unpublished:,} private {waits}"
    for one in found.commits[:_SHOWN_MAX]:
        side = "core" if one.changes_core else "wrap"
        yield "private", f"{one.id[:12]} {side} {one.subject[:48]}"
    public = _public(found)
    if public:
        yield "public", public
    yield from _some("waiting", [f"{name} holds commits of others: coreline import {name}"
                                 for name in found.waiting])  # fmt: skip
    tags = found.tags
    yield from _some("tags", [f"{name} waits" for name in tags.wait])
    yield from _some("tags", [f"{name} names another commit in public" for name in tags.differ])
    yield from _some("tags", [f"{name} is in public alone" for name in tags.public_only])
    if last is not None and last.rule != found.rule:
        yield "line", "the claims changed since: the next publish filters the whole history again"
        yield "line", _REBUILD[found.needs_rebuild]
    if found.pending is not None:
        for what, names in (
            ("would enter the core", found.pending.enter),
            ("would leave the core", found.pending.leave),
            ("changes sides", found.pending.features),
        ):
            yield from _some("line", [f"{what}: {name}" for name in names])
    if found.in_step:
        yield "in step", "nothing waits on either side"


def _public(found: "Status") -> str | None:
    """Say what is wrong with the public branch."""
    if found.unreachable is not None:
        return "could not be asked: what is said here is what is known here"
    if found.public is None:
        return (
            "the public repository does not have the branch"
            if found.last is None
            else "the public branch is gone: it was published, and somebody removed it"
        )
    if found.moved:
        return f"the branch is at {found.public[:12]}, which was not published from here"
    if found.set_back:
        return f"the branch was set back to {found.public[:12]}, an earlier publish"
    return None


def _some(title: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the first lines of a list, and how many more there are."""
    for line in lines[:_SHOWN_MAX]:
        yield title, line
    if len(lines) > _SHOWN_MAX:
        yield title, f"… and {len(lines) - _SHOWN_MAX:,} more: --format json lists them"


_REBUILD = {
    True: "public ids change: coreline publish --rebuild",
    False: "public ids stay as they are",
    None: "coreline publish --dry-run says whether it needs --rebuild",
}

_SHOWN_MAX = 10

COMMAND = status
