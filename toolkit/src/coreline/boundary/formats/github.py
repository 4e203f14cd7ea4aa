# SPDX-License-Identifier: Apache-2.0
"""Annotations of GitHub Actions: workflow commands that show findings beside the changed lines."""

from collections.abc import Iterator, Sequence
from typing import TextIO

from coreline.boundary.extension import Check, Format
from coreline.boundary.formats.text import safe, summary
from coreline.boundary.model import Report
from coreline.boundary.reasons import severity


def to_commands(report: Report) -> Iterator[str]:
    """Yield a workflow command for each finding and each file that was not analyzed.

    GitHub Actions, "Workflow commands": a message escapes percent signs and line ends, a property
    colons and commas as well.
    """
    for finding in report.findings:
        if finding.baseline == "unchanged":
            # A pull request shows what it brings.
            continue
        text = f"{finding.message} {finding.hint}".strip()
        properties = {
            "file": finding.path,
            "line": str(finding.line),
            "col": str(finding.column),
            "title": f"Coreline: {finding.check}",
        }
        yield _command(severity(report.promise, finding), properties, text)
    for one in report.coverage.not_analyzed:
        properties = {"file": one.path, "title": "Coreline: not analyzed"}
        yield _command("notice", properties, f"Not analyzed: {one.reason}.")


def _command(name: str, properties: dict[str, str], message: str) -> str:
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {listed}::{_message(message)}"


def _message(text: str) -> str:
    return _shown(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _shown(text: str) -> str:
    # What a log could take for the end of a command is escaped already; the rest stays readable.
    return safe(text)


def _write(report: Report, out: TextIO, _checks: Sequence[Check]) -> None:
    for command in to_commands(report):
        out.write(command + "\n")
    out.write(summary(report) + "\n")


FORMAT = Format(
    name="github",
    sentence="Annotations of GitHub Actions, beside the changed lines of a pull request.",
    write=_write,
)
