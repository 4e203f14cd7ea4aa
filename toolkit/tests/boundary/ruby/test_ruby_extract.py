# SPDX-License-Identifier: Apache-2.0
"""What a Ruby file refers to by strings, constants and templates; no bytes make it fail."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.boundary.extension import Source
from coreline.boundary.languages import erb, gemfile, haml, ruby
from coreline.boundary.names import Names
from coreline.boundary.ruby.define import define

NAMES = Names(
    modules={},
    words=frozenset(["EE", "prepend_mod_with", "prepend_mod"]),
    folders=frozenset(["ee"]),
    packages={"acme-ee": "ee"},
)


def references(code: str) -> list[tuple[str, str, bool]]:
    data = code.encode()
    found = ruby.LANGUAGE.extract(Source(data, NAMES, NAMES.search(data)))
    assert found.trouble is None
    return [(ref.form, ref.module, ref.needed) for ref in found.references]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("Acme::EE::X::LIMIT\n", ("static", "Acme::EE::X::LIMIT", True)),
        ("::EE::X\n", ("static", "::EE::X", True)),
        ("module A\n  class B::C\n    EE::X\n  end\nend\n", ("static", "EE::X in A/B::C", True)),
        ("module A\n  ::EE::X\nend\n", ("static", "::EE::X", True)),
        ("class A < EE::X\nend\n", ("static", "EE::X", True)),
        ('"EE::X".constantize\n', ("dynamic", "EE::X", True)),
        ('"EE::X".safe_constantize\n', ("dynamic", "EE::X", False)),
        ('Object.const_get("EE::X")\n', ("dynamic", "EE::X", True)),
        ("Acme.const_get(:EE)\n", ("dynamic", "Acme::EE", True)),
        ("Acme.const_defined?(:EE)\n", ("dynamic", "Acme::EE", False)),
        ('has_many :x, class_name: "EE::X"\n', ("string", "EE::X", True)),
        ('x = "EE::X"\n', ("string", "EE::X", False)),
        ('paths << "#{root}/ee/app"\n', ("string", "#{}/ee/app", False)),
        ("paths.push(*%W[#{root}/ee/app])\n", ("string", "#{}/ee/app", False)),
        ("x = %w[EE::X]\n", ("string", "EE::X", False)),
        ('render partial: "ee/x"\n', ("string", "ee/x", True)),
        ('paths << Rails.root.join("ee/app")\n', ("string", "ee/app", False)),
        ('require File.expand_path("../ee/x", __dir__)\n', ("static", "../ee/x", True)),
        ('require "#{root}/ee/x"\n', ("static", "#{}/ee/x", True)),
        ('gem "acme-ee"\n', ("static", "acme-ee", True)),
        ('Gem.loaded_specs["acme-ee"]\n', ("string", "acme-ee", False)),
        ('Gem.loaded_specs.key?("acme-ee")\n', ("string", "acme-ee", False)),
        ('plugins.installed?("acme-ee")\n', ("string", "acme-ee", False)),
        ('Account.prepend_mod_with("Account")\n', ("lookup", "::Account", False)),
        ("module A\n  class B\n  end\n  B.prepend_mod\nend\n", ("lookup", "::B", False)),
    ],
)
def test_one_reference(code: str, expected: tuple[str, str, bool]) -> None:
    assert references(code) == [expected]


@pytest.mark.parametrize(
    "code",
    [
        "# EE::X\n",
        "=begin\nEE::X\n=end\n",
        'x = "the EE edition"\n',
        'x = "EE"\n',
        "x = self.class::EE\n",
        "x = /EE/\n",
        "EEX = 1\n",
        "x.ee\n",
        'plan.name == "acme-ee"\n',
        "<<~TEXT\n  EE::X\nTEXT\n",
    ],
)
def test_nothing(code: str) -> None:
    assert references(code) == []


def test_code_in_a_text() -> None:
    assert references("puts <<~TEXT\n  #{EE::X.name}\nTEXT\n") == [("static", "EE::X", True)]
    assert references('"#{EE::X}"\n') == [("static", "EE::X", True)]


def test_a_module_that_is_opened_defines_and_sees_what_is_inside() -> None:
    data = b"module Acme\n  module EE\n    def self.license = License.current\n  end\nend\n"
    found = ruby.LANGUAGE.extract(Source(data, NAMES, NAMES.search(data)))
    assert [(one.name, one.line) for one in found.definitions] == [("Acme::EE", 2)]
    assert [ref.module for ref in found.references] == ["License in Acme/EE"]


def test_a_template_is_read_as_the_code_it_holds() -> None:
    data = (
        b"<h1>EE::X ee/x</h1>\n<%# EE::X %>\n<% if Acme.ee? %>\n"
        b'<%= render "ee/x" do |f| -%>\n<%= EE::X.name %>\n<% end %>\n<% end %>\n'
    )
    found = erb.LANGUAGE.extract(Source(data, NAMES, NAMES.search(data)))
    assert [
        (ref.line, ref.column, ref.form, ref.module, ref.guard) for ref in found.references
    ] == [
        (4, 12, "string", "ee/x", "flag Acme.ee?"),
        (5, 5, "local", "EE::X", "flag Acme.ee?"),
    ]
    data = b"%p EE::X\n%p= EE::X.name\n- a = EE::X\n.row\n  p\n  | #{EE::X}\n"
    found = haml.LANGUAGE.extract(Source(data, NAMES, NAMES.search(data)))
    assert [(ref.line, ref.module) for ref in found.references] == [
        (2, "EE::X"),
        (3, "EE::X"),
        (6, "EE::X"),
    ]


ACME = """\
module Acme
  module EE
    class X < Y
      A = 1
      class Z; end
    end
    B = 2
  end
