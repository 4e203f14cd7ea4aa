# SPDX-License-Identifier: Apache-2.0
"""The tutorials do what they say: every command is run, every file written, every output compared.

In a ``console`` block, a line that begins with ``$ `` is a command and the lines after it are its
output, in which ``…`` stands for anything. Any other block whose first line names a path after the
language (as in ``python src/tea/brew.py``) is a file that the reader writes; with ``>>`` before the
path, lines that the reader adds to it.
"""

import os
import re
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

import pytest

PAGES = sorted((Path(__file__).parent.parent / "docs" / "tutorial").glob("*.md"))
# A page that goes on where another one ended.
AFTER = {"sell-the-wrap": "first-line"}
BLOCK = re.compile(r"^```(\w+)(?: (>>)?(\S+))?\n(.*?)^```$", re.M | re.S)
MARK = "--- next command ---"


class Command(NamedTuple):
    """One command of a page and the output that the page promises."""

    text: str
    output: str


def script(page: str) -> tuple[str, list[Command]]:
    """Return the page as one shell script, and its commands."""
    lines: list[str] = []
    commands: list[Command] = []
    for language, append, path, body in BLOCK.findall(page):
        if language == "console":
            for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
                text, _, output = part.partition("\n")
                commands.append(Command(text, output))
                lines += [f"echo '{MARK}'", text]
        elif path:
            lines += [f'mkdir -p "$(dirname {path})"']
            lines += [f"cat {append or '>'} {path} <<'END-OF-FILE'"]
            lines += [body.rstrip("\n"), "END-OF-FILE"]
    return "\n".join(lines) + "\n", commands


def run_script(text: str, folder: Path) -> list[str]:
    """Run a script in a folder and return the output of each command."""
    env = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    identity = "[user]\nname = Ada\nemail = ada@example.com\n[init]\ndefaultBranch = main\n"
    (folder / ".gitconfig").write_text(identity, "utf-8")
    done = subprocess.run(
        ["bash"],
        input=text,
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    return [part.removeprefix("\n") for part in done.stdout.split(MARK)[1:]]


def agrees(promised: str, printed: str) -> bool:
    """Whether an output is what a page promised; trailing space and empty lines do not count."""
    pattern = re.sub(r"([\[\]?*])", r"[\1]", tidy(promised)).replace("…", "*")
    return fnmatchcase(tidy(printed), pattern)


def tidy(text: str) -> str:
    """Return a text without empty lines and spaces at line ends."""
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_tutorial_does_what_it_says(page: Path, tmp_path: Path) -> None:
    text, commands = script(page.read_text("utf-8"))
    assert len(commands) > 5
    if page.stem in AFTER:
        before, _ = script(page.with_stem(AFTER[page.stem]).read_text("utf-8"))
        text = before.replace(f"echo '{MARK}'\n", "") + f"echo '{MARK}'\n" + text
        commands.insert(0, Command("everything before", "…"))
    outputs = run_script(text, tmp_path)
    assert len(outputs) == len(commands)
    differing = [
        f"$ {command.text}\n--- the page says\n{command.output}--- it printed\n{printed}"
        for command, printed in zip(commands, outputs, strict=True)
        if not agrees(command.output, printed)
    ]
    assert not differing, "\n\n".join(differing)


def test_a_page_that_is_wrong_is_found() -> None:
    assert agrees("one …\n\ntwo\n", "one 1 [a]\ntwo\n")
    assert not agrees("one\n", "one\ntwo\n")
    assert not agrees("[a]\n", "a\n")
