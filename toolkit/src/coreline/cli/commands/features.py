# SPDX-License-Identifier: Apache-2.0
"""``coreline features``: the feature matrix by edition, as a pricing page needs it."""

from typing import TYPE_CHECKING

import click

from coreline.cli.context import Context

if TYPE_CHECKING:
    from coreline.manifest.matrix import Matrix


@click.command("features", short_help="Print which features the core and each edition have.")
@click.option(
    "--format",
    "layout",
    type=click.Choice(["text", "markdown", "csv", "json"]),
    default="text",
    help="A table for people, or one for a page, a spreadsheet or a program.",
)
@click.pass_obj
def features(ctx: Context, layout: str) -> int:
    """Print which feature comes with the core and with each edition, and what it costs."""
    from coreline.manifest.matrix import feature_matrix

    matrix = feature_matrix(ctx.manifest().manifest)
    if layout == "text":
        _print_table(matrix)
    else:
        from coreline.manifest import matrix_formats as formats

        as_text = {"markdown": formats.markdown, "csv": formats.csv_text, "json": formats.json_text}
        print(as_text[layout](matrix), end="")
    return 0


def _print_table(matrix: "Matrix") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from coreline.manifest.matrix_formats import MARK, head_rows

    table = Table(title=Text(matrix.product), title_justify="left")
    table.add_column("Feature", overflow="fold")
    for column in matrix.columns:
        table.add_column(Text(column.title), justify="center", overflow="fold")
    for name, cells in head_rows(matrix):
        table.add_row(name, *map(Text, cells), style="dim")
    table.add_section()
    for row in matrix.rows:
        marks = (MARK if included else "" for included in row.included)
        table.add_row(Text(row.title), *marks)
    console = Console(highlight=False)
    # What is piped is read by a program or a file, which have no width.
    console.print(table, width=None if console.is_terminal else 1000, no_wrap=False)


COMMAND: click.Command = features
