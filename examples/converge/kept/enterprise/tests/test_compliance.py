# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""The audit: each check passes and fails, with evidence; mistakes of a policy are all named."""

import hashlib
import tempfile
import unittest
from pathlib import Path

from converge.declaration import parse_declaration
from converge.errors import ConvergeError
from converge.machine import RealMachine

from converge_enterprise.compliance.audit import Verdict, audit
from converge_enterprise.compliance.policy import read_policy


class Audits(unittest.TestCase):
    """Rules against a machine."""

    def setUp(self) -> None:
        keeper = tempfile.TemporaryDirectory()
        self.addCleanup(keeper.cleanup)
        self.folder = Path(keeper.name)
        self.file = self.folder / "sshd_config"
        self.file.write_text("# sshd\nPermitRootLogin no\n", "utf-8")
        self.file.chmod(0o644)

    def verdict(self, check: str, path: Path | None = None) -> Verdict:
        """Return how one rule comes out."""
        where = f'\npath = "{path or self.file}"'
        rules = read_policy(f"[rule.r]\n{check}{where}")
        text = '[file.motd]\npath = "motd"\ncontent = ""'
        declaration = parse_declaration(text, self.folder / "converge.toml")
        (verdict,) = audit(rules, RealMachine(), declaration)
        return verdict

    def test_contains_and_forbids(self) -> None:
        found = self.verdict("contains = '^PermitRootLogin no$'")
        self.assertTrue(found.passed)
        self.assertIn(f"{self.file}:2: PermitRootLogin no", found.evidence)
        digest = hashlib.sha256(self.file.read_bytes()).hexdigest()
        self.assertIn(digest, found.evidence)
        self.assertFalse(self.verdict("contains = 'X11Forwarding no'").passed)
        self.assertFalse(self.verdict("forbids = 'PermitRootLogin'").passed)
        self.assertTrue(self.verdict("forbids = 'PermitRootLogin yes'").passed)

    def test_a_missing_file_holds_nothing(self) -> None:
        missing = self.folder / "no-such"
        self.assertFalse(self.verdict("contains = 'x'", missing).passed)
        self.assertTrue(self.verdict("forbids = 'x'", missing).passed)
        self.assertFalse(self.verdict("mode_max = '0644'", missing).passed)

    def test_a_link_proves_nothing(self) -> None:
        link = self.folder / "link"
        link.symlink_to(self.file)
        self.assertFalse(self.verdict("forbids = 'x'", link).passed)

    def test_mode_max(self) -> None:
        self.assertTrue(self.verdict("mode_max = '0644'").passed)
        self.assertFalse(self.verdict("mode_max = '0640'").passed)

    def test_declared(self) -> None:
        self.assertTrue(self.verdict("declared = 'file.motd'").passed)
        self.assertFalse(self.verdict("declared = 'file.other'").passed)
        (verdict,) = audit(read_policy('[rule.r]\ndeclared = "file.motd"'), RealMachine(), None)
        self.assertFalse(verdict.passed)

    def test_mistakes_of_a_policy_are_named_together(self) -> None:
        text = (
            '[rule.a]\ncontains = "("\npath = "x"\n[rule.b]\nforbids = "x"\n'
            '[rule.c]\n[rule.d]\nmode_max = "9"\npath = "x"\ncolor = "red"\n'
        )
        with self.assertRaises(ConvergeError) as caught:
            read_policy(text)
        said = caught.exception.message
        for part in ("rule.a: not a regular", "rule.b: forbids needs", "rule.c: exactly one"):
            self.assertIn(part, said)
        self.assertIn("rule.d: unknown key color", said)
        self.assertIn("rule.d: mode_max is written", said)
        for empty in ("", "["):
            with self.assertRaises(ConvergeError):
                read_policy(empty)


if __name__ == "__main__":
    unittest.main()
