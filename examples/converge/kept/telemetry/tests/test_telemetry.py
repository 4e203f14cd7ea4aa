# SPDX-License-Identifier: Apache-2.0
"""Nothing without consent; with it, an install once and a run each time, and no more than said."""

import atexit
import json
import os
import tempfile
import unittest
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from converge.door import Door
from converge.report import Report
from coreline_sdk.transport import FakeTransport

import converge_telemetry

REPORT = Report("web1", datetime(2025, 9, 1, tzinfo=UTC), "apply", "converge.toml", ())


class Consent(unittest.TestCase):
    """What is sent, by what the environment says."""

    def setUp(self) -> None:
        keeper = tempfile.TemporaryDirectory()
        self.addCleanup(keeper.cleanup)
        self.folder = Path(keeper.name)

    def sent(self, **environment: str) -> list[dict[str, object]]:
        """Return the events of one run of a process with some environment."""
        fake = FakeTransport()
        converge_telemetry.telemetry.cache_clear()
        everything = {"XDG_CONFIG_HOME": str(self.folder), **environment}
        with (
            patch.dict(os.environ, everything),
            patch.object(converge_telemetry, "UrllibTransport", lambda seconds: fake),
        ):
            door = Door()
            converge_telemetry.attach(door)
            door.report(REPORT)
            sender = converge_telemetry.telemetry()
        if sender is not None:
            atexit.unregister(sender.flush)
            sender.close()
        lines = [line for sent in fake.sent for line in sent.body.splitlines()]
        return [json.loads(line) for line in lines]

    def test_nothing_without_consent(self) -> None:
        self.assertEqual(self.sent(), [])
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_do_not_track_beats_consent(self) -> None:
        address = {"CONVERGE_TELEMETRY": "https://example.com", "DO_NOT_TRACK": "1"}
        self.assertEqual(self.sent(**address), [])

    def test_an_install_once_and_each_run(self) -> None:
        first = self.sent(CONVERGE_TELEMETRY="https://example.com")
        second = self.sent(CONVERGE_TELEMETRY="https://example.com/")
        self.assertEqual([event["name"] for event in first], ["install", "active"])
        self.assertEqual([event["name"] for event in second], ["active"])
        self.assertEqual(len({event["install"] for event in first + second}), 1)

    def test_no_more_than_the_readme_says(self) -> None:
        known = {"id", "install", "name", "at", "product", "version", "signals"}
        for event in self.sent(CONVERGE_TELEMETRY="https://example.com"):
            self.assertLessEqual(set(event), known)
            self.assertNotIn("web1", json.dumps(event))


if __name__ == "__main__":
    unittest.main()
