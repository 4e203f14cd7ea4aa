# SPDX-License-Identifier: Apache-2.0
"""The command: arguments, output, exit codes; and the door."""

import io
import json
import unittest
from argparse import ArgumentParser, Namespace
from contextlib import redirect_stderr, redirect_stdout
from importlib.metadata import EntryPoint, EntryPoints
from unittest.mock import patch

from converge import door
from converge.cli import main
from converge.door import Command, Door
from converge.report import Report
from tests.support import FolderTest

SEEN: list[Report] = []


def attach(door: Door) -> None:
    """A plugin that adds two commands and a hook."""
    door.add_command(Command(("greet",), "greet", _no_arguments, _greet))
    door.add_command(Command(("team", "greet"), "greet a team", _no_arguments, _greet))
    door.add_command(Command(("plan", "more"), "never reached", _no_arguments, _greet))
    door.on_report(SEEN.append)
    door.on_report(_fail)


def _no_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--name", default="all")


def _greet(options: Namespace) -> int:
    print(f"hello {options.name}")
    return 5


def _fail(report: Report) -> None:
    raise RuntimeError("no room")


class Cli(FolderTest):
    """Runs of the command, with and without plugins."""

    plugins: tuple[EntryPoint, ...] = ()

    def run_converge(self, *arguments: str) -> tuple[int, str, str]:
        """Return exit code, standard output, standard error."""
        out, err = io.StringIO(), io.StringIO()
        found = EntryPoints(self.plugins)
        points = patch.object(door, "entry_points", lambda group: found)
        with redirect_stdout(out), redirect_stderr(err), points:
            code = main(list(arguments))
        return code, out.getvalue(), err.getvalue()

    def declare(self, text: str) -> str:
        """Write a declaration and return its path."""
        return str(self.write("converge.toml", text))

    def test_plan_apply_and_exit_codes(self) -> None:
        file = self.declare('[file.a]\npath = "a"\ncontent = "x\\n"')
        code, out, _ = self.run_converge("plan", "-f", file, "--host", "web1")
        self.assertEqual((code, out.splitlines()[-1][:22]), (0, "web1: 1 to change, 0 a"))
        self.assertIn("    +x", out)
        self.assertEqual(self.run_converge("plan", "-f", file, "--exit-code")[0], 3)
        self.assertEqual(self.run_converge("apply", "-f", file, "--dry-run")[0], 0)
        self.assertNotIn("a", self.listing())
        self.assertEqual(self.run_converge("apply", "-f", file)[0], 0)
        self.assertEqual(self.run_converge("plan", "-f", file, "--exit-code")[0], 0)

    def test_json_and_the_report_file_agree(self) -> None:
        file = self.declare('[file.a]\npath = "a"\ncontent = "x\\n"')
        report = self.folder / "report.json"
        arguments = ("--format", "json", "--report", str(report), "--host", "web1")
        _, out, _ = self.run_converge("apply", "-f", file, *arguments)
        self.assertEqual(json.loads(out), json.loads(report.read_text()))
        body = json.loads(out)
        self.assertEqual((body["host"], body["mode"], body["schema"]), ("web1", "apply", 1))
        self.assertEqual(body["counts"]["changed"], 1)

    def test_a_failure_ends_with_1(self) -> None:
        file = self.declare('[command.c]\nrun = ["false"]\ncreates = "x"')
        self.assertEqual(self.run_converge("apply", "-f", file)[0], 1)

    def test_a_mistake_ends_with_2(self) -> None:
        code, _, err = self.run_converge("plan", "-f", str(self.folder / "no-such"))
        self.assertEqual(code, 2)
        self.assertIn("hint:", err)
        self.assertEqual(self.run_converge("plan", "-f", self.declare("[x.y]"))[0], 2)
        file = self.declare('[file.a]\npath = "a"\ncontent = ""')
        missing = str(self.folder / "no-such" / "report.json")
        code, _, err = self.run_converge("apply", "-f", file, "--report", missing)
        self.assertEqual(code, 2)
        self.assertIn("the report cannot be written", err)

    def test_without_plugins(self) -> None:
        self.assertEqual(self.run_converge("plugins"), (0, "no plugins are installed\n", ""))


class Plugins(Cli):
    """The same runs with a plugin that misbehaves and one that cannot be loaded."""

    plugins = (
        EntryPoint("team", f"{__name__}:attach", door.GROUP),
        EntryPoint("broken", "no_such_module:attach", door.GROUP),
    )

    def test_without_plugins(self) -> None:
        code, out, err = self.run_converge("plugins")
        self.assertEqual((code, out), (0, "team unknown\n"))
        self.assertIn("the plugin broken could not be loaded", err)

    def test_commands(self) -> None:
        self.assertEqual(self.run_converge("greet")[:2], (5, "hello all\n"))
        self.assertEqual(self.run_converge("team", "greet", "--name", "x")[:2], (5, "hello x\n"))

    def test_hooks(self) -> None:
        SEEN.clear()
        file = self.declare('[file.a]\npath = "a"\ncontent = "x\\n"')
        code, _, err = self.run_converge("apply", "-f", file, "--host", "web1")
        self.assertEqual((code, [report.host for report in SEEN]), (0, ["web1"]))
        self.assertIn("report hook failed: no room", err)


if __name__ == "__main__":
    unittest.main()
