# SPDX-License-Identifier: Apache-2.0
"""One step while it runs: its commands, the lines worth seeing, and its assertions."""

import re
import shlex
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from coreline.cli.demo.stage import Stage

_TIMEOUT_SECONDS = 120.0


class Step(NamedTuple):
    """One step of the story. ``act`` plays it and returns what it proved."""

    name: str
    title: str
    act: "Callable[[Stage, Scene], str]"


class StepFailed(Exception):  # noqa: N818 - the story's own ending, told by the narrator.
    """A step's own assertion did not hold."""

    def __init__(self, expected: str, got: str) -> None:
        super().__init__(f"expected {expected}, got {got}")
        self.expected = expected
        self.got = got


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


class Narrator(Protocol):
    """Who tells the story while it happens."""

    def command(self, text: str) -> None:
        """Tell a command that begins to run."""

    def line(self, text: str) -> None:
        """Tell a line that it printed, or something about it."""


@dataclass
class Scene:
    """What one step shows, and the log of everything that it does not."""

    stage: Stage
    narrator: Narrator
    log: Path
    commands: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def run(
        self,
        *words: str,
        shown: str = "",
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        expect: int | None = 0,
        aside: bool = False,
        stdin: str = "",
    ) -> Ran:
        """Run a command to its end.

        Args:
            words: the command.
            shown: how it is shown, where the words are long or secret.
            cwd: where, if not in the story's folder.
            env: its whole environment, if not the story's.
            expect: the exit code that it must end with; None for any.
            aside: only for the assertions, so not shown.
            stdin: what it reads.

        Raises:
            StepFailed: it ended otherwise, or ran longer than two minutes.
        """
        text = self.stage.shown(shown or shlex.join(words))
        if not aside:
            self.say(text)
        try:
            done = subprocess.run(
                words,
                cwd=cwd or self.stage.folder,
                env=dict(env or self.stage.env),
                input=stdin.encode(),
                capture_output=True,
                timeout=_TIMEOUT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise StepFailed(f"{text} to end", f"nothing for {_TIMEOUT_SECONDS:g} s") from error
        ran = Ran(done.returncode, _text(done.stdout), _text(done.stderr))
        self.write(f"$ {text}\n{ran.out}{ran.err}(exit {ran.code})\n")
        if expect is not None and ran.code != expect:
            last = (ran.err.strip() or ran.out.strip()).splitlines()[-4:]
            said = self.stage.shown("; ".join(last) or "no output")
            raise StepFailed(f"{text} to end with {expect}", f"{ran.code}: {said}")
        return ran

    def say(self, command: str) -> str:
        """Show a command and return it as shown."""
        text = self.stage.shown(command)
        self.commands.append(text)
        self.narrator.command(text)
        return text

    def show(self, text: str, *, only: str = "", limit: int = 12) -> None:
        """Show the lines of a text: those that a pattern finds, at most so many."""
        found = [
            line.rstrip() for line in text.splitlines() if line.strip() and re.search(only, line)
        ]
        self.tell(found[:limit])
        if len(found) > limit:
            self.tell([f"… {len(found) - limit} more lines"])

    def tell(self, lines: Iterable[str]) -> None:
        """Show lines as they are, less what is secret."""
        for line in lines:
            text = self.stage.shown(line)
            self.lines.append(text)
            self.narrator.line(text)

    def expect(self, holds: object, expected: str, got: str = "something else") -> None:
        """Assert something of this step.

        Raises:
            StepFailed: it does not hold.
        """
        if not holds:
            raise StepFailed(expected, self.stage.shown(got))

    def expect_words(self, text: str, words: Sequence[str]) -> None:
        """Assert that a text says certain words."""
        missing = [word for word in words if word not in text]
        self.expect(not missing, f"the words {missing}", text.strip()[-400:] or "no text")

    def write(self, text: str) -> None:
        """Add to the step's log."""
        with self.log.open("a", encoding="utf-8") as log:
            log.write(self.stage.shown(text))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
