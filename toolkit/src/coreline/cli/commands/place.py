# SPDX-License-Identifier: Apache-2.0
"""``coreline place``: on which side a feature belongs, why, and the record of it."""

from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context
from coreline.errors import InputError

if TYPE_CHECKING:
    from coreline.manifest.model import Side


@click.command("place", short_help="Say on which side a feature belongs, and record it.")
@click.argument("feature", required=False)
@click.option("--write", is_flag=True, help="Write the record, and link it in the manifest.")
@click.option("--reopen", is_flag=True, help="Decide again; the new record replaces the old one.")
@click.option("--side", type=click.Choice(["core", "wrap"]), help="Decide for this side.")
@click.option("--because", metavar="TEXT", help="Why; needed where the rule says otherwise.")
@click.option("--review", is_flag=True, help="Say which decisions to reopen; 1 where any.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def place(
    ctx: Context,
    feature: str | None,
    write: bool,
    reopen: bool,
    side: "Side | None",
    because: str | None,
    review: bool,
    form: str,
) -> int:
    """Say on which side FEATURE belongs; without one, list all candidates.

    This works with no data at all, by a rule of thumb, and says so. What is primary, critical or
    about sign-in is never placed. What is core leaves the core by --side wrap alone.
    """
    from datetime import UTC, datetime

    from coreline.cli.placing import many, one

    today = datetime.now(UTC).date()
    if feature is None:
        if write or reopen or side or because:
            raise InputError("place-no-feature", "Which feature is decided?", "Name it.")
        return many.review(ctx, form, today) if review else many.table(ctx, form)
    if review:
        raise InputError(
            "place-review-all", "A review is of all decisions.", "Leave the feature out."
        )
    return one.run(
        ctx,
        feature,
        write=write,
        reopen=reopen,
        side=side,
        because=because,
        form=form,
        day=today,
    )


COMMAND: click.Command = place
