# SPDX-License-Identifier: Apache-2.0
"""Three ways to tell the story: in color for a terminal, plain for a file, JSON for a program."""

import json
import sys
from typing import Protocol

from coreline.cli.demo.scene import Scene, Step, StepFailed


class Told(Protocol):
    """A narrator of the whole story."""

    def begin(self, number: int, total: int, step: Step) -> None:
        """A step begins."""

    def command(self, text: str) -> None:
        """A command begins."""

    def line(self, text: str) -> None:
        """A line is worth seeing."""

    def proved(self, step: Step, scene: Scene, sentence: str, seconds: float) -> None:
        """A step ended well."""

    def failed(self, step: Step, scene: Scene, failure: StepFailed, logs: str) -> None:
        """A step's assertion did not hold."""

    def end(self, *, kept: bool, seconds: float) -> None:
        """The story is over."""

    def stays(self, console: str, password: str) -> None:
        """The server stays up."""


class Plain:
    """Text without color."""

    def begin(self, number: int, total: int, step: Step) -> None:
        """Write the step's title."""
        self._write(f"\n[{number}/{total}] {step.title}")

    def command(self, text: str) -> None:
        """Write a command."""
        self._write(f"  {prompted(text)}")

    def line(self, text: str) -> None:
        """Write a line."""
        self._write(f"    {text}")

    def proved(self, step: Step, scene: Scene, sentence: str, seconds: float) -> None:
        """Write what was proved."""
        self._write(f"  proved: {sentence} ({seconds:.1f} s)")

    def failed(self, step: Step, scene: Scene, failure: StepFailed, logs: str) -> None:
        """Write what was expected, what came, and where to read on."""
        self._write(f"  FAILED: expected {failure.expected}\n  but got: {failure.got}")
        self._write(f"  logs: {logs}")

    def end(self, *, kept: bool, seconds: float) -> None:
        """Write the closing line."""
        if kept:
            self._write(f"\nEvery step held. {seconds:.0f} seconds.")

    def stays(self, console: str, password: str) -> None:
        """Say where everything is and how to end it."""
        self._write(f"\nThe console stays up at {console}\nIts password is in {password}")
        self._write("Ctrl-C ends the server and removes the folder.")

    def _write(self, text: str) -> None:
        print(text, flush=True)


class Colored(Plain):
    """Text with color, for a terminal."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(highlight=False, soft_wrap=True)

    def begin(self, number: int, total: int, step: Step) -> None:
        """Write the step's title."""
        self._styled(f"\n[{number}/{total}] {step.title}", "bold cyan")

    def command(self, text: str) -> None:
        """Write a command."""
        self._styled(f"  {prompted(text)}", "bold")

    def line(self, text: str) -> None:
        """Write a line, dimmed."""
        self._styled(f"    {text}", "dim")

    def proved(self, step: Step, scene: Scene, sentence: str, seconds: float) -> None:
        """Write what was proved, in green."""
        self._styled(f"  ✓ proved: {sentence} ({seconds:.1f} s)", "green")

    def failed(self, step: Step, scene: Scene, failure: StepFailed, logs: str) -> None:
        """Write what was expected and what came, in red."""
        self._styled(f"  ✗ expected {failure.expected}\n  but got: {failure.got}", "bold red")
        self._styled(f"  logs: {logs}", "red")

    def _styled(self, text: str, style: str) -> None:
        from rich.text import Text

        self._console.print(Text(text, style=style))


class Json:
    """One JSON object at the end; the titles meanwhile on standard error."""

    def __init__(self) -> None:
        self._steps: list[dict[str, object]] = []

    def begin(self, number: int, total: int, step: Step) -> None:
        """Say on standard error how far the story is."""
        print(f"[{number}/{total}] {step.title}", file=sys.stderr)

    def command(self, text: str) -> None:
        """Kept by the scene."""

    def line(self, text: str) -> None:
        """Kept by the scene."""

    def proved(self, step: Step, scene: Scene, sentence: str, seconds: float) -> None:
        """Keep the step."""
        self._steps.append({**_body(step, scene), "proved": sentence, "seconds": round(seconds, 2)})

    def failed(self, step: Step, scene: Scene, failure: StepFailed, logs: str) -> None:
        """Keep the failure."""
        body = {"expected": failure.expected, "got": failure.got, "logs": logs}
        self._steps.append({**_body(step, scene), "failed": body})

    def end(self, *, kept: bool, seconds: float) -> None:
        """Print everything."""
        body = {"kept": kept, "seconds": round(seconds, 1), "steps": self._steps}
        print(json.dumps(body, indent=2, ensure_ascii=False), flush=True)

    def stays(self, console: str, password: str) -> None:
        """Say on standard error where everything is: the JSON is complete."""
        print(f"The console stays up at {console} until Ctrl-C.", file=sys.stderr)
        print(f"Its password is in {password}", file=sys.stderr)


def prompted(text: str) -> str:
    """Return a command after a shell's prompt, a request to the server after an arrow."""
    is_request = text.startswith(("GET ", "POST "))
    return f"{'→' if is_request else '$'} {text}"


def _body(step: Step, scene: Scene) -> dict[str, object]:
    return {
        "name": step.name,
        "title": step.title,
        "commands": scene.commands,
        "output": scene.lines,
    }


def narrator(form: str) -> Told:
    """Return the narrator for a form and for what standard output is."""
    if form == "json":
        return Json()
    return Colored() if sys.stdout.isatty() else Plain()
