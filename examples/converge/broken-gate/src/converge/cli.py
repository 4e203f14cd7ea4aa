# SPDX-License-Identifier: Apache-2.0
"""The ``converge`` command.

Exit codes: 0 done (or nothing to do), 1 a resource failed, 2 a mistake in the declaration or the
arguments, 3 ``plan --exit-code`` found the machine different from what is declared.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from platform import node
from typing import Literal

from converge import __version__
from converge.declaration import read_declaration
from converge.door import Door, open_door
from converge.engine import run
from converge.errors import ConvergeError
from converge.machine import RealMachine
from converge.rehearsal import Rehearsal
from converge.report import Report, closing, lines

OWN_COMMANDS = ("plan", "apply", "plugins")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    door = open_door()
    options = _parser(door).parse_args(arguments)
    try:
        return int(options.run(options))
    except ConvergeError as error:
        print(f"error: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"  hint: {error.hint}", file=sys.stderr)
        return 2


def _parser(door: Door) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("converge", description="Bring a machine to a declared state.")
    parser.add_argument("--version", action="version", version=f"converge {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    plan = commands.add_parser("plan", help="show what apply would change")
    plan.add_argument("--exit-code", action="store_true", help="end with 3 if anything differs")
    plan.set_defaults(run=lambda options: _plan(options, door))
    apply = commands.add_parser("apply", help="bring this machine to the declared state")
    apply.add_argument("--dry-run", action="store_true", help="the same as plan")
    apply.set_defaults(run=lambda options: _apply(options, door), exit_code=False)
    for command in (plan, apply):
        _run_options(command)
    plugins = commands.add_parser("plugins", help="list the plugins that are installed")
    plugins.set_defaults(run=lambda options: _plugins(door))
    _plugin_commands(commands, door)
    return parser


def _run_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("-f", "--file", type=Path, default=Path("converge.toml"), help="the declaration")
    add("--format", choices=("text", "json"), default="text")
    add("--no-diff", action="store_true", help="do not show how files differ")
    add("--report", type=Path, metavar="FILE", help="also write the JSON report to a file")
    add("--host", default=node(), help="the machine's name in the report")


def _plugin_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", door: Door
) -> None:
    groups: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}
    for command in door.commands:
        first, *rest = command.words
        if first in OWN_COMMANDS or not _is_sold(first):
            continue
        if rest:
            if first not in groups:
                group = commands.add_parser(first, help=f"{first} …")
                groups[first] = group.add_subparsers(required=True, metavar="COMMAND")
            added = groups[first].add_parser(rest[0], help=command.help)
        else:
            added = commands.add_parser(first, help=command.help)
        command.arguments(added)
        added.set_defaults(run=command.run)


def _is_sold(name: str) -> bool:
    """Ask whether a command was bought. This is a gate, and gates belong into the wrap."""
    try:
        from coreline_sdk import Coreline
    except ImportError:
        return True
    return Coreline("converge").entitled(name)


def _plan(options: argparse.Namespace, door: Door) -> int:
    report = _run(options, door, "plan")
    if report.failed:
        return 1
    return 3 if options.exit_code and report.counts()["changed"] else 0


def _apply(options: argparse.Namespace, door: Door) -> int:
    if options.dry_run:
        return _plan(options, door)
    return 1 if _run(options, door, "apply").failed else 0


def _run(options: argparse.Namespace, door: Door, mode: Literal["plan", "apply"]) -> Report:
    declaration = read_declaration(options.file)
    machine = RealMachine() if mode == "apply" else Rehearsal(RealMachine())
    results = tuple(run(declaration, machine))
    report = Report(options.host, datetime.now(UTC), mode, str(options.file), results)
    if options.format == "json":
        print(report.to_json())
    else:
        for line in lines(results, diff=not options.no_diff):
            print(line)
        print(closing(report))
    if options.report:
        _write(options.report, report)
    door.report(report)
    return report


def _write(path: Path, report: Report) -> None:
    try:
        path.write_text(report.to_json() + "\n", "utf-8")
    except OSError as error:
        raise ConvergeError(f"the report cannot be written to {path}: {error.strerror}") from error


def _plugins(door: Door) -> int:
    print("\n".join(door.plugins) or "no plugins are installed")
    return 0
