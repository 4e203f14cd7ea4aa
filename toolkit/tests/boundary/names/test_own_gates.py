# SPDX-License-Identifier: Apache-2.0
"""License checks that nobody declared: proposed where name, file and body all say so."""

import pytest

from coreline.boundary.check import check
from coreline.boundary.gate_functions import GATES_MAX, asks_for_a_license, gates_in
from coreline.boundary.own_gates import may_define
from coreline.manifest.parse import parse_manifest
from coreline.sources.tree import MemoryTree

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["**"]
"""
LICENSE_RB = """\
module Acme
  class License
    def verify
      get(ENV["LICENSE"])
    end

    def premium?
      premium
    end
  end
end
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (LICENSE_RB, [("License.premium?", 7)]),
        ("class Edition:\n    def is_enterprise(self):\n        return bool(self.license)\n",
         [("Edition.is_enterprise", 2)]),
        ("def is_ee_enabled():\n    return edition == 'ee'\n", [("is_ee_enabled", 1)]),
        ("export async function hasActiveLicense() {\n  return license.ok\n}\n",
         [("hasActiveLicense", 1)]),
        ("export const isEnterprise = () => plan.license !== null\n", [("isEnterprise", 1)]),
        ("func (l License) IsEnterprise() bool {\n\treturn l.edition\n}\n", [("IsEnterprise", 1)]),
        ("class License {\n  public static boolean isPremium() { return premium; }\n}\n",
         [("isPremium", 2)]),
        ("def is_license_file(path):\n    return 'LICENSE' in path\n", []),
        ("def license_text():\n    return read('LICENSE')\n", []),
        ("def is_enterprise():\n    return True\n", []),
    ],
)  # fmt: skip
def test_what_looks_like_a_gate(code: str, expected: list[tuple[str, int]]) -> None:
    assert [(one.name, one.line) for one in gates_in(code.encode())] == expected


def test_not_more_are_told_than_a_person_writes() -> None:
    code = "def is_ee():\n    return license\n" * 1000
    assert len(list(gates_in(code.encode()))) == GATES_MAX


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("lib/license.rb", True),
        ("src/licensing/index.ts", True),
        ("src/useEnterprise.ts", True),
        ("src/ee_features.py", True),
        ("lib/acme.rb", True),
        ("src/coffee.py", False),
        ("spec/license_spec.rb", False),
    ],
)
def test_which_files_are_asked(path: str, may: bool) -> None:
    assert may_define(path, "acme") is may


@pytest.mark.parametrize("name", ["premium?", "isEnterprise", "has_valid_license", "ee_enabled"])
def test_a_question_about_a_license(name: str) -> None:
    assert asks_for_a_license(name)


@pytest.mark.parametrize("name", ["license", "is_valid", "check_license_text", "isLicenseKey", "_"])
def test_no_question_about_a_license(name: str) -> None:
    assert not asks_for_a_license(name)


def test_a_gate_is_one_finding_until_it_is_declared() -> None:
    files = {"lib/license.rb": LICENSE_RB, "app/a.rb": "License.premium? || raise\n"}
    report = check(MemoryTree({"coreline.toml": MANIFEST, **files}), parse_manifest(MANIFEST))
    (found,) = report.findings
    assert (found.path, found.line, found.kind, found.grade) == (
        "lib/license.rb",
        7,
        "gate",
        "tight",
    )
    assert 'core.gates = ["License.premium?"]' in found.hint
    declared = MANIFEST + 'gates = ["License.premium?"]\n'
    report = check(MemoryTree({"coreline.toml": declared, **files}), parse_manifest(declared))
    assert [(one.path, one.line) for one in report.findings] == [("app/a.rb", 1)]
