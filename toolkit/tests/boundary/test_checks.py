# SPDX-License-Identifier: Apache-2.0
"""Every check finds nothing in its kept example and exactly one thing in its broken one."""

import pytest

from coreline.boundary.check import check, load_checks
from coreline.boundary.extension import Check
from coreline.manifest.model import MANIFEST_NAME
from coreline.manifest.parse import parse_manifest
from coreline.sources.tree import MemoryTree

CHECKS = load_checks()


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: one.name)
def test_nothing_is_found_in_the_kept_example(one: Check) -> None:
    report = check(MemoryTree(one.kept), parse_manifest(one.kept[MANIFEST_NAME]))
    assert [(f.check, f.path, f.message) for f in report.findings] == []
    assert (report.kept, report.grade) == (True, "loose")


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: one.name)
def test_exactly_the_named_thing_is_found_in_the_broken_example(one: Check) -> None:
    report = check(MemoryTree(one.broken), parse_manifest(one.broken[MANIFEST_NAME]))
    assert [(f.check, f.path, f.kind) for f in report.findings] == [(one.name, one.path, one.kind)]
    assert not report.kept
    assert report.findings[0].message.endswith(".")
    assert report.findings[0].hint.endswith(".")


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: one.name)
def test_a_check_says_in_one_sentence_what_must_hold(one: Check) -> None:
    assert one.sentence.endswith(".")
    assert one.sentence[0].isupper()


def test_names_of_checks_are_all_different() -> None:
    names = [one.name for one in CHECKS]
    assert sorted(set(names)) == sorted(names)
    assert {"claims", "coverage", "features", "gates", "references", "spdx"} <= set(names)
