# SPDX-License-Identifier: Apache-2.0
"""Mistakes in a declaration: all in one run, each with its line."""

import unittest
from pathlib import Path

from converge.declaration import parse_declaration, read_declaration
from converge.errors import ConvergeError
from tests.support import FolderTest


class Mistakes(FolderTest):
    """Every mistake says where it is and what to write instead."""

    def test_all_in_one_run_in_the_order_of_lines(self) -> None:
        text = '[file.a]\npath = "a"\ncontents = "x"\n\n[line.b]\nline = "x"\nmode = "0644"\n'
        said = self.mistakes(text).splitlines()
        self.assertEqual(
            said,
            [
                'converge.toml:3: file.a: unknown key "contents"; did you mean "content"?',
                "converge.toml:5: line.b: path is missing.",
                'converge.toml:7: line.b: unknown key "mode"; known are line, path, match, '
                "state, backup, after, requires.",
            ],
        )

    def test_each_kind_of_mistake(self) -> None:
        cases = {
            '[fil.a]\npath = "a"': "did you mean file?",
            "file = 3": "file must be tables: [file.NAME].",
            '[file]\npath = "a"': "give it a name: [file.NAME], then path.",
            "[file.a]\npath = 3": ":2: file.a: path must be a string.",
            '[file.a]\npath = ""': ":2: file.a: path is empty.",
            '[file.a]\npath = "a"\nmode = "999"': 'mode is "999"; write octal digits',
            '[file.a]\npath = "a"\nstate = "gone"': 'write "present" or "absent"',
            '[file.a]\npath = "a"\ncontent = ""\nsource = "b"': "exclude each other",
            '[file.a]\npath = "a"\nsource = "no-such"': "cannot be read: No such file",
            '[file.a]\npath = "a"\nafter = "b"': "after must be a list of strings",
            '[file.a]\npath = "a"\nafter = []': "after must be a list of strings, none empty",
            '[line.a]\npath = "a"\nline = "a\\nb"': "holds a line break",
            '[line.a]\npath = "a"\nline = "a"\nmatch = "("': "not a regular expression",
            '[command.a]\nrun = ["true"]': "has no guard",
            '[command.a]\nrun = ["true"]\ncreates = "x"\ntimeout_seconds = 0': "more than 0",
            '[file.a]\npath = "a"\nafter = ["file.b"]': "file.b is not declared",
            '[file.a]\npath = "a"\n[link.b]\npath = "a"\ntarget = "c"': "file.a already declares",
            "[file.a": "Expected",
        }
        for text, expected in cases.items():
            with self.subTest(text):
                self.assertIn(expected, self.mistakes(text))

    def test_keys_in_a_long_text_are_not_taken_for_keys(self) -> None:
        text = '[file.a]\npath = "a"\ncontent = """\nmode = 1\n"""\nmode = "9"\n'
        self.assertIn("converge.toml:6: file.a: mode", self.mistakes(text))

    def test_a_file_that_cannot_be_read(self) -> None:
        with self.assertRaises(ConvergeError) as caught:
            read_declaration(self.folder / "no-such.toml")
        self.assertIn("docs/declaration.md", caught.exception.hint)


class Order(FolderTest):
    """What others need comes first; else the order of the text."""

    def order(self, text: str) -> list[str]:
        """Return the order in which resources are applied."""
        declaration = parse_declaration(text, Path("converge.toml"))
        return [resource.id for resource in declaration.resources]

    def test_ties_and_folders_come_first(self) -> None:
        text = (
            '[command.c]\nrun = ["true"]\non_change = ["file.a"]\n'
            '[file.b]\npath = "b"\nafter = ["link.l"]\n'
            '[file.a]\npath = "d/a"\n'
            '[link.l]\npath = "l"\ntarget = "x"\n'
            '[directory.d]\npath = "d"\n'
        )
        expected = ["directory.d", "file.a", "command.c", "link.l", "file.b"]
        self.assertEqual(self.order(text), expected)

    def test_a_cycle_is_named(self) -> None:
        text = (
            '[file.a]\npath = "a"\nafter = ["file.b"]\n'
            '[file.b]\npath = "b"\nrequires = ["file.c"]\n'
            '[file.c]\npath = "c"\nafter = ["file.b"]\n'
        )
        said = self.mistakes(text)
        self.assertIn("converge.toml:4: waits for itself: file.b → file.c → file.b", said)


if __name__ == "__main__":
    unittest.main()
