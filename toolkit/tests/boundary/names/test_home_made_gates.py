# SPDX-License-Identifier: Apache-2.0
"""Gates that a vendor wrote are found in every language, and nowhere but where they are asked."""

import re

import pytest

from coreline.boundary.check import check, load_languages
from coreline.boundary.declared import gate
from coreline.boundary.model import Finding
from coreline.manifest.parse import parse_manifest
from coreline.sources.tree import MemoryTree

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["**"]
gates = [{gates}]
"""


def gates(path: str, code: str, *declared: str) -> list[Finding]:
    text = MANIFEST.format(gates=", ".join(f'"{one}"' for one in declared))
    report = check(MemoryTree({"coreline.toml": text, path: code}), parse_manifest(text))
    return [one for one in report.findings if one.check == "gates"]


RUBY = """\
# License.premium? is asked below.
class Invoice
  before_action :require_license
  def premium?
    License.premium?
  end
  def note
    return "#{License.premium?}" unless License&.premium?
    "License.premium? in a string"
    other.premium?
  end
end
"""


def test_ruby() -> None:
    found = gates("app/invoice.rb", RUBY, "License.premium?", "require_license")
    assert [one.line for one in found] == [3, 5, 8, 8]
    assert {(one.kind, one.grade) for one in found} == {("gate", "tight")}
    assert "License.premium?" in found[1].message


@pytest.mark.parametrize(
    ("path", "code", "declared", "lines"),
    [
        ("a.py", "@enterprise_only\ndef f():\n    # enterprise_only\n    'enterprise_only'\n",
         "enterprise_only", [1]),
        ("a.py", "from acme.license import is_ee\nif is_ee():\n    pass\nf(is_ee=1)\n",
         "license.is_ee", [2]),
        ("a.py", "def is_ee():\n    return lic.is_ee()\n", "lic.is_ee", [2]),
        ("a.ts", "import { isEnterprise } from './x'\nif (isEnterprise()) {}\n// isEnterprise()\n",
         "isEnterprise", [2]),
        ("a.ts", "export function isEnterprise() { return `${isEnterprise()} isEnterprise()` }\n",
         "isEnterprise()", [1]),
        ("a.tsx", "const x = <A b={isEnterprise}>isEnterprise</A>\n", "isEnterprise", [1]),
        ("a.js", "const a = license?.hasActiveLicense()\nlet o = { hasActiveLicense: 1 }\n",
         "license.hasActiveLicense", [1]),
        ("a.go", "package a\nfunc IsEE() bool { return lic.IsEE() }\n// lic.IsEE()\n",
         "lic.IsEE", [2]),
        ("A.java", "class A {\n  boolean isEnterprise() { return License.isEnterprise(); }\n}\n",
         "License.isEnterprise", [2]),
        ("a.kt", "fun isEnterprise() = true\nval x = \"a ${isEnterprise()} isEnterprise\"\n",
         "isEnterprise", [2]),
        ("a.php", "<?php\n// License::premium()\nif (License::premium()) { $l->premium(); }\n",
         "License::premium", [3]),
        ("A.cs", "class A { bool B() { return License.IsPremium(); /* License.IsPremium() */ } }\n",
         "License.IsPremium", [1]),
        ("a.rs", "fn is_ee() -> bool { license::is_ee() }\n// license::is_ee()\n",
         "license::is_ee", [1]),
        ("a.rs", "fn f(l: L) -> bool { l.is_ee() }\nfn is_ee() {}\n", "License#is_ee", [1]),
    ],
)  # fmt: skip
def test_other_languages(path: str, code: str, declared: str, lines: list[int]) -> None:
    assert [one.line for one in gates(path, code, declared)] == lines


def test_a_language_without_a_grammar_is_searched_outside_comments() -> None:
    code = "-- License.premium? in a comment\nif License.premium? then\n  premium()\nend\n"
    assert [one.line for one in gates("a.lua", code, "License.premium?")] == [2]
    assert gates("notes.md", "Ask `License.premium?` first.\n", "License.premium?") == []


def test_directives_of_a_template_are_code() -> None:
    code = """\
<template>
  <a v-if="!isEnterprise" :b="isEnterprise ? 1 : 2" class="isEnterprise">{{ isEnterprise }}</a>
  <!-- isEnterprise -->
</template>
"""
    found = gates("a.vue", code, "isEnterprise")
    assert [(one.line, one.column) for one in found] == [(2, 13), (2, 31), (2, 77)]


def test_tests_ask_on_nobody_s_behalf() -> None:
    assert gates("spec/a_spec.rb", "License.premium?\n", "License.premium?") == []


def test_a_name_that_begins_like_a_module_of_the_wrap_is_found_too() -> None:
    text = MANIFEST.format(gates='"License.premium?"')
    text += (
        '[wraps.premium]\nspdx = "LicenseRef-A"\npaths = ["premium/**"]\nmodules = ["premium"]\n'
    )
    files = {"coreline.toml": text, "a.rb": "License.premium?\n", "premium/a.rb": "1\n"}
    report = check(MemoryTree(files), parse_manifest(text))
    assert [one.kind for one in report.findings] == ["gate"]


@pytest.mark.parametrize(
    ("spelling", "owner", "name"),
    [
        ("License.premium?", "License", "premium?"),
        ("Acme::License.premium?", "License", "premium?"),
        ("License#premium?", "", "premium?"),
        ("isEnterprise()", "", "isEnterprise"),
        ("$license->active", "$license", "active"),
        ("@enterprise_only", "", "enterprise_only"),
    ],
)
def test_the_parts_of_a_gate(spelling: str, owner: str, name: str) -> None:
    assert gate(spelling)[1:] == (owner, name)


def test_every_language_of_code_has_a_grammar() -> None:
    parsed = {one.name for one in load_languages() if one.grammar is not None}
    assert {"python", "javascript", "typescript", "ruby", "go", "java", "kotlin", "rust"} <= parsed
    assert all(re.fullmatch(r"tree_sitter_\w+", one.grammar[0]) for one in load_languages()
               if one.grammar is not None)  # fmt: skip
