# SPDX-License-Identifier: Apache-2.0
"""The reference page of the command line, rendered from the commands themselves."""

import inspect
from collections.abc import Iterator

import click

from coreline.cli.main import coreline

_INTRODUCTION = """\
<!-- Written by docs/generate.py from coreline.cli: change the commands' own texts. -->

# The command line

Results go to standard output, progress and reasons to standard error. A process ends with one of
these numbers, on which scripts may rely:

| exit code | meaning |
|---|---|
| 0 | kept: done, and nothing was found |
| 1 | broken: the line does not hold |
| 2 | your input: an argument, a file or the manifest |
| 3 | the outside world: git, the network, a disk, a server |
| 4 | nothing to do: the work is done already |
| 70 | a bug in Coreline |
| 130 | interrupted |

[Every error code](errors.md) has a page of its own.
"""


def render() -> str:
    """Return the page, in Markdown."""
    return _INTRODUCTION + "".join(
        _command(coreline, click.Context(coreline, info_name="coreline"))
    )


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    """Yield the section of a command, then those of its own commands."""
    yield f"\n## `{context.command_path}`\n"
    yield f"\n```\n{_usage(command, context)}\n```\n"
    if command.help:
        yield f"\n{_plain(command.help)}\n"
    records = [record for one in command.get_params(context) if (record := _record(one, context))]
    if records:
        yield "\n| option | meaning |\n|---|---|\n"
        yield from (f"| `{_cell(name)}` | {_cell(meaning)} |\n" for name, meaning in records)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None and not inner.hidden:
                yield from _command(inner, click.Context(inner, parent=context, info_name=name))


def _usage(command: click.Command, context: click.Context) -> str:
    return " ".join([context.command_path, *command.collect_usage_pieces(context)]).strip()


def _record(parameter: click.Parameter, context: click.Context) -> tuple[str, str] | None:
    """Return an option's names and meaning; None for an argument: the usage shows it."""
    if isinstance(parameter, click.Option) and not parameter.hidden:
        return parameter.get_help_record(context)
    return None


def _plain(text: str) -> str:
    # click marks paragraphs that it must not wrap with a line that holds a backspace.
    return inspect.cleandoc(text.replace("\b\n", ""))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