end
"""


@pytest.mark.parametrize(
    ("code", "names", "searched"),
    [
        (
            ACME,
            {("Acme::EE::X", 3), ("Acme::EE::X::Z", 5), ("Acme::EE::B", 7)},
            {"EE"},
        ),
        ("class Fleet::Report\n  def a; end\nend\n", {("Fleet::Report", 1)}, {"Report"}),
        ("class A\nend\n", {("A", 1)}, {"A"}),
        ("module A\n  # Nothing.\nend\n", set(), set()),
        ("module A\n  # Only a comment.\nend\nclass B < A; end\n", {("B", 4)}, {"B"}),
        ("A = Struct.new(:x)\nb = 1\nC == 2\n", {("A", 1)}, {"A"}),
    ],
)
def test_what_a_file_of_a_wrap_defines(
    code: str, names: set[tuple[str, int]], searched: set[str]
) -> None:
    found = list(define(code.encode()))
    assert {(one.name, one.line) for one in found if one.line} == names
    assert {one.name for one in found if not one.line} == searched


def test_helpers_are_searched_where_a_wrap_mirrors_the_core() -> None:
    code = b"module Enterprise\n  module Account\n    def a; end\n  end\nend\n"
    searched = {one.name for one in define(code) if not one.line}
    assert {"Enterprise", "prepend_mod_with", "include_mod_with"} <= searched


_PIECES = [
    *(b"EE::X", b"ee/", b'"', b"'", b"module A", b"class ", b"\n", b" end\n", b"if ", b"#{", b"}"),
    *(b"require ", b"begin\n", b"rescue ", b"<% ", b" %>", b"= ", b"<<~A\n", b"\xff", b"def a\n"),
    *(b"(", b")", b"defined?(", b"gem ", b"files = ", b"prepend_mod_with(", b"::", b"-"),
]


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.lists(st.sampled_from(_PIECES), max_size=30).map(b"".join))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    for language in (ruby.LANGUAGE, erb.LANGUAGE, haml.LANGUAGE, gemfile.LANGUAGE):
        found = language.extract(Source(data, NAMES, NAMES.search(data)))
        assert all(ref.line >= 1 and ref.column >= 1 for ref in found.references)
        if language.define is not None:
            assert all(one.name for one in language.define(data))


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.binary(max_size=200))
def test_no_binary_makes_define_fail(data: bytes) -> None:
    assert all(one.line >= 0 for one in define(data))
