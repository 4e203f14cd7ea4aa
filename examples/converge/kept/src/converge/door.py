# SPDX-License-Identifier: Apache-2.0
"""The door: how other packages attach to converge, without converge knowing them.

A package names a function under the entry-point group ``converge.plugins``. It is called once
with a ``Door`` and may add commands and hooks. docs/plugins.md shows a whole plugin. A plugin
that fails to load is named on standard error and left out: converge itself always works.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from converge.report import Report

GROUP = "converge.plugins"


@dataclass(frozen=True)
class Command:
    """A command that a plugin adds, such as ``converge fleet report``.

    Args:
        words: one or two words after ``converge``.
        help: one line for ``converge --help``.
        arguments: adds options to the command's parser.
        run: does the work and returns the exit code.
    """

    words: tuple[str, ...]
    help: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]


class Door:
    """What a plugin is given."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.report_hooks: list[Callable[[Report], None]] = []
        self.plugins: list[str] = []

    def add_command(self, command: Command) -> None:
        """Add a command; its first word must not be one of converge's own."""
        self.commands.append(command)

    def on_report(self, hook: Callable[[Report], None]) -> None:
        """Call ``hook`` with the report of every plan and apply, after it was shown."""
        self.report_hooks.append(hook)

    def report(self, report: Report) -> None:
        """Call every hook; one that fails is named and does not change the run's result."""
        for hook in self.report_hooks:
            try:
                hook(report)
            except Exception as error:
                warn(f"a plugin's report hook failed: {error}")


def open_door() -> Door:
    """Load every installed plugin."""
    door = Door()
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        _attach(door, point)
    return door


def _attach(door: Door, point: EntryPoint) -> None:
    try:
        point.load()(door)
    except Exception as error:
        warn(f"the plugin {point.name} could not be loaded: {error}")
        return
    version = point.dist.version if point.dist else "unknown"
    door.plugins.append(f"{point.name} {version}")


def warn(text: str) -> None:
    """Say something on standard error."""
    print(f"warning: {text}", file=sys.stderr)
