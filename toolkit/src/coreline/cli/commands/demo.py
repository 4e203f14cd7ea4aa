# SPDX-License-Identifier: Apache-2.0
"""``coreline demo``: the whole story on the example product, in under two minutes."""

import click

from coreline.cli.context import Context


@click.command("demo")
@click.option("--keep", is_flag=True, help="Leave the server and the folder until Ctrl-C.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def demo(ctx: Context, keep: bool, form: str) -> int:
    """Carry an example product from manifest to paying customer.

    Works in a temporary folder with a server on a free port, both gone at the end. Ends with 0
    only when every step's own assertions held.
    """
    from coreline.cli.demo.example import find_example
    from coreline.cli.demo.narrators import narrator
    from coreline.cli.demo.story import play

    return int(play(find_example(ctx.folder), narrator(form), keep=keep))


COMMAND: click.Command = demo
