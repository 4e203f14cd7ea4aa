# SPDX-License-Identifier: Apache-2.0
"""A folder of its own for every test, and short ways to run a declaration in it."""

import tempfile
import unittest
from pathlib import Path

from converge.declaration import parse_declaration
from converge.engine import run
from converge.errors import DeclarationError
from converge.machine import RealMachine
from converge.model import Result
from converge.rehearsal import Rehearsal


class FolderTest(unittest.TestCase):
    """A test with an empty folder."""

    def setUp(self) -> None:
        """Make the folder."""
        keeper = tempfile.TemporaryDirectory()
        self.addCleanup(keeper.cleanup)
        self.folder = Path(keeper.name)

    def plan(self, text: str) -> list[Result]:
        """Return what applying a declaration would do."""
        declaration = parse_declaration(text, self.folder / "converge.toml")
        return list(run(declaration, Rehearsal(RealMachine())))

    def apply(self, text: str) -> list[Result]:
        """Apply a declaration."""
        declaration = parse_declaration(text, self.folder / "converge.toml")
        return list(run(declaration, RealMachine()))

    def status(self, text: str) -> dict[str, str]:
        """Apply a declaration and return how each resource ended."""
        return {result.resource: result.status for result in self.apply(text)}

    def mistakes(self, text: str) -> str:
        """Return the message about a declaration that has mistakes."""
        with self.assertRaises(DeclarationError) as caught:
            parse_declaration(text, Path("converge.toml"))
        return str(caught.exception)

    def write(self, name: str, text: str, mode: int = 0o644) -> Path:
        """Write a file in the folder."""
        path = self.folder / name
        path.write_text(text, "utf-8")
        path.chmod(mode)
        return path

    def listing(self) -> dict[str, str]:
        """Return every file and link of the folder with its content or target."""
        found = {}
        for path in sorted(self.folder.rglob("*")):
            name = str(path.relative_to(self.folder))
            if path.is_symlink():
                found[name] = f"→ {path.readlink()}"
            elif path.is_file():
                found[name] = path.read_text("utf-8")
            else:
                found[name] = "/"
        return found
