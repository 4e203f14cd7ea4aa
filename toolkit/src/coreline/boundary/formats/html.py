# SPDX-License-Identifier: Apache-2.0
"""One HTML page that stands alone: it can be mailed, kept as an artifact, and read offline."""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from html import escape
from itertools import groupby
from typing import TextIO

from coreline.boundary.extension import Check, Format
from coreline.boundary.formats.text import safe, summary
from coreline.boundary.model import Finding, Report
from coreline.boundary.page.style import SCRIPT, STYLE

FINDINGS_MAX = 5000
"""More findings than a browser can well show are counted; the JSON format has them all."""


def to_html(report: Report, checks: Sequence[Check]) -> Iterator[str]:
    """Yield the parts of the page."""
    yield _head(report)
    yield _verdict(report)
    if report.drift_svg:
        yield '<h2>The line through time</h2>\n<figure role="img" aria-label="drift">'
        yield f"{report.drift_svg}</figure>\n"
    sentences = {check.name: check.sentence for check in checks}
    order = {check.name: number for number, check in enumerate(checks)}
    found = sorted(report.findings, key=lambda one: order.get(one.check, len(order)))
    if found:
        yield _tools(found)
    for name, group in groupby(found[:FINDINGS_MAX], key=lambda one: one.check):
        sentence = _text(sentences.get(name, ""))
        yield f'<h2>{escape(name)} <span class="soft">{sentence}</span></h2>\n'
        for path, of_file in groupby(group, key=lambda one: one.path):
            yield from _file(path, list(of_file))
    if len(found) > FINDINGS_MAX:
        yield f'<p class="soft">and {len(found) - FINDINGS_MAX:,} more: see --format json</p>\n'
    yield from _unknown(report)
    yield from _notes(report)
    yield f"</main>\n{f'<script>{SCRIPT}</script>' if found else ''}\n</body></html>"


def _head(report: Report) -> str:
    # Whatever is in the checked tree, the page runs its own script and loads nothing.
    digest = b64encode(sha256(SCRIPT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Coreline: {_text(_said(report))}</title>\n"
        f"<style>{STYLE}</style></head>\n<body><main>\n"
    )


def _verdict(report: Report) -> str:
    word = "kept" if report.kept else "broken"
    title = "The promise is kept" if report.kept else "The promise is broken"
    counted = Counter(finding.grade for finding in report.findings)
    coverage = report.coverage
    cards = (
        _looked_for(report),
        (f"{counted['broken']:,}", "need the wrap", "broken" if counted["broken"] else ""),
        (f"{counted['tight']:,}", "know the wrap", "tight" if counted["tight"] else ""),
        (f"{counted[None]:,}", "other findings", ""),
        (f"{coverage.analyzed:,}", "files analyzed", ""),
        (f"{len(coverage.not_analyzed):,}", "not analyzed", ""),
    )
    listed = "".join(
        f'<li><b class="{style}">{escape(number)}</b><span class="soft">{escape(said)}</span></li>'
        for number, said, style in cards
    )
    return (
        f'<h1 class="{word}">{title}</h1>\n<p class="soft">Checked: {_text(_checked(report))}</p>\n'
        f'<p>{_text(summary(report))}</p>\n<ul class="cards">{listed}</ul>\n'
    )


def _said(report: Report) -> str:
    return report.scope or report.grade


def _looked_for(report: Report) -> tuple[str, str, str]:
    """Return the grade and its style; where the grade was not looked for, what was."""
    if report.scope:
        style = "loose" if report.kept else "broken"
        return report.scope, "all that was looked at", style
    return report.grade, f"grade; {report.promise} was promised", report.grade


def _checked(report: Report) -> str:
    return "the files on disk" if report.label == "." else report.label


def _tools(found: Sequence[Finding]) -> str:
    grades = sorted({finding.grade for finding in found if finding.grade})
    options = "".join(f'<option value="{grade}">{grade}</option>' for grade in grades)
    return (
        '<h2>Findings</h2>\n<div class="tools"><input id="text" type="search"'
        ' placeholder="Filter by path, name or message" aria-label="Filter">'
        f'<select id="grade" aria-label="Grade"><option value="">every grade</option>{options}'
        f'</select><span id="shown" class="soft" role="status">{len(found):,} shown</span></div>\n'
    )


def _file(path: str, findings: Sequence[Finding]) -> Iterator[str]:
    number = f"{len(findings):,} finding{'s' if len(findings) > 1 else ''}"
    yield (
        f'<details class="file" open data-path="{_text(path)}"><summary><code>{_text(path)}</code> '
        f'<span class="soft">{number}</span></summary>\n'
    )
    for one in findings:
        yield _finding(one)
    yield "</details>\n"


def _finding(finding: Finding) -> str:
    grade = finding.grade or ""
    tag = f' <span class="tag {grade}">{grade}</span>' if grade else ""
    place = f'<span class="soft">{finding.line}:{finding.column}</span>'
    parts = [f'<article data-grade="{grade}"><p>{place} {_text(finding.message)}{tag}</p>']
    if finding.text:
        parts.append(f"<pre>{_marked(finding)}</pre>")
    if finding.hint:
        parts.append(f'<p class="soft">{_text(finding.hint)}</p>')
    return "".join((*parts, "</article>\n"))


def _marked(finding: Finding) -> str:
    """Return the line of code with the first name in it marked."""
    text = finding.text.strip()
    for name in finding.names:
        at = text.find(name)
        if at >= 0:
            end = at + len(name)
            marked = f"<mark>{_text(text[at:end])}</mark>"
            return f"{_text(text[:at])}{marked}{_text(text[end:])}"
    return _text(text)


def _unknown(report: Report) -> Iterator[str]:
    files = report.coverage.not_analyzed
    if not files:
        return
    yield f"<h2>Not analyzed</h2>\n<details><summary>{len(files):,} files</summary><table>\n"
    for one in files[:FINDINGS_MAX]:
        yield f"<tr><td><code>{_text(one.path)}</code></td><td>{_text(one.reason)}</td></tr>\n"
    yield "</table></details>\n"


def _notes(report: Report) -> Iterator[str]:
    if report.notes:
        yield "<h2>Notes</h2>\n<ul>\n"
        yield from (f"<li>{_text(note)}</li>\n" for note in report.notes)
        yield "</ul>\n"


def _text(text: str) -> str:
    return escape(safe(text))


def _write(report: Report, out: TextIO, checks: Sequence[Check]) -> None:
    out.write("".join(to_html(report, checks)) + "\n")


FORMAT = Format(
    name="html",
    sentence="One page that stands alone, with the drift chart where the history is known.",
    write=_write,
)
