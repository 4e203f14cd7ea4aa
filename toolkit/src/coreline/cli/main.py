# SPDX-License-Identifier: Apache-2.0
"""The ``coreline`` program, and the one place where errors become messages and exit codes."""

import gc
import os
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from coreline import __version__
from coreline.cli import streams
from coreline.cli.context import Context
from coreline.errors import CorelineError, ExitCode, InputError


class Commands(click.Group):
    """The commands of the folder ``commands``, imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in order."""
        return sorted(_commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command; only its own file is imported where it is one of ours."""
        return _own_command(cmd_name) or _commands().get(cmd_name)


def _own_command(name: str) -> click.Command | None:
    from importlib import import_module
    from importlib.util import find_spec

    module = f"coreline.cli.commands.{name}"
    if not name.isidentifier() or find_spec(module) is None:
        return None
    command = getattr(import_module(module), "COMMAND", None)
    return command if isinstance(command, click.Command) and command.name == name else None


def _commands() -> dict[str, click.Command]:
    import coreline.cli.commands as folder
    from coreline.extensions import load

    return {command.name or "": command for command in load(folder, "COMMAND", click.Command)}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    help="Work as if started in DIR.",
)
@click.option(
    "--manifest",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The manifest. [default: the nearest coreline.toml, from DIR up to its repository's top]",
)
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def coreline(ctx: click.Context, folder: Path, manifest: Path | None) -> None:
    """Keep the line between an open core and its proprietary wrap.

    One file, coreline.toml, says which side each file and feature is on. Begin with
    `coreline init` in a repository, then `coreline check`.
    """
    ctx.obj = Context(started=folder, named=manifest)


def main(command: click.Command = coreline) -> None:
    """Run a command line, Coreline's own or its server's, and exit the process."""
    streams.prepare()
    arguments = sys.argv[1:]
    code = run(arguments, command)
    try:
        streams.finish()
    except CorelineError as error:
        code = _failed(error, arguments)
    if command is coreline:
        # The process ends: what is left of it need not be looked through for cycles, which would
        # take a twentieth of a check. A server's libraries want to put their things away.
        gc.freeze()
    sys.exit(code)


def run(arguments: list[str], command: click.Command = coreline) -> int:
    """Run a command line and return the process's exit code."""
    try:
        code: Any = command.main(args=arguments, prog_name=command.name, standalone_mode=False)
        return int(code or 0)
    except click.exceptions.Abort:
        return _interrupted()
    except KeyboardInterrupt:
        return _interrupted()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return int(ExitCode.INPUT)
    except click.ClickException as error:
        return _failed(_misused(error), arguments)
    except CorelineError as error:
        return _failed(error, arguments)
    except SystemExit as end:
        # Click ends the process after completing words for a shell; and with 1 where nobody reads
        # on, which here would mean broken.
        return int(end.code or 0) if _completes(command) else _abandoned()
    except BrokenPipeError:
        return _abandoned()
    except OSError as error:
        if streams.is_disk_full(error):
            streams.abandon()
            return _failed(streams.not_written(error), arguments)
        return _bug()
    except Exception:
        return _bug()


def _failed(error: CorelineError, arguments: list[str]) -> int:
    _explain(error, as_json=_wants_json(arguments))
    return int(error.exit_code)


def _misused(error: click.ClickException) -> InputError:
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "coreline"
    return InputError("usage", error.format_message(), f"Read `{path} --help`.")


def _completes(command: click.Command) -> bool:
    return f"_{command.name or ''}_COMPLETE".upper().replace("-", "_") in os.environ


def _abandoned() -> int:
    """Say nothing where the reader went away in the middle, and not that the line is kept."""
    streams.abandon()
    return int(ExitCode.INTERRUPTED)


def _explain(error: CorelineError, *, as_json: bool) -> None:
    """Say an error on standard error; as one JSON object where the command was to print JSON."""
    if as_json:
        import json

        body = {"code": error.code, "message": error.sentence, "hint": error.hint}
        print(json.dumps({"error": {**body, **error.details()}}), file=sys.stderr)
        return
    # Work that is already done is not a failure, whatever the exit code tells a script.
    word = "nothing to do" if error.exit_code is ExitCode.NOTHING else "error"
    first, *more = error.sentence.split("\n")
    print("\n".join([f"{word}: {first} [{error.code}]", *more]), file=sys.stderr)
    if error.hint:
        print(f"  hint: {error.hint}", file=sys.stderr)


def _wants_json(arguments: list[str]) -> bool:
    return "--format=json" in arguments or any(
        pair == ("--format", "json") for pair in pairwise(arguments)
    )


def _interrupted() -> int:
    print("interrupted", file=sys.stderr)
    return int(ExitCode.INTERRUPTED)


def _bug() -> int:
    import traceback

    traceback.print_exc()
    print(
        "error: this is a bug in Coreline, not in your input. [internal]\n"
        "  hint: Please report it with the lines above.",
        file=sys.stderr,
    )
    return int(ExitCode.INTERNAL)
