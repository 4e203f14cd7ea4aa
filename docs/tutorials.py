# SPDX-License-Identifier: Apache-2.0
"""Runs the tutorials and writes what their commands printed into them, or says where they differ.

In a ``console`` block, a line that begins with ``$ `` is a command and the lines after it are its
output, in which ``…`` stands for anything. Any other block whose first line names a path after the
language (as in ``python src/tea/brew.py``) is a file that the reader writes; with ``>>`` before the
path, lines that the reader adds to it.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

PAGES = sorted((Path(__file__).parent / "tutorial").glob("*.md"))
# A page that goes on where another one ended.
AFTER = {"sell-the-wrap": "first-line"}
_BLOCK = re.compile(r"^```(\w+)(?: (>>)?(\S+))?\n(.*?)^```$", re.M | re.S)
_TIMEOUT_SECONDS = 120
_MARK = "--- next command ---"
# What differs from run to run, and what stands for it in a page.
_PASSING = (
    (re.compile(r"\b[0-9a-f]{12,64}\b"), "…"),
    (re.compile(r"ed25519:[\w-]{43}"), "ed25519:…"),
    (re.compile(r"\b(LIC|CUS)-[A-Z0-9]{10,12}\b"), r"\1-…"),
    (re.compile(r"^leaf  .*", re.M), "leaf  …"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:…"),
    (re.compile(r"token=[\w-]+"), "token=…"),
    (re.compile(r"until \d{4}-\d\d-\d\d"), "until …"),
    (re.compile(r'"created":"[^"]+"'), '"created":"…"'),
)


class Command(NamedTuple):
    """One command of a page, the output that the page promises, and what it printed."""

    text: str
    promised: str
    printed: str

    @property
    def agrees(self) -> bool:
        """Whether the page promises what was printed; empty lines do not count."""
        pattern = re.sub(r"([\[\]?*])", r"[\1]", _tidy(self.promised)).replace("…", "*")
        return fnmatchcase(_tidy(self.printed), pattern)


def play(page: Path) -> list[Command]:
    """Run a page in a temporary folder."""
    text = page.read_text("utf-8")
    script = "".join(_script(text, mark=True))
    if page.stem in AFTER:
        before = page.with_stem(AFTER[page.stem]).read_text("utf-8")
        unheard = "".join(_script(before, mark=False))
        script = f"exec 3>&1 >/dev/null 2>&1\n{unheard}\nexec >&3 2>&1\n{script}"
    with tempfile.TemporaryDirectory() as folder:
        printed = _run(script, Path(folder))
    asked = [command for language, *_, body in _blocks(text) for command in _asked(language, body)]
    pairs = zip(asked, printed, strict=True)
    return [Command(command, promised, out) for (command, promised), out in pairs]


def filled(page: Path) -> str:
    """Return a page with what its commands printed."""
    played = iter(play(page))

    def block(match: re.Match[str]) -> str:
        if match[1] != "console":
            return match[0]
        lines = []
        for _ in _asked(match[1], match[4]):
            command = next(played)
            out = command.promised if command.agrees else _without_passing(command.printed)
            lines += [f"$ {command.text}", *([_tidy(out)] if out.strip() else [])]
        return "\n".join(["```console", *lines, "```"])

    return _BLOCK.sub(block, page.read_text("utf-8"))


def _blocks(text: str) -> list[tuple[str, str, str, str]]:
    return _BLOCK.findall(text)


def _asked(language: str, body: str) -> Iterator[tuple[str, str]]:
    if language == "console":
        for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
            text, _, output = part.partition("\n")
            yield text, output


def _script(text: str, *, mark: bool) -> Iterator[str]:
    for language, append, path, body in _blocks(text):
        for command, _ in _asked(language, body):
            yield f"echo '{_MARK}'\n{command}\n" if mark else f"{command}\n"
        if path:
            yield f'mkdir -p "$(dirname {path})"\n'
            yield f"cat {append or '>'} {path} <<'END-OF-FILE'\n{body}END-OF-FILE\n"


def _run(script: str, folder: Path) -> list[str]:
    env = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "NO_PROXY": "127.0.0.1",
    }
    identity = "[user]\nname = Ada\nemail = ada@example.com\n[init]\ndefaultBranch = main\n"
    (folder / ".gitconfig").write_text(identity, "utf-8")
    with subprocess.Popen(
        ["bash"],
        cwd=folder,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as shell:
        try:
            said, _ = shell.communicate(script, timeout=_TIMEOUT_SECONDS)
        finally:
            # A page may have started a server; where it went wrong, nothing else ends it.
            with suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGTERM)
    parts = said.replace(f"{folder}/", "…/").split(_MARK)[1:]
    return [part.removeprefix("\n") for part in parts]


def _without_passing(text: str) -> str:
    for pattern, instead in _PASSING:
        text = pattern.sub(instead, text)
    return text


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())


def main(arguments: list[str]) -> int:
    """Fill the pages; with ``--check`` only compare. Returns the exit code of the process."""
    if "--check" not in arguments:
        for page in PAGES:
            page.write_text(filled(page), "utf-8")
        return 0
    wrong = [(page, one) for page in PAGES for one in play(page) if not one.agrees]
    for page, one in wrong:
        print(f"{page.name}: $ {one.text}\n--- promised\n{one.promised}--- printed\n{one.printed}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
