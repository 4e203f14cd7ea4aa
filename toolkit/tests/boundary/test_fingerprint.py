# SPDX-License-Identifier: Apache-2.0
"""A finding keeps its fingerprint while lines move, and no two findings share one."""

from collections.abc import Callable

from coreline.boundary.model import Report

Checked = Callable[..., Report]
CODE = (
    "import acme_enterprise\n\n\ndef f():\n    import acme_enterprise\n    import acme_enterprise\n"
)


def prints(report: Report) -> list[str]:
    return [finding.fingerprint for finding in report.findings]


def test_equal_findings_are_numbered(checked: Checked) -> None:
    found = prints(checked({"a.py": CODE}))
    assert len(set(found)) == len(found) == 3


def test_moved_and_indented_lines_keep_their_fingerprints(checked: Checked) -> None:
    before = prints(checked({"a.py": CODE}))
    moved = "# A comment.\n\n" + CODE.replace("    import", "        import")
    assert prints(checked({"a.py": moved})) == before


def test_another_line_path_or_kind_is_another_finding(checked: Checked) -> None:
    before = set(prints(checked({"a.py": CODE})))
    assert not before & set(prints(checked({"b.py": CODE})))
    other = CODE.replace("acme_enterprise", "acme_enterprise.fleet")
    assert not before & set(prints(checked({"a.py": other})))
