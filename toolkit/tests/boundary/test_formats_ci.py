# SPDX-License-Identifier: Apache-2.0
"""Formats for build servers and pages: what they say; nothing of a tree can command them."""

import io
import re
from collections.abc import Callable
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from coreline.boundary.check import load_checks, load_formats
from coreline.boundary.formats.html import FINDINGS_MAX as SHOWN_MAX
from coreline.boundary.formats.markdown import FINDINGS_MAX
from coreline.boundary.model import Coverage, Finding, NotAnalyzed, Reason, Report
from coreline.boundary.reasons import reasons
from coreline.manifest.model import Grade

Checked = Callable[..., Report]
FORMATS = {one.name: one for one in load_formats()}
CHECKS = load_checks()
NASTY = "a\udcff,:%\x1b[2J\x00<script>`|@team\r\n.py"


def finding(path: str = "src/a.py", grade: Grade | None = "broken", line: int = 3) -> Finding:
    return Finding(
        check="references",
        path=path,
        line=line,
        column=5,
        kind="static",
        names=("acme_ee",),
        message=f"Imports {path}, which is of the wrap ee.",
        hint="Turn it around, at 100 %.",
        grade=grade,
        text="    import acme_ee  # <b>&",
    )


def report(*findings: Finding, promise: str = "loose") -> Report:
    return Report(
        grade="broken" if findings else "loose",
        promise="loose" if promise == "loose" else "standalone",
        kept=not findings,
        findings=findings,
        coverage=Coverage(analyzed=7, not_analyzed=(NotAnalyzed("big.bin", "33 MB"),)),
    )


def written(name: str, given: Report) -> str:
    out = io.StringIO()
    FORMATS[name].write(given, out, CHECKS)
    return out.getvalue()


def test_github_shows_a_finding_at_its_place_and_escapes_what_would_end_a_command() -> None:
    lines = written("github", report(finding(), finding(NASTY))).splitlines()
    assert lines[0] == (
        "::error file=src/a.py,line=3,col=5,title=Coreline%3A references::Imports src/a.py, which "
        "is of the wrap ee. Turn it around, at 100 %25."
    )
    assert lines[1].startswith(
        r"::error file=a\xff%2C%3A%25\x1b[2J\x00<script>`|@team%0D%0A.py,line=3,col=5,title="
    )
    assert lines[2] == "::notice file=big.bin,title=Coreline%3A not analyzed::Not analyzed: 33 MB."
    assert lines[3].startswith("broken promise: ")
    assert len(lines) == 4


def test_what_the_promise_allows_is_a_warning_and_no_failure() -> None:
    allowed = report(finding(grade="tight"), promise="standalone")
    assert written("github", allowed).startswith("::warning ")
    suites = ElementTree.fromstring(written("junit", allowed))
    assert suites.get("failures") == "0"
    assert "import acme_ee" in (suites.findtext(".//system-out") or "")


def test_junit_has_a_suite_for_each_check_and_a_failed_test_for_each_finding() -> None:
    suites = ElementTree.fromstring(written("junit", report(finding(), finding(NASTY))))
    names = [suite.get("name") for suite in suites]
    assert names == [*(check.name for check in CHECKS), "not analyzed"]
    assert suites.get("failures") == "2"
    (failure, other) = suites.iter("failure")
    assert failure.get("message") == "Imports src/a.py, which is of the wrap ee."
    assert "<b>&" in (failure.text or "")
    assert "a\\xff" in str(other.get("message"))
    passed = next(suite for suite in suites if suite.get("name") == "claims")
    assert [len(case) for case in passed] == [0]
    (skipped,) = suites.iter("skipped")
    assert skipped.get("message") == "33 MB"
    for suite in suites:
        assert suite.get("tests") == str(len(suite))


def test_markdown_counts_lists_and_calls_nobody() -> None:
    text = written("markdown", report(finding(), finding(NASTY), finding(grade=None)))
    assert text.startswith("## Coreline: broken promise\n")
    assert "| references | 2 |  | 1 |" in text
    assert "- `src/a.py:3` **broken** Imports src/a.py" in text
    assert "<script>" not in re.sub(r"`+[^\n]*?`+ ", "", text)
    assert re.search(r"(?<!\\)@team", re.sub(r"``[^\n]*?`` ", "", text)) is None


def test_markdown_stays_short_enough_for_a_comment() -> None:
    many = report(*(finding(f"src/{number}.py") for number in range(400)))
    text = written("markdown", many)
    assert f"- and {400 - FINDINGS_MAX} more" in text
    assert len(text) < 65_536


class _Page(HTMLParser):
    """Collects tags, their attributes and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and what it would load."""
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]


def test_html_stands_alone_and_runs_no_script_but_its_own() -> None:
    text = written("html", report(finding(), finding(NASTY)))
    page = _Page()
    page.feed(text)
    assert page.addresses == []
    assert page.tags.count("script") == 1
    assert page.tags.count("article") == 2
    assert "default-src 'none'" in text
    assert "<mark>acme_ee</mark>  # &lt;b&gt;&amp;" in text


def test_html_of_a_kept_promise_has_no_script_at_all() -> None:
    page = _Page()
    page.feed(written("html", report()))
    assert "script" not in page.tags


def test_html_shows_no_more_than_a_browser_can() -> None:
    text = written("html", report(*(finding(line=n) for n in range(1, SHOWN_MAX + 3))))
    assert "and 2 more" in text


def test_reasons_count_what_breaks_a_promise() -> None:
    found = [finding(), finding(grade="tight"), finding(grade="tight"), finding(grade=None)]
    assert reasons("standalone", found) == (
        Reason(check="references", grade=None, count=1),
        Reason(check="references", grade="broken", count=1),
    )
    assert Reason(check="references", grade="tight", count=2) in reasons("loose", found)


@pytest.mark.parametrize("number", [10, 11])
def test_text_counts_by_check_and_grade_where_a_list_is_long(number: int) -> None:
    text = written("text", report(*(finding(line=n) for n in range(1, number + 1))))
    assert ("findings: references 11 broken" in text) == (number == 11)
