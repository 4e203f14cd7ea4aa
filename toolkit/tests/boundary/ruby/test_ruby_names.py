# SPDX-License-Identifier: Apache-2.0
"""What is searched for constants and gems, however code may write them."""

from coreline.boundary.facts import Definition
from coreline.boundary.names import Names, collect
from coreline.boundary.ruby.define import define
from coreline.manifest.parse import parse_manifest

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["plus/**"]
modules = ["Acme::Pro"]
packages = ["acme-pro", "example.com/acme/plus"]
"""


def names(*definitions: Definition) -> Names:
    manifest = parse_manifest(MANIFEST).manifest
    return collect(manifest, {}, [], [], [("ee", one) for one in definitions])


def found(text: str, *definitions: Definition) -> list[str]:
    return [text[start:end] for start, end in names(*definitions).search(text.encode())]


def test_a_constant_is_found_from_inside_its_module() -> None:
    assert found("Acme::Pro Pro::X Process pro") == ["Pro", "Pro"]


def test_a_gem_is_found_by_what_it_is_required_as() -> None:
    assert found("acme-pro acme/pro/x acme_pro acmepro") == ["acme-pro", "acme/pro", "acme_pro"]


def test_a_module_of_go_is_found_as_it_is_written() -> None:
    assert found("example.com/acme/plus/x example-com/acme/plush") == ["example.com/acme/plus"]


def test_one_word_stands_for_all_constants_in_a_wrapping_module() -> None:
    code = b"module Acme\n  module EE\n    class A; end\n    class B; end\n  end\nend\n"
    assert set(names(*define(code)).namespaces) == {"EE"}
