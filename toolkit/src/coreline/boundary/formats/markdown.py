# SPDX-License-Identifier: Apache-2.0
"""A Markdown summary, for the page of a build or a comment on a pull request."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TextIO

from coreline.boundary.extension import Check, Format
from coreline.boundary.formats.text import safe, summary
from coreline.boundary.model import Finding, Report

FINDINGS_MAX = 50
"""More findings of one check are counted, not listed: a comment may have 65,536 characters."""


def to_markdown(report: Report, checks: Sequence[Check]) -> Iterator[str]:
    """Yield the lines of the summary."""
    yield f"## Coreline: {'kept' if report.kept else 'broken promise'}"
    yield ""
    yield _escaped(summary(report))
    yield ""
    if report.findings:
        yield from _table(report, checks)
    order = {check.name: number for number, check in enumerate(checks)}
    found = sorted(report.findings, key=lambda one: order.get(one.check, len(order)))
    for name, group in groupby(found, key=lambda one: one.check):
        yield from _details(name, list(group))
    if report.coverage.not_analyzed:
        yield from _not_analyzed(report)


def _table(report: Report, checks: Sequence[Check]) -> Iterator[str]:
    counted = Counter((one.check, one.grade) for one in report.findings)
    yield "| check | broken | tight | other |"
    yield "|---|---:|---:|---:|"
    names = [check.name for check in checks]
    names += sorted({one.check for one in report.findings} - set(names))
    for name in names:
        cells = [counted[name, grade] for grade in ("broken", "tight", None)]
        if any(cells):
            yield f"| {name} | " + " | ".join(str(cell or "") for cell in cells) + " |"
    yield ""


def _details(name: str, findings: Sequence[Finding]) -> Iterator[str]:
    yield f"<details><summary><b>{name}</b>: {len(findings):,}</summary>"
    yield ""
    for finding in findings[:FINDINGS_MAX]:
        grade = f" **{finding.grade}**" if finding.grade else ""
        yield f"- {_code(f'{finding.path}:{finding.line}')}{grade} {_escaped(finding.message)}"
        if finding.hint:
            yield f"  <br>{_escaped(finding.hint)}"
    if len(findings) > FINDINGS_MAX:
        yield f"- and {len(findings) - FINDINGS_MAX:,} more"
    yield ""
    yield "</details>"
    yield ""


def _not_analyzed(report: Report) -> Iterator[str]:
    files = report.coverage.not_analyzed
    yield f"<details><summary>not analyzed: {len(files):,}</summary>"
    yield ""
    for one in files[:FINDINGS_MAX]:
        yield f"- {_code(one.path)} {_escaped(one.reason)}"
    if len(files) > FINDINGS_MAX:
        yield f"- and {len(files) - FINDINGS_MAX:,} more"
    yield ""
    yield "</details>"


_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~@])")


def _escaped(text: str) -> str:
    """Return a text in which nothing is markup, and nobody is called by an @."""
    return _SPECIAL.sub(r"\\\1", safe(text))


def _code(text: str) -> str:
    """Return a text as code; more back quotes than it has stand around it (CommonMark, 6.1)."""
    shown = safe(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if "`" in shown else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _write(report: Report, out: TextIO, checks: Sequence[Check]) -> None:
    out.write("\n".join(to_markdown(report, checks)).rstrip() + "\n")


FORMAT = Format(
    name="markdown",
    sentence="A summary in Markdown, for the page of a build or a comment on a pull request.",
    write=_write,
)
