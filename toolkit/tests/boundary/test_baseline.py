# SPDX-License-Identifier: Apache-2.0
"""The baseline: what is known is allowed, what is new is not, what is mended has to leave."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.baseline import (
    Baseline,
    begin,
    compare,
    read_baseline,
    shrink,
    with_baseline,
    write_baseline,
)
from coreline.boundary.fingerprint import with_fingerprints
from coreline.boundary.formats.github import to_commands
from coreline.boundary.formats.sarif import to_sarif
from coreline.boundary.model import Coverage, Finding, Report
from coreline.errors import InputError
from coreline.manifest.model import BASELINE_NAME

DAY = "2026-11-24"
IMPORTING = "import acme_enterprise\n"


def finding(path: str, text: str, line: int = 1) -> Finding:
    return Finding(
        check="references", path=path, line=line, kind="static", names=(text,), message="Imports.",
        grade="broken", text=text,
    )  # fmt: skip


def report(*findings: Finding) -> Report:
    return Report(
        grade="broken", promise="loose", kept=False, findings=tuple(with_fingerprints(findings)),
        coverage=Coverage(analyzed=1),
    )  # fmt: skip


def held(before: Report, after: Report, *paths: str) -> Report:
    return with_baseline(after, begin(before, DAY), set(paths))


def states(one: Report) -> list[tuple[str, str | None]]:
    return [(a.check, a.baseline) for a in one.findings]


def test_known_findings_are_allowed_wherever_their_lines_are() -> None:
    before = report(finding("a.py", "x"), finding("a.py", "y", 2))
    after = held(before, report(finding("a.py", "x", 40), finding("a.py", "y", 90)), "a.py")
    assert after.kept
    assert states(after) == [("references", "unchanged")] * 2
    assert after.reasons == ()
    assert after.grade == "broken"


def test_a_new_finding_fails_and_is_the_only_reason() -> None:
    after = held(report(finding("a.py", "x")), report(finding("a.py", "x"), finding("a.py", "y")))
    assert not after.kept
    assert states(after) == [("references", "unchanged"), ("references", "new")]
    assert [(one.check, one.count) for one in after.reasons] == [("references", 1)]


def test_the_same_line_twice_is_two_findings() -> None:
    before = report(finding("a.py", "x"))
    after = held(before, report(finding("a.py", "x"), finding("a.py", "x", 2)), "a.py")
    assert states(after) == [("references", "unchanged"), ("references", "new")]
    fewer = held(report(finding("a.py", "x"), finding("a.py", "x", 2)), before, "a.py")
    assert states(fewer) == [("references", "unchanged"), ("baseline", None)]


def test_a_mended_one_fails_until_it_left_the_file() -> None:
    before = report(finding("a.py", "x"), finding("b.py", "y"))
    baseline = begin(before, DAY)
    text = write_baseline(baseline).decode()
    after = with_baseline(report(finding("a.py", "x")), baseline, {"a.py", "b.py"}, text)
    assert not after.kept
    leaving = after.findings[-1]
    assert (leaving.check, leaving.kind, leaving.path) == ("baseline", "mended", BASELINE_NAME)
    assert "b.py" in text.splitlines()[leaving.line - 1]
    assert "coreline baseline" in leaving.hint
    now = report(finding("a.py", "x"))
    shrunk = shrink(now, baseline, compare(now, baseline, {"a.py"}), day=DAY, grow=None)
    assert with_baseline(now, shrunk, {"a.py"}).kept
    assert (len(shrunk.findings), shrunk.first) == (1, 2)


def test_a_moved_file_keeps_its_findings_only_where_the_old_path_is_gone() -> None:
    before, after = report(finding("a.py", "x")), report(finding("new/b.py", "x"))
    moved = held(before, after, "new/b.py")
    assert moved.kept
    assert moved.baseline is not None
    assert (moved.baseline.known, moved.baseline.moved) == (1, 1)
    copied = held(before, after, "new/b.py", "a.py")
    assert states(copied) == [("references", "new"), ("baseline", None)]


def test_each_known_finding_moves_once() -> None:
    before = report(finding("a.py", "x"))
    after = held(before, report(finding("b.py", "x"), finding("c.py", "x")), "b.py", "c.py")
    assert sorted(str(state) for _, state in states(after)) == ["new", "unchanged"]


def test_it_refuses_to_grow_without_a_reason_and_records_the_reason() -> None:
    baseline = begin(report(finding("a.py", "x")), DAY)
    now = report(finding("a.py", "x"), finding("b.py", "y"))
    compared = compare(now, baseline, {"a.py", "b.py"})
    with pytest.raises(InputError, match=r"1 of references; first: b\.py:1") as caught:
        shrink(now, baseline, compared, day=DAY, grow=None)
    assert caught.value.code == "baseline-grows"
    grown = shrink(now, baseline, compared, day="2026-12-01", grow="until the door is there")
    assert [(one.on, one.added, one.reason) for one in grown.grown] == [
        ("2026-12-01", 1, "until the door is there")
    ]
    assert (len(grown.findings), grown.first) == (2, 1)


def test_what_the_promise_allows_is_never_recorded(checked: Callable[..., Report]) -> None:
    standalone = """
        [product]
        name = "acme"
        primary = "Keep notes"
        [core]
        promise = "standalone"
        spdx = "Apache-2.0"
        paths = ["**"]
        [wraps.enterprise]
        spdx = "LicenseRef-Acme"
        modules = ["acme_enterprise"]
    """
    guarded = "try:\n    import acme_enterprise\nexcept ImportError:\n    pass\n"
    found = checked({"a.py": IMPORTING, "b.py": guarded}, standalone)
    assert {one.grade for one in found.findings} == {"broken", "tight"}
    assert [one.path for one in begin(found, DAY).findings] == ["a.py"]


def test_the_file_has_one_finding_a_line_in_order_so_that_merges_are_easy() -> None:
    names = ["b.py", "a.py", "ä/\udcff.py"]
    data = write_baseline(begin(report(*(finding(name, "x") for name in names)), DAY))
    rows = [line for line in data.decode().splitlines() if line.startswith('{"fingerprint"')]
    assert [json.loads(row.rstrip(","))["path"] for row in rows] == ["a.py", "b.py", "ä/\\xff.py"]
    assert json.loads(data)["first"] == 3


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"<<<<<<< ours\n", b'{"version": 1}', b"\xff", b'{"version": 2}']
)
def test_a_file_that_is_none_is_refused_with_a_way_out(data: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_baseline(data)
    assert (caught.value.code, bool(caught.value.hint)) == ("baseline-malformed", True)


def test_one_of_a_later_version_is_refused() -> None:
    later = write_baseline(Baseline(began=DAY, first=0)).replace(b'"version": 1', b'"version": 2')
    with pytest.raises(InputError, match="version 2"):
        read_baseline(later)


def test_sarif_says_which_results_are_new_and_suppresses_the_others() -> None:
    known = finding("a.py", "x")
    after = held(report(known), report(known, finding("a.py", "y")), "a.py")
    (run,) = to_sarif(after, [])["runs"]  # type: ignore[misc]  # A list of one run.
    results = run["results"]
    assert [one["baselineState"] for one in results] == ["unchanged", "new"]
    assert [[a["kind"] for a in one.get("suppressions", [])] for one in results] == [
        ["external"],
        [],
    ]


def test_annotations_are_of_new_findings_alone() -> None:
    known = finding("a.py", "x")
    after = held(report(known), report(known, finding("b.py", "y")), "a.py")
    (command,) = to_commands(after)
    assert command.startswith("::error file=b.py,")


_some = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(1, 9)), max_size=8
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(before=_some, after=_some)
def test_after_a_shrink_or_a_reasoned_growth_the_check_is_kept(
    before: list[tuple[str, str, int]], after: list[tuple[str, str, int]]
) -> None:
    first, now = (report(*(finding(*one) for one in some)) for some in (before, after))
    baseline = read_baseline(write_baseline(begin(first, DAY)))
    compared = compare(now, baseline, {"a", "b"})
    assert len(compared.known) + len(compared.new) == len(now.findings)
    assert len(compared.known) + len(compared.mended) == len(first.findings)
    again = shrink(now, baseline, compared, day=DAY, grow="because")
    assert with_baseline(now, read_baseline(write_baseline(again)), {"a", "b"}).kept
