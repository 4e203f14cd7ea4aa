# SPDX-License-Identifier: Apache-2.0
"""Text, for people: grouped by check and file, with the line of code; one line when all is well.

Color and underlines are for terminals alone. Paths and code come from the tree that is checked,
so nothing of them may reach a terminal as a control sequence.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, TextIO

from coreline.boundary.extension import Check, Format
from coreline.boundary.model import Finding, Report, Trend
from coreline.boundary.reasons import severity

if TYPE_CHECKING:
    from rich.text import Text

NOT_ANALYZED_MAX = 20
"""More files that were not analyzed are counted, not listed; the JSON format lists all."""

COUNTED_FROM = 10
"""Above so many findings they are counted by check and grade at the end."""

FAILING_MAX = 3
"""More places that break the promise are counted at the end; all are listed above."""

_STYLES = {"broken": "bold red", "tight": "yellow", "loose": "green"}

Part = tuple[str, str]
"""Some text and the style it is shown in."""


def safe(text: str) -> str:
    """Return a text with every character escaped that a terminal could obey."""
    return "".join(
        char if char.isprintable() else _escaped(char) for char in text.replace("\t", "    ")
    )


def _escaped(char: str) -> str:
    if unicodedata.category(char) == "Cs":
        # A byte of a name that is no UTF-8.
        return f"\\x{ord(char) & 0xFF:02x}"
    return char.encode("unicode_escape").decode()


def _write(report: Report, out: TextIO, checks: Sequence[Check]) -> None:
    write_parts(_lines(report, checks), out)


def write_parts(made: Iterable[Sequence[Part]], out: TextIO) -> None:
    """Write lines of styled parts: with their styles to a terminal, else as plain text."""
    lines = list(made)
    if not out.isatty():
        for parts in lines:
            out.write("".join(text for text, _ in parts).rstrip() + "\n")
        return
    from rich.console import Console

    console = Console(file=out, highlight=False, markup=False, emoji=False)
    for parts in lines:
        console.print(_assembled(parts), soft_wrap=True)


def _assembled(parts: Sequence[Part]) -> "Text":
    from rich.text import Text

    return Text.assemble(*((text, style) for text, style in parts if text))


def _lines(report: Report, checks: Sequence[Check]) -> Iterator[Sequence[Part]]:
    sentences = {check.name: check.sentence for check in checks}
    order = {check.name: number for number, check in enumerate(checks)}
    shown = [one for one in report.findings if one.baseline != "unchanged"]
    findings = sorted(shown, key=lambda one: order.get(one.check, len(order)))
    for name, of_check in groupby(findings, key=lambda one: one.check):
        yield [(name, "bold"), (f"  {sentences.get(name, '')}", "dim")]
        for path, of_file in groupby(of_check, key=lambda one: one.path):
            yield [("  ", ""), (safe(path), "cyan")]
            for finding in of_file:
                yield from _finding(finding)
        yield []
    yield from _coverage(report)
    yield from ([("note: ", "dim"), (safe(note), "dim")] for note in report.notes)
    if len(shown) > COUNTED_FROM:
        yield _counts(shown)
        yield from _first_failing(report, shown)
    if report.baseline is not None:
        yield _trend(report.baseline)
    yield _summary(report)


def summary(report: Report) -> str:
    """Return the one line that says how a check ended, as other formats show it too."""
    return "".join(text for text, _ in _summary(report))


def _trend(trend: Trend) -> Sequence[Part]:
    """Return how the findings stand to those that the project's baseline knows."""
    plural = "" if trend.known == 1 else "s"
    said = f"{trend.known:,} known finding{plural}, {trend.first:,} at first ({trend.began})"
    moved = f", {trend.moved:,} in files that were moved" if trend.moved else ""
    style = "green" if trend.known <= trend.first else "yellow"
    return [
        ("baseline: ", "dim"),
        (said, style),
        (f"{moved}; {trend.new:,} new, {trend.mended:,} mended", ""),
    ]


