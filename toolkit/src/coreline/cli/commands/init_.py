# SPDX-License-Identifier: Apache-2.0
"""``coreline init``: print, or write, a first manifest for this repository."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context

if TYPE_CHECKING:
    from collections.abc import Callable

    from coreline.proposal.model import Doubt


@click.command("init")
@click.option("--write", is_flag=True, help="Write the manifest instead of printing it.")
@click.option("--yes", is_flag=True, help="Take what is assumed of doubtful folders; ask nothing.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "toml", "json"]),
    default="text",
    show_default=True,
    help="text: the manifest on standard output and the reasons on standard error; toml: the "
    "manifest alone; json: both as one object.",
)
@click.pass_obj
def command(ctx: Context, write: bool, yes: bool, form: str) -> int:
    """Propose a first coreline.toml for a repository.

    Sides are proposed from names of folders and files, Go build tags, headers, license texts that
    name folders, and package metadata; each claim says why. Nothing of the repository is run. The
    proposal is checked at once, and promises only what holds.
    """
    from coreline.extensions import load
    from coreline.proposal import signals
    from coreline.proposal.model import Signal
    from coreline.proposal.outcome import try_out
    from coreline.proposal.proposal import propose
    from coreline.proposal.survey import look
    from coreline.proposal.write import refuse_existing, write_new
    from coreline.sources.tree import open_tree

    # A product's folder may lie in a repository that has a manifest of its own further up.
    target = ctx.named_or_in(ctx.started)
    if write:
        refuse_existing(target)
    tree = open_tree(ctx.started)
    known = {signal.name: signal for signal in load(signals, "SIGNAL", Signal)}
    asks = sys.stdin.isatty() and not yes
    survey = look(ctx.started, tree)
    proposal = propose(survey, known, _asker()) if asks else propose(survey, known)
    outcome = try_out(tree, proposal)
    if write:
        write_new(target, outcome.text)
    if form == "json":
        import json

        from coreline.proposal.report import as_json

        body = {**as_json(outcome), "written": str(target) if write else None}
        click.echo(json.dumps(body, indent=2, ensure_ascii=True))
        return 0
    if form == "text":
        from rich.console import Console

        from coreline.proposal.report import show

        show(outcome, Console(stderr=not write, highlight=False, soft_wrap=False))
    if not write:
        click.echo(outcome.text, nl=False)
    elif form == "text":
        _say_next(target, outcome.kept)
    return 0


def _asker() -> "Callable[[Doubt], bool]":
    """Return what asks a person which side a doubtful place is on, as often as one can bear."""
    from coreline.proposal.model import DOUBTS_MAX
    from coreline.proposal.report import printable

    asked = 0

    def ask(doubt: "Doubt") -> bool:
        nonlocal asked
        asked += 1
        if asked > DOUBTS_MAX:
            return doubt.assumed
        for evidence in doubt.reasons:
            click.echo(printable(f"{evidence.where}: {evidence.says}"), err=True)
        question = f"Is {printable(doubt.path)} part of the proprietary wrap {doubt.wrap}?"
        return click.confirm(question, default=doubt.assumed, err=True)

    return ask


def _say_next(target: Path, kept: bool) -> None:
    click.echo(f"\nWrote {target}.")
    click.echo("Next: read its comments, correct it, then run `coreline check`.")
    if not kept:
        click.echo("The promise does not hold yet; the comment beside it says what to mend.")


COMMAND: click.Command = command
