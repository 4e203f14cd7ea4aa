# SPDX-License-Identifier: Apache-2.0
"""``coreline import``: an outside contribution becomes private commits."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context
from coreline.errors import InputError

if TYPE_CHECKING:
    from coreline.publish.back.bring import Terms
    from coreline.publish.back.contribution import Imported


@click.command(name="import", short_help="Take in a contribution to the public core.")
@click.argument("source", required=False, metavar="[BRANCH|RANGE|BUNDLE|PATCH]")
@click.option("--from", "where", metavar="REPO", help="Where it is [default: core.public].")
@click.option("--branch", metavar="NAME", help="The private branch [default: the current one].")
@click.option("--no-merge", is_flag=True, help="Leave it on a branch contributions/NAME.")
@click.option("--allow-line", is_flag=True, help="Take it in although it changes coreline.toml.")
@click.option("--continue", "goes_on", is_flag=True, help="End an import after its conflicts.")
@click.option("--abort", "aborts", is_flag=True, help="Take back an import with conflicts.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def import_(
    ctx: Context,
    source: str | None,
    where: str | None,
    branch: str | None,
    no_merge: bool,
    allow_line: bool,
    goes_on: bool,
    aborts: bool,
    form: str,
) -> None:
    """Take in a contribution to the public core.

    A branch or range of the public repository (or of --from), a bundle, or a mailbox of patches
    becomes private commits with author, date and message kept, merged into the current branch.
    Publishing them gives the public commits again, with the same ids, so a forge shows a pull
    request as merged.
    """
    from coreline.publish.back import contribution

    if (source is not None) + goes_on + aborts != 1:
        raise InputError(
            "import-one-way",
            "Name a contribution, or give --continue or --abort.",
            "For example: coreline import feature --from ../fork.git.",
        )
    if aborts:
        waiting = contribution.abort_import(ctx.folder)
        print(f"The import of {waiting.name} was taken back.")
        return
    if goes_on:
        _say(contribution.continue_import(ctx.folder), form)
        return
    assert source is not None
    _say(_imported(ctx, source, where, branch, merges=not no_merge, moves_line=allow_line), form)


def _imported(
    ctx: Context,
    source: str,
    where: str | None,
    branch: str | None,
    *,
    merges: bool,
    moves_line: bool,
) -> "Imported":
    from coreline.cli.progress import progress
    from coreline.publish.back.contribution import import_commits, import_patch
    from coreline.publish.back.incoming import is_bundle
    from coreline.publish.recipe.recipe import recipe_of

    recipe = recipe_of(ctx.manifest(), ctx.folder)
    terms = _terms(ctx, moves_line=moves_line)
    file = ctx.started / source
    wanted = source
    if where is None and file.is_file():
        if not is_bundle(file):
            return import_patch(ctx.folder, file, recipe, terms)
        where, wanted = str(file.absolute()), _head_of(file)
    elif where is not None and (ctx.started / where).is_file():
        where = str((ctx.started / where).absolute())
    else:
        where = ctx.public(where)
    with progress() as tell:
        return import_commits(
            ctx.folder, where, wanted, recipe, terms, branch=branch, merges=merges, progress=tell
        )


def _terms(ctx: Context, *, moves_line: bool) -> "Terms":
    from coreline.publish.back.bring import Terms, signed_list
    from coreline.publish.leaving.policy import policy_of

    manifest = ctx.manifest().manifest
    signed = signed_list(manifest.contributions, ctx.folder)
    policy = policy_of(ctx.manifest(), secrets=False)
    return Terms(manifest.contributions, signed, manifest.product.vendor, moves_line, policy)


def _head_of(bundle: Path) -> str:
    """Return the one branch of a bundle.

    Raises:
        InputError: it has several, or none (``import-bundle-heads``).
    """
    from coreline.publish.back.incoming import heads_of

    heads = heads_of(bundle)
    if len(heads) != 1:
        raise InputError(
            "import-bundle-heads",
            f"The bundle has {len(heads)} branches: {', '.join(heads) or 'none'}.",
            "Name one: coreline import BRANCH --from BUNDLE.",
        )
    return heads[0]


def _say(done: "Imported", form: str) -> None:
    if form == "json":
        import json

        print(json.dumps(done.to_json(), indent=2))
        return
    number = len(done.commits)
    if number:
        print(f"imported {number:,} {'commit' if number == 1 else 'commits'} of {done.name}")
    for public, own in done.commits[:20]:
        print(f"  {public[:12]} in public is {own[:12]} in private" if public else f"  {own[:12]}")
    if done.head is None:
        print(f"They are on the branch {done.branch}: git merge {done.branch}")
    else:
        same = (
            "; coreline publish gives the same public ids"
            if any(p for p, _ in done.commits)
            else ""
        )
        print(f"{done.branch} is at {done.head[:12]}{same}.")


COMMAND: click.Command = import_