def _counts(findings: Sequence[Finding]) -> Sequence[Part]:
    """Return how many findings each check has, which a long list does not show."""
    counted = Counter(finding.check for finding in findings)
    graded = Counter((one.check, one.grade) for one in findings if one.grade)
    parts = []
    for check, number in counted.items():
        grades = [f"{n:,} {grade}" for (name, grade), n in sorted(graded.items()) if name == check]
        parts.append(f"{check} {', '.join(grades) if grades else f'{number:,}'}")
    return [("findings: ", "dim"), ("; ".join(parts), "")]


def _first_failing(report: Report, shown: Sequence[Finding]) -> Iterator[Sequence[Part]]:
    """Say where the promise breaks, which a long list of what it allows would hide."""
    failing = [one for one in shown if severity(report.promise, one) == "error"]
    if not failing or len(failing) == len(shown):
        return
    places = [f"{safe(one.path)}:{one.line}" for one in failing[:FAILING_MAX]]
    more = len(failing) - len(places)
    said = ", ".join(places) + (f" and {more:,} more" if more else "")
    yield [("what fails: ", "dim"), (said, "bold red")]


def _finding(finding: Finding) -> Iterator[Sequence[Part]]:
    grade = finding.grade or ""
    mark = f" [{grade}]" if grade else ""
    place = f"{finding.line}:{finding.column}"
    yield [
        (f"    {place:<8} ", "bold"),
        (safe(finding.message), ""),
        (mark, _STYLES.get(grade, "")),
    ]
    if finding.text:
        dedented = finding.text.lstrip()
        code = safe(dedented)
        cut = len(finding.text) - len(dedented)
        before = safe(dedented[: max(0, finding.column - 1 - cut)])
        yield [("             ", ""), (code, "italic")]
        width = _underlined(finding, dedented[max(0, finding.column - 1 - cut) :])
        yield [("             " + " " * len(before), ""), ("^" + "~" * (width - 1), "red")]
    if finding.hint:
        yield [("             hint: ", "dim"), (safe(finding.hint), "dim")]


def _underlined(finding: Finding, rest: str) -> int:
    """Return how many characters of the line are underlined: up to the end of the name."""
    for name in finding.names:
        at = rest.find(name)
        if at >= 0:
            return at + len(name)
    return max(1, len(rest.split(" #")[0].rstrip()))


def _coverage(report: Report) -> Iterator[Sequence[Part]]:
    not_analyzed = report.coverage.not_analyzed
    if not not_analyzed:
        return
    yield [("not analyzed", "bold")]
    for one in not_analyzed[:NOT_ANALYZED_MAX]:
        yield [("  ", ""), (safe(one.path), "cyan"), (f"  {safe(one.reason)}", "")]
    if len(not_analyzed) > NOT_ANALYZED_MAX:
        yield [(f"  and {len(not_analyzed) - NOT_ANALYZED_MAX:,} more: see --format json", "")]
    yield []


def _summary(report: Report) -> Sequence[Part]:
    coverage = report.coverage
    files = "file" if coverage.analyzed == 1 else "files"
    number = len(coverage.not_analyzed)
    counted = f"{coverage.analyzed:,} {files} analyzed, {number:,} not analyzed"
    if report.kept:
        known = report.baseline.known if report.baseline is not None else 0
        plural = "" if known == 1 else "s"
        allowed = f", with {known:,} known finding{plural}" if known else ""
        said = report.scope or report.grade
        return [("kept", "bold green"), (f": {said}{allowed} — {counted}", "")]
    number = sum(one.baseline != "unchanged" for one in report.findings)
    plural = "finding" if number == 1 else "findings"
    known = len(report.findings) - number
    plural += f" beside {known:,} known" if known else ""
    if report.scope:
        return [("broken", "bold red"), (f": {report.scope} — {number:,} {plural}, {counted}", "")]
    is_worse = report.grade == "broken" or (report.promise, report.grade) == ("loose", "tight")
    said = f"{report.promise} was promised, the core is " if is_worse else "the core is "
    reason = "" if is_worse else ", but the line does not hold"
    return [
        ("broken promise", "bold red"),
        (f": {said}", ""),
        (report.grade, _STYLES[report.grade]),
        (f"{reason} — {number:,} {plural}, {counted}", ""),
    ]


FORMAT = Format(
    name="text",
    sentence="For people: grouped, with the line of code and a hint; one line when all is well.",
    write=_write,
)
