# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""The gate: closed with a reason, opened by a license; releases from before its end stay open."""

import io
import tempfile
import unittest
from argparse import Namespace
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from converge.door import Door
from coreline.licensing.issue import issue
from coreline.licensing.keys import RootKey, new_leaf
from coreline.licensing.model import IssueRequest
from coreline_sdk import Coreline
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from converge_enterprise import gate
from converge_enterprise.plugin import attach

NOW = datetime(2025, 9, 1, 6, 0, tzinfo=UTC)
ROOT = RootKey(Ed25519PrivateKey.generate())


def license_text(**changes: object) -> str:
    """Issue a license for 30 days."""
    fields: Mapping[str, object] = {
        "product": "converge",
        "issuer": "example.com",
        "license_id": "LIC-1",
        "customer_id": "CUS-1",
        "customer": "Acme",
        "edition": "enterprise",
        "features": {"fleet": {}},
        "starts": NOW,
        "expires": NOW + timedelta(days=30),
        **changes,
    }
    request = IssueRequest(**fields)  # type: ignore[arg-type]  # A test's own fields.
    return issue(request, new_leaf(ROOT, now=NOW), NOW).armor


class Gates(unittest.TestCase):
    """The commands that the plugin adds, run as converge runs them."""

    def run_command(
        self, *words: str, license_: str | None, days: float = 0.0, built: date = date(2025, 9, 1)
    ) -> tuple[int, str]:
        """Return exit code and everything said, so many days after the license was issued."""
        now = NOW.timestamp() + days * 86_400
        client = Coreline("converge", license_ or "", [ROOT.public], built, lambda: now)
        door, said = Door(), io.StringIO()
        with patch.object(gate, "license_", lambda: client):
            attach(door)
            (command,) = (one for one in door.commands if one.words == words)
            options = Namespace(folder=self.folder, format="text", silent_after_days=2.0)
            with redirect_stdout(said), redirect_stderr(said):
                code = command.run(options)
        return code, said.getvalue()

    def setUp(self) -> None:
        keeper = tempfile.TemporaryDirectory()
        self.addCleanup(keeper.cleanup)
        self.folder = Path(keeper.name)

    def test_without_a_license_it_says_why(self) -> None:
        code, said = self.run_command("fleet", "report", license_=None)
        self.assertEqual(code, gate.NOT_ENTITLED)
        self.assertIn("[unconfigured]", said)
        self.assertIn("hint:", said)

    def test_a_license_opens_what_it_holds_and_nothing_else(self) -> None:
        self.assertEqual(self.run_command("fleet", "report", license_=license_text())[0], 0)
        code, said = self.run_command("audit", license_=license_text())
        self.assertEqual(code, gate.NOT_ENTITLED)
        self.assertIn("[feature-not-licensed]", said)

    def test_after_the_end_a_release_from_before_stays_open(self) -> None:
        report = ("fleet", "report")
        self.assertEqual(self.run_command(*report, license_=license_text(), days=400)[0], 0)

    def test_after_the_end_a_newer_release_says_why(self) -> None:
        code, said = self.run_command(
            "fleet", "report", license_=license_text(), days=400, built=date(2026, 9, 1)
        )
        self.assertEqual(code, gate.NOT_ENTITLED)
        self.assertIn("[expired]", said)

    def test_grace_days_count(self) -> None:
        text = license_text(grace_days=14)
        for days, expected in ((35, 0), (45, gate.NOT_ENTITLED)):
            code, _ = self.run_command(
                "fleet", "report", license_=text, days=days, built=date(2026, 9, 1)
            )
            self.assertEqual(code, expected, days)

    def test_the_status_command_needs_no_license(self) -> None:
        code, said = self.run_command("enterprise", license_=None)
        self.assertEqual(code, 0)
        self.assertIn("No license is configured.", said)


if __name__ == "__main__":
    unittest.main()
