# SPDX-License-Identifier: Apache-2.0
"""Third parties' packages against the side whose lock pins them, and what is said beside."""

import json
from collections.abc import Mapping

import pytest

from coreline.boundary.check import check
from coreline.boundary.license_pass import ALONE, check_licenses
from coreline.boundary.model import Report
from coreline.boundary.spdx.notes import NOT_ADVICE
from coreline.manifest.parse import parse_manifest
from coreline.sources.tree import MemoryTree

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
promise = "loose"
spdx = "Apache-2.0"
paths = ["**"]
[wraps.enterprise]
spdx = "LicenseRef-Acme"
paths = ["enterprise/**"]
"""
LATE = "SPDX-License-" + "Identifier:"


def lock(**licenses: str) -> str:
    """Return a lock of npm, a package a line, from the second line on."""
    rows = [
        f"{json.dumps('node_modules/' + name.replace('_', '-'))}: "
        + json.dumps({"version": "1.0.0", **({"license": said} if said else {})})
        for name, said in licenses.items()
    ]
    return '{"lockfileVersion": 3, "packages": {\n' + ",\n".join(rows) + "\n}}\n"


def run(files: Mapping[str, str], manifest: str = MANIFEST) -> Report:
    tree = MemoryTree({"coreline.toml": manifest, **files})
    return check(tree, parse_manifest(manifest))


def found(report: Report) -> list[tuple[str, int, str]]:
    return [
        (one.path, one.line, one.names[0]) for one in report.findings if one.check == "dependencies"
    ]


@pytest.mark.parametrize(
    "spdx",
    ["GPL-3.0-only", "AGPL-3.0-or-later", "SSPL-1.0", "BUSL-1.1", "CC-BY-NC-4.0", "UNLICENSED"],
)
def test_what_a_permissive_core_cannot_ship(spdx: str) -> None:
    report = run({"web/package-lock.json": lock(pad="MIT", bad=spdx)})
    assert found(report) == [("web/package-lock.json", 3, "bad")]
    assert not report.kept
    message = report.findings[0].message
    assert 'the core cannot be passed on under "Apache-2.0" with it (' in message
    assert ("proprietary wrap" in message) == (spdx not in ("BUSL-1.1", "UNLICENSED"))


@pytest.mark.parametrize(
    "spdx", ["MIT", "LGPL-3.0-only", "MPL-2.0", "MIT OR GPL-3.0-only", "CC0-1.0", "Strange", ""]
)
def test_what_it_can_ship(spdx: str) -> None:
    assert found(run({"package-lock.json": lock(good=spdx)})) == []


def test_the_side_of_the_lock_decides() -> None:
    copyleft = lock(strong="GPL-3.0-only", weak="LGPL-3.0-only", bought="LicenseRef-Bought")
    report = run({"enterprise/package-lock.json": copyleft})
    assert found(report) == [("enterprise/package-lock.json", 2, "strong")]
    assert (
        "cannot ship it under terms of its own (GPL-3.0 section 5(c))" in report.findings[0].message
    )
    assert [name for _, _, name in found(run({"package-lock.json": copyleft}))] == [
        "strong",
        "bought",
    ]


def test_a_copyleft_core_and_its_wrap() -> None:
    files = {"package-lock.json": lock(strong="GPL-3.0-only")}
    core = MANIFEST.replace('"Apache-2.0"', '"AGPL-3.0-only"')
    report = run(files, core)
    # It goes with the core, and takes the wrap away even from a vendor who holds all rights.
    assert found(report) == [("package-lock.json", 2, "strong")]
    assert "nobody can build a proprietary wrap" in report.findings[0].message
    assert "cannot be passed on" not in report.findings[0].message
    alone = core[: core.index("[wraps.enterprise]")].replace("**", "*")
    assert found(run(files, alone)) == []


def test_two_licenses_that_do_not_go_together() -> None:
    core = MANIFEST.replace('"Apache-2.0"', '"GPL-2.0-only"')
    assert found(run({"package-lock.json": lock(a="Apache-2.0")}, core)) == [
        ("package-lock.json", 2, "a")
    ]


@pytest.mark.parametrize(
    "path",
    [
        "tests/data/package-lock.json",
        "examples/shop/package-lock.json",
        "testdata/package-lock.json",
    ],
)
def test_what_is_not_shipped_is_not_judged(path: str) -> None:
    assert found(run({path: lock(bad="GPL-3.0-only")})) == []


def test_what_is_for_developers_only_is_not_judged() -> None:
    text = lock(bad="GPL-3.0-only").replace('{"version"', '{"dev": true, "version"')
    assert found(run({"package-lock.json": text})) == []
    composer = {
        "packages": [{"name": "a/b", "version": "1", "license": ["GPL-3.0-only", "MIT"]}],
        "packages-dev": [{"name": "c/d", "version": "1", "license": ["GPL-3.0-only"]}],
    }
    assert found(run({"composer.lock": json.dumps(composer)})) == []
    pins = "readline==8.0\n"
    table = '[dependencies."ReadLine"]\nspdx = "GPL-3.0-only"\nreason = "its COPYING"\n'
    assert found(run({"dev-requirements.txt": pins}, MANIFEST + table)) == []
    assert found(run({"requirements.txt": pins}, MANIFEST + table)) == [
        ("requirements.txt", 1, "readline")
    ]


def test_the_manifest_has_the_last_word() -> None:
    table = '[dependencies."bad"]\nspdx = "MIT"\nreason = "a grant of its author"\n'
    report = run({"package-lock.json": lock(bad="GPL-3.0-only")}, MANIFEST + table)
    assert found(report) == []
    idle = run({}, MANIFEST + table)
    assert 'coreline.toml: [dependencies."bad"] is pinned by no lock file.' in idle.notes


def test_what_is_unknown_is_counted_and_never_guessed() -> None:
    report = run({"package-lock.json": lock(a="", b="SEE LICENSE IN x", c="MIT", d="Strange-1.0")})
    assert found(report) == []
    assert any("licenses of 3 of 4 shipped dependencies are unknown" in one for one in report.notes)


def test_a_license_that_the_table_does_not_know() -> None:
    report = run({"package-lock.json": lock(a="HPND-sell-variant")})
    assert "The table of licenses has no answer for HPND-sell-variant." in report.notes
    assert report.kept


def test_conditions_are_notes() -> None:
    report = run({"package-lock.json": lock(a="LGPL-3.0-only", b="LGPL-3.0-only", c="MPL-2.0")})
    assert report.kept
    assert (
        "The core ships 2 dependencies under LGPL-3.0-only on the conditions of LGPL-3.0 section 4:"
        " a, b." in report.notes
    )
    assert any("1 dependency under MPL-2.0" in one for one in report.notes)


@pytest.mark.parametrize(
    ("spdx", "said"),
    [
        ("AGPL-3.0-only", "can come only from who holds the rights to all of the core"),
        ("GPL-2.0-or-later", "can come only from who holds the rights to all of the core"),
        ("LGPL-3.0-only", "on the conditions of LGPL-3.0 section 4"),
        ("MPL-2.0", "on the conditions of MPL-2.0 section 3.3"),
        ("BUSL-1.1", "which is not open"),
    ],
)
def test_what_the_license_of_the_core_asks_of_others(spdx: str, said: str) -> None:
    report = run({}, MANIFEST.replace('"Apache-2.0"', f'"{spdx}"'))
    assert any(said in one for one in report.notes)
    assert report.notes.count(NOT_ADVICE) == 1
    assert report.kept


@pytest.mark.parametrize("spdx", ["MIT", "Apache-2.0", "MIT AND CC-BY-SA-4.0"])
def test_a_core_that_asks_nothing(spdx: str) -> None:
    report = run({}, MANIFEST.replace('"Apache-2.0"', f'"{spdx}"'))
    assert not any("The core is under" in one for one in report.notes)
    assert NOT_ADVICE not in report.notes


def test_it_says_once_that_it_is_no_legal_advice() -> None:
    files = {"package-lock.json": lock(a="MIT", b="GPL-3.0-only", c="LGPL-3.0-only")}
    report = run(files, MANIFEST.replace('"Apache-2.0"', '"MPL-2.0"'))
    assert report.notes.count(NOT_ADVICE) == 1


def test_the_pass_over_licenses_finds_the_same() -> None:
    files = {
        "package-lock.json": lock(bad="GPL-3.0-only", good="MIT"),
        "LICENSE": 'All content under the "src/" directory is licensed under "src/LICENSE".\n',
        "src/a.py": f"# {LATE} MIT\n",
        "src/b.py": "# Proprietary and confidential.\nimport x\n",
        "pyproject.toml": '[project]\nname = "a"\nlicense = "MIT"\n',
        "enterprise/c.py": "# Licensed under the Apache License, Version 2.0\nimport x\n",
    }
    tree = MemoryTree({"coreline.toml": MANIFEST, **files})
    parsed = parse_manifest(MANIFEST)
    whole, alone = check(tree, parsed), check_licenses(tree, parsed)
    of_licenses = [one for one in whole.findings if one.check in ("spdx", "dependencies")]
    assert sorted(alone.findings, key=repr) == sorted(of_licenses, key=repr)
    assert {one.path for one in alone.findings} == set(files)
    assert alone.notes[-1] == ALONE
    assert not alone.kept
    assert alone.coverage.analyzed == len(files) + 1


def test_a_lock_of_the_core_that_pins_the_wrap_needs_it() -> None:
    text = MANIFEST.replace("[wraps.enterprise]\n", '[wraps.enterprise]\npackages = ["acme-ee"]\n')
    report = run({"package-lock.json": lock(acme_ee="UNLICENSED", pad="MIT")}, text)
    assert [(one.check, one.kind, one.path, one.line, one.grade) for one in report.findings] == [
        ("references", "build", "package-lock.json", 2, "broken")
    ]
    inside = run({"enterprise/package-lock.json": lock(acme_ee="UNLICENSED")}, text)
    assert inside.findings == ()


def test_a_lock_that_cannot_be_read_is_a_finding() -> None:
    report = run({"package-lock.json": "<<<<<<< HEAD\n{}\n"})
    assert [(one.check, one.path) for one in report.findings] == [("coverage", "package-lock.json")]
    assert "no valid package-lock" in report.findings[0].message
