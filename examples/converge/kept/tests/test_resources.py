# SPDX-License-Identifier: Apache-2.0
"""Each kind of resource: made, changed, left alone, taken away, refused."""

import sys
import unittest

from tests.support import FolderTest


class Files(FolderTest):
    """Content, modes, backups; nothing half written, no link followed."""

    def test_create_then_nothing_to_do(self) -> None:
        text = '[file.a]\npath = "a"\ncontent = "x\\n"\nmode = "0600"'
        self.assertEqual(self.status(text), {"file.a": "changed"})
        self.assertEqual((self.folder / "a").stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.status(text), {"file.a": "unchanged"})

    def test_an_update_keeps_the_mode_and_a_backup(self) -> None:
        path = self.write("a", "old\n", 0o640)
        (result,) = self.apply('[file.a]\npath = "a"\ncontent = "new\\n"\nbackup = true')
        self.assertEqual(result.action, "update")
        self.assertIn("-old\n+new\n", result.diff)
        self.assertEqual(path.stat().st_mode & 0o777, 0o640)
        self.assertEqual(self.listing(), {"a": "new\n", "a.before-converge": "old\n"})

    def test_a_secret_is_not_shown(self) -> None:
        text = '[file.a]\npath = "a"\ncontent = "hunter2"\nsecret = true'
        (result,) = self.apply(text)
        self.assertNotIn("hunter2", result.diff + result.summary)

    def test_only_the_mode(self) -> None:
        self.write("a", "mine\n", 0o644)
        (result,) = self.apply('[file.a]\npath = "a"\nmode = "0600"')
        self.assertIn("0644 → 0600", result.summary)
        self.assertEqual(self.listing(), {"a": "mine\n"})

    def test_source(self) -> None:
        self.write("template", "from a file\n")
        self.apply('[file.a]\npath = "a"\nsource = "template"')
        self.assertEqual(self.listing()["a"], "from a file\n")

    def test_binary_content_has_no_difference_to_show(self) -> None:
        (self.folder / "template").write_bytes(b"\xff\x00")
        (result,) = self.apply('[file.a]\npath = "a"\nsource = "template"')
        self.assertIn("binary", result.diff)

    def test_absent(self) -> None:
        self.write("a", "x")
        text = '[file.a]\npath = "a"\nstate = "absent"'
        self.assertEqual(self.status(text), {"file.a": "changed"})
        self.assertEqual(self.status(text), {"file.a": "unchanged"})

    def test_a_link_is_never_followed(self) -> None:
        victim = self.write("victim", "precious\n")
        (self.folder / "a").symlink_to(victim)
        for rest in ('content = "x"', 'state = "absent"', 'mode = "0777"'):
            (result,) = self.apply(f'[file.a]\npath = "a"\n{rest}')
            self.assertEqual(result.status, "failed", rest)
            self.assertIn("is a link", result.summary)
        self.assertEqual(victim.read_text(), "precious\n")
        self.assertEqual(victim.stat().st_mode & 0o777, 0o644)

    def test_a_missing_folder_is_named(self) -> None:
        (result,) = self.apply('[file.a]\npath = "no/a"\ncontent = ""')
        self.assertIn("Declare it: [directory.NAME]", result.summary)


class Directories(FolderTest):
    """Directories and what is in them."""

    def test_create_set_mode_remove(self) -> None:
        create = '[directory.d]\npath = "d"\nmode = "0700"'
        self.assertEqual(self.status(create), {"directory.d": "changed"})
        self.assertEqual(self.status(create), {"directory.d": "unchanged"})
        (self.folder / "d").chmod(0o755)
        self.assertEqual(self.status(create), {"directory.d": "changed"})
        remove = '[directory.d]\npath = "d"\nstate = "absent"'
        self.assertEqual(self.status(remove), {"directory.d": "changed"})
        self.assertEqual(self.listing(), {})

    def test_one_that_is_not_empty_stays(self) -> None:
        (self.folder / "d").mkdir()
        self.write("d/mine", "x")
        (result,) = self.apply('[directory.d]\npath = "d"\nstate = "absent"')
        self.assertEqual(result.status, "failed")
        self.assertEqual(self.listing(), {"d": "/", "d/mine": "x"})


