# SPDX-License-Identifier: Apache-2.0
"""SARIF 2.1.0 (OASIS), which code hosts show beside the changed lines."""

from collections.abc import Sequence
from typing import TextIO
from urllib.parse import quote

import msgspec

from coreline import __version__
from coreline.boundary.extension import Check, Format
from coreline.boundary.formats.json import encodable
from coreline.boundary.model import Finding, Report

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_Object = dict[str, object]


def to_sarif(report: Report, checks: Sequence[Check]) -> _Object:
    """Return a report as a SARIF log with one run."""
    rules = [{"id": check.name, "shortDescription": {"text": check.sentence}} for check in checks]
    indexes = {check.name: number for number, check in enumerate(checks)}
    invocation: _Object = {
        "executionSuccessful": True,
        "toolExecutionNotifications": [
            {
                "level": "note",
                "message": {"text": f"Not analyzed: {one.reason}."},
                "locations": [_location(one.path)],
            }
            for one in report.coverage.not_analyzed
        ],
    }
    run = {
        "tool": {"driver": {"name": "Coreline", "semanticVersion": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": [_result(finding, indexes) for finding in report.findings],
        "properties": {
            "grade": report.grade,
            "promise": report.promise,
            "kept": report.kept,
            "analyzed": report.coverage.analyzed,
        },
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(finding: Finding, indexes: dict[str, int]) -> _Object:
    region: _Object = {"startLine": finding.line, "startColumn": finding.column}
    if finding.text:
        region["snippet"] = {"text": finding.text}
    result: _Object = {
        "ruleId": finding.check,
        "level": "warning" if finding.grade == "tight" else "error",
        "message": {"text": f"{finding.message} {finding.hint}".strip()},
        "locations": [_location(finding.path, region)],
        "partialFingerprints": {"coreline/v1": finding.fingerprint},
        "properties": {
            "kind": finding.kind,
            "guard": finding.guard,
            "names": list(finding.names),
            "grade": finding.grade,
        },
    }
    if finding.baseline is not None:
        result["baselineState"] = finding.baseline
    if finding.baseline == "unchanged":
        why = "Known: it is in the project's baseline."
        result["suppressions"] = [{"kind": "external", "justification": why}]
    if finding.check in indexes:
        result["ruleIndex"] = indexes[finding.check]
    return result


def _location(path: str, region: _Object | None = None) -> _Object:
    # A name that is no UTF-8 keeps its bytes: an address may hold any of them, escaped.
    address = quote(path.encode("utf-8", "surrogateescape"))
    place: _Object = {"artifactLocation": {"uri": address, "uriBaseId": "%SRCROOT%"}}
    if region is not None:
        place["region"] = region
    return {"physicalLocation": place}


def _write(report: Report, out: TextIO, checks: Sequence[Check]) -> None:
    log = encodable(to_sarif(report, checks))
    out.write(msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n")


FORMAT = Format(
    name="sarif",
    sentence="SARIF 2.1.0, for code hosts and editors.",
    write=_write,
)
