# SPDX-License-Identifier: Apache-2.0
"""JUnit XML, which every build server can show as a list of tests that failed."""

import re
from collections.abc import Iterable, Sequence
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from coreline.boundary.extension import Check, Format
from coreline.boundary.model import Finding, NotAnalyzed, Report
from coreline.boundary.reasons import severity

# XML 1.0, section 2.2: no other characters can stand in a document, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_xml(report: Report, checks: Sequence[Check]) -> str:
    """Return a report as a document: a suite for each check, a test for each finding.

    A check without findings is a test that passed; a finding that the promise allows is one too,
    with the finding as its output.
    """
    names = [check.name for check in checks]
    names += sorted({one.check for one in report.findings} - set(names))
    sentences = {check.name: check.sentence for check in checks}
    suites = [
        _suite(name, sentences.get(name, ""), _of(name, report.findings), report) for name in names
    ]
    suites.append(_unknown(report.coverage.not_analyzed))
    tests = sum(tests for tests, _, _ in suites)
    failures = sum(failures for _, failures, _ in suites)
    head = f'<testsuites name="coreline" tests="{tests}" failures="{failures}">'
    body = "\n".join(text for _, _, text in suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{body}\n</testsuites>\n'


def _of(check: str, findings: Iterable[Finding]) -> list[Finding]:
    return [one for one in findings if one.check == check]


def _suite(
    name: str, sentence: str, findings: Sequence[Finding], report: Report
) -> tuple[int, int, str]:
    cases = [_case(one, report) for one in findings]
    if not cases:
        cases = [f"<testcase classname={_attribute(name)} name={_attribute(sentence)}/>"]
    failures = sum(severity(report.promise, one) == "error" for one in findings)
    head = f"<testsuite name={_attribute(name)}"
    head += f' tests="{len(cases)}" failures="{failures}" errors="0" skipped="0">'
    return len(cases), failures, "\n".join(("  " + head, *cases, "  </testsuite>"))


def _case(finding: Finding, report: Report) -> str:
    place = f"{finding.path}:{finding.line}:{finding.column}"
    head = f"    <testcase classname={_attribute(finding.check)} name={_attribute(place)}"
    head += f' file={_attribute(finding.path)} line="{finding.line}">'
    said = "\n".join(part for part in (finding.message, finding.text.strip(), finding.hint) if part)
    if severity(report.promise, finding) == "warning":
        return f"{head}<system-out>{_text(said)}</system-out></testcase>"
    kind = f"type={_attribute(finding.kind)} message={_attribute(finding.message)}"
    return f"{head}<failure {kind}>{_text(said)}</failure></testcase>"


def _unknown(files: Sequence[NotAnalyzed]) -> tuple[int, int, str]:
    cases = "\n".join(
        f'    <testcase classname="not analyzed" name={_attribute(one.path)}>'
        f"<skipped message={_attribute(one.reason)}/></testcase>"
        for one in files
    )
    number = len(files)
    head = f'  <testsuite name="not analyzed" tests="{number}" failures="0" errors="0"'
    return number, 0, f'{head} skipped="{number}">\n{cases}\n  </testsuite>'


def _text(text: str) -> str:
    return escape(_clean(text))


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    plain = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return _FORBIDDEN.sub("\ufffd", plain)


def _write(report: Report, out: TextIO, checks: Sequence[Check]) -> None:
    out.write(to_xml(report, checks))


FORMAT = Format(
    name="junit",
    sentence="JUnit XML, for build servers: a suite for each check, a failed test a finding.",
    write=_write,
)