class Lines(FolderTest):
    """One line of a file that is someone else's."""

    def test_append_once(self) -> None:
        self.write("a", "one\ntwo")
        text = '[line.l]\npath = "a"\nline = "three"'
        self.assertEqual(self.status(text), {"line.l": "changed"})
        self.assertEqual(self.listing(), {"a": "one\ntwo\nthree\n"})
        self.assertEqual(self.status(text), {"line.l": "unchanged"})

    def test_replace_the_last_match(self) -> None:
        self.write("a", "x=1\ny=1\nx=2\r\n")
        self.apply('[line.l]\npath = "a"\nline = "x=3"\nmatch = "^x="')
        self.assertEqual((self.folder / "a").read_bytes(), b"x=1\ny=1\nx=3\r\n")

    def test_absent(self) -> None:
        self.write("a", "x=1\ny=1\nx=2\n")
        text = '[line.l]\npath = "a"\nline = "x=1"\nmatch = "^x="\nstate = "absent"'
        self.assertEqual(self.status(text), {"line.l": "changed"})
        self.assertEqual(self.listing(), {"a": "y=1\n"})

    def test_two_lines_of_one_file(self) -> None:
        text = '[line.a]\npath = "f"\nline = "a"\n[line.b]\npath = "f"\nline = "b"'
        self.apply(text)
        self.assertEqual(self.listing(), {"f": "a\nb\n"})

    def test_bytes_that_are_not_text_are_left_alone(self) -> None:
        (self.folder / "a").write_bytes(b"\xff")
        self.assertEqual(
            self.status('[line.l]\npath = "a"\nline = "x"'),
            {"line.l": "failed"},
        )


class Links(FolderTest):
    """Symbolic links."""

    def test_create_point_elsewhere_remove(self) -> None:
        for target, status in (("x", "changed"), ("x", "unchanged"), ("y", "changed")):
            text = f'[link.l]\npath = "l"\ntarget = "{target}"'
            self.assertEqual(self.status(text), {"link.l": status})
        self.assertEqual(self.listing(), {"l": "→ y"})
        self.apply('[link.l]\npath = "l"\nstate = "absent"')
        self.assertEqual(self.listing(), {})

    def test_a_file_is_not_replaced_by_a_link(self) -> None:
        self.write("l", "mine")
        text = '[link.l]\npath = "l"\ntarget = "x"'
        self.assertEqual(self.status(text), {"link.l": "failed"})


class Commands(FolderTest):
    """Guards say when a command need not run."""

    def count(self, guard: str, before: str = "") -> dict[str, str]:
        """Apply a command that creates ``made``."""
        program = "import pathlib; pathlib.Path('made').touch()"
        words = f'["{sys.executable}", "-c", "{program}"]'
        return self.status(f"{before}\n[command.c]\nrun = {words}\n{guard}")

    def test_creates(self) -> None:
        self.assertEqual(self.count('creates = "made"'), {"command.c": "changed"})
        self.assertEqual(self.count('creates = "made"'), {"command.c": "unchanged"})

    def test_unless_and_onlyif(self) -> None:
        test = '["test", "-e", "made"]'
        self.assertEqual(self.count(f"onlyif = {test}"), {"command.c": "unchanged"})
        self.assertEqual(self.count(f"unless = {test}"), {"command.c": "changed"})
        self.assertEqual(self.count(f"unless = {test}"), {"command.c": "unchanged"})
        self.assertEqual(self.count(f"onlyif = {test}"), {"command.c": "changed"})

    def test_on_change(self) -> None:
        file = '[file.a]\npath = "a"\ncontent = "x"'
        guard = 'on_change = ["file.a"]'
        self.assertEqual(self.count(guard, file)["command.c"], "changed")
        self.assertEqual(self.count(guard, file)["command.c"], "unchanged")

    def test_failures_say_why(self) -> None:
        cases = {
            '["sh", "-c", "echo no room; exit 3"]': "sh ended with 3: no room",
            '["no-such-program"]': "no-such-program is not installed",
            '["sleep", "5"]\ntimeout_seconds = 0.05': "took longer than 0.05 seconds",
        }
        for words, expected in cases.items():
            (result,) = self.apply(f'[command.c]\nrun = {words}\ncreates = "x"')
            self.assertEqual(result.status, "failed")
            self.assertIn(expected, result.summary)


if __name__ == "__main__":
    unittest.main()
