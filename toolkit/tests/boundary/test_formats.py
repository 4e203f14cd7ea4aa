# SPDX-License-Identifier: Apache-2.0
"""Every format writes every report; what comes from the checked tree cannot command a terminal."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from coreline.boundary.check import load_checks, load_formats
from coreline.boundary.extension import Format
from coreline.boundary.formats.text import safe
from coreline.boundary.model import Coverage, Finding, Report, Trend
from coreline.manifest.model import Grade

Checked = Callable[..., Report]
FORMATS = {one.name: one for one in load_formats()}
CHECKS = load_checks()

# A name that is no UTF-8, one that would clear the screen, and markup of rich.
NASTY = "a\udcff\x1b[2J[red]b\n.py"


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def written(name: str, report: Report, out: io.StringIO | None = None) -> str:
    out = io.StringIO() if out is None else out
    FORMATS[name].write(report, out, CHECKS)
    return out.getvalue()


@pytest.fixture
def broken(checked: Checked) -> Report:
    code = "def f():\n\timport acme_enterprise.fleet  # [bold]\x1b[31m\n"
    return checked({"src/app.py": code, NASTY: "import acme_enterprise", "web/a.ts": "enterprise/"})


@pytest.mark.parametrize("one", FORMATS.values(), ids=lambda one: one.name)
def test_every_format_writes_kept_and_broken_reports(
    one: Format, checked: Checked, broken: Report
) -> None:
    assert one.sentence.endswith(".")
    for report in (broken, checked({"a.py": ""})):
        text = written(one.name, report)
        assert text.endswith("\n")
        assert "\x1b" not in text
        text.encode("utf-8")


def test_a_kept_promise_is_one_line(checked: Checked) -> None:
    text = written("text", checked({"a.py": "", "enterprise/b.py": ""}))
    assert text == "kept: loose — 3 files analyzed, 0 not analyzed\n"


def test_text_shows_the_line_what_is_wrong_with_it_and_what_to_do(broken: Report) -> None:
    lines = written("text", broken).splitlines()
    assert lines[0].startswith("references  The core does not refer to a wrap")
    at = lines.index("  src/app.py")
    assert lines[at + 1].lstrip().startswith("2:9 ")
    assert lines[at + 1].endswith("[broken]")
    code = lines[at + 2]
    assert code.strip() == "import acme_enterprise.fleet  # [bold]\\x1b[31m"
    marked = code[lines[at + 3].index("^") : lines[at + 3].rindex("~") + 1]
    assert marked == "acme_enterprise.fleet"
    assert lines[at + 4].strip().startswith("hint: ")
    assert lines[-1] == (
        "broken promise: loose was promised, the core is broken — 2 findings, 4 files analyzed, "
        "0 not analyzed"
    )


def test_text_escapes_names_of_the_checked_tree(broken: Report) -> None:
    assert "  a\\xff\\x1b[2J[red]b\\n.py\n" in written("text", broken)


def test_a_terminal_gets_color_and_no_command_of_the_tree(broken: Report) -> None:
    out = Terminal()
    text = written("text", broken, out)
    assert "\x1b[" in text
    assert "\x1b[2J" not in text
    assert "a\\xff\\x1b[2J[red]b\\n.py" in text


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain ünïcode", "plain ünïcode"),
        ("\x9b31m\u202e", "\\x9b31m\\u202e"),
        ("a\tb\r\n", "a    b\\r\\n"),
        ("\udc80", "\\x80"),
    ],
)
def test_what_a_terminal_could_obey_is_escaped(raw: str, shown: str) -> None:
    assert safe(raw) == shown


def test_json_has_the_shape_that_scripts_rely_on(broken: Report) -> None:
    data = json.loads(written("json", broken))
    assert data["grade"] == "broken"
    finding = next(one for one in data["findings"] if one["path"] == "src/app.py")
    assert {key: finding[key] for key in ("check", "line", "column", "kind", "guard", "names")} == {
        "check": "references",
        "line": 2,
        "column": 9,
        "kind": "local",
        "guard": None,
        "names": ["acme_enterprise.fleet"],
    }
    assert {"path", "message", "hint", "fingerprint"} <= set(finding)
    assert data["coverage"]["analyzed"] == 4
    assert data["coverage"]["not_analyzed"] == []


def test_json_lists_what_was_not_analyzed(checked: Checked) -> None:
    files = {"enterprise/web/a.elm": "", "web/b.elm": "import '../enterprise/web/a'"}
    data = json.loads(written("json", checked(files)))
    (one,) = data["coverage"]["not_analyzed"]
    assert set(one) == {"path", "reason"}
    assert one["path"] == "web/b.elm"


def test_sarif_has_what_the_standard_requires(broken: Report) -> None:
    """SARIF 2.1.0: sections 3.13 (log), 3.14 (run), 3.19 (component), 3.27 (result)."""
    log: dict[str, Any] = json.loads(written("sarif", broken))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["name"] == "Coreline"
    assert [rule["id"] for rule in rules] == [check.name for check in CHECKS]
    assert all(rule["shortDescription"]["text"] for rule in rules)
    assert all(one["executionSuccessful"] is True for one in run["invocations"])
    assert len(run["results"]) == len(broken.findings)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note", "none")
        assert result["message"]["text"]
        assert result["partialFingerprints"]["coreline/v1"]
        place = result["locations"][0]["physicalLocation"]
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1
        uri = place["artifactLocation"]["uri"]
        assert uri.isascii()
        assert not set(uri) & set(' \n\x1b[]"<>')
    assert {
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]
    } == {
        "src/app.py",
        "a%FF%1B%5B2J%5Bred%5Db%0A.py",
    }


@pytest.mark.parametrize(
    ("promise", "grade", "said"),
    [
        ("loose", "loose", "broken promise: the core is loose, but the line does not hold — "),
        ("standalone", "loose", "broken promise: the core is loose, but the line does not hold — "),
        ("standalone", "tight", "broken promise: the core is tight, but the line does not hold — "),
        ("loose", "tight", "broken promise: loose was promised, the core is tight — "),
        ("standalone", "broken", "broken promise: standalone was promised, the core is broken — "),
    ],
)
def test_the_last_line_says_what_is_wrong(promise: str, grade: Grade, said: str) -> None:
    one = Finding(check="claims", path="a", kind="unclaimed", message="Nobody claims it.")
    report = Report(
        grade=grade, promise=promise, kept=False, findings=(one,), coverage=Coverage(analyzed=1)
    )
    assert written("text", report).splitlines()[-1].startswith(said)


def test_what_fails_is_said_at_the_end_of_a_long_list_and_what_is_known_is_counted() -> None:
    def one(number: int, grade: Grade, baseline: str | None = None) -> Finding:
        return Finding(
            check="references",
            path=f"src/{number}.py",
            line=number,
            kind="static",
            message="Imports it.",
            grade=grade,
            baseline="unchanged" if baseline else None,
        )

    allowed = [one(number, "tight") for number in range(1, 12)]
    new, known = one(50, "broken"), one(60, "broken", "unchanged")
    report = Report(
        grade="broken",
        promise="standalone",
        kept=False,
        findings=(*allowed, new, known),
        coverage=Coverage(analyzed=1),
        baseline=Trend(known=1, new=1, mended=0, moved=0, first=1, began="2026-01-01"),
    )
    lines = written("text", report).splitlines()
    assert "what fails: src/50.py:50" in lines
    assert lines[-1].endswith("12 findings beside 1 known, 1 file analyzed, 0 not analyzed")


def test_a_page_claims_no_grade_that_was_not_looked_for() -> None:
    report = Report(
        grade="loose",
        promise="loose",
        kept=True,
        findings=(),
        coverage=Coverage(analyzed=1),
        scope="since <v1>",
    )
    page = written("html", report)
    assert "<title>Coreline: since &lt;v1&gt;</title>" in page
    assert "was promised" not in page
