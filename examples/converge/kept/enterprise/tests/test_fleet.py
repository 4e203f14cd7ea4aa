# SPDX-License-Identifier: LicenseRef-Converge-Enterprise
"""The fleet report: which run counts, what drift is, who is silent, what cannot be read."""

import csv
import io
import json
import tempfile
import unittest
from datetime import UTC, datetime, timedelta
from pathlib import Path

from converge_enterprise.fleet.reports import RunReport, Unreadable, read_reports
from converge_enterprise.fleet.show import as_csv, as_json, as_text
from converge_enterprise.fleet.summary import Fleet, summarize

NOW = datetime(2025, 9, 1, 6, 0, tzinfo=UTC)


def report(
    host: str, hours_ago: float, mode: str = "plan", changed: str = "", failed: str = ""
) -> RunReport:
    """Return one run."""
    at = NOW - timedelta(hours=hours_ago)
    return RunReport(host, at, mode, tuple(changed.split()), tuple(failed.split()), 3)


def fleet(*reports: RunReport | Unreadable) -> Fleet:
    """Return the summary of some runs."""
    return summarize(reports, NOW, timedelta(days=2))


class Summaries(unittest.TestCase):
    """The rules."""

    def test_each_state_worst_first(self) -> None:
        found = fleet(
            report("ok", 1),
            report("drifted", 1, changed="file.a"),
            report("applied", 1, "apply", changed="file.a"),
            report("failed", 1, failed="command.c"),
            report("silent", 49, changed="file.a"),
        )
        states = [(machine.host, machine.state) for machine in found.machines]
        expected = [
            ("failed", "failed"),
            ("silent", "silent"),
            ("drifted", "drift"),
            ("applied", "ok"),
            ("ok", "ok"),
        ]
        self.assertEqual(states, expected)

    def test_the_newest_run_counts(self) -> None:
        (machine,) = fleet(
            report("web1", 1), report("web1", 5, failed="x"), report("web1", 3, changed="y")
        ).machines
        self.assertEqual((machine.state, machine.runs), ("ok", 3))


class Files(unittest.TestCase):
    """Reading what machines left behind."""

    def setUp(self) -> None:
        keeper = tempfile.TemporaryDirectory()
        self.addCleanup(keeper.cleanup)
        self.folder = Path(keeper.name)

    def write(self, name: str, body: object) -> None:
        """Write one file."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(body if isinstance(body, str) else json.dumps(body), "utf-8")

    def test_reports_below_the_folder(self) -> None:
        result = {"resource": "file.a", "status": "skipped"}
        body = {"schema": 1, "host": "web1", "mode": "plan", "results": [result]}
        self.write("web1/a.json", {**body, "at": "2025-09-01T05:00:00+00:00"})
        (found,) = read_reports(self.folder)
        at = NOW - timedelta(hours=1)
        self.assertEqual(found, RunReport("web1", at, "plan", (), ("file.a",), 1))

    def test_what_is_no_report_is_named(self) -> None:
        good = {"schema": 1, "host": "h", "at": "2025-09-01T05:00:00", "mode": "plan"}
        bodies = ["{", "[]", {"schema": 2}, {**good, "results": []}, {"schema": 1}]
        for number, body in enumerate(bodies):
            self.write(f"{number}.json", body)
        found = list(read_reports(self.folder))
        self.assertEqual([type(item) for item in found], [Unreadable] * len(bodies))
        # All of them are Unreadable, as the line above asserts and mypy cannot see.
        self.assertIn("its time has no zone", found[3].reason)  # type: ignore[union-attr]


class Shows(unittest.TestCase):
    """Text, JSON and CSV say the same."""

    def test_all(self) -> None:
        found = fleet(report("web1", 1), report("web22", 1, changed="file.a file.b"))
        text = as_text(found).splitlines()
        self.assertEqual(text[0], "drift   web22  2025-09-01 05:00  file.a, file.b")
        self.assertEqual(text[-1], "2 machines: 1 ok, 1 drift, 0 failed, 0 silent")
        body = json.loads(as_json(found))
        self.assertEqual([m["state"] for m in body["machines"]], ["drift", "ok"])
        rows = list(csv.DictReader(io.StringIO(as_csv(found))))
        self.assertEqual([row["drift"] for row in rows], ["file.a file.b", ""])

    def test_a_file_that_cannot_be_read_is_shown(self) -> None:
        self.assertIn("unreadable  x: torn", as_text(fleet(Unreadable("x", "torn"))))


if __name__ == "__main__":
    unittest.main()
