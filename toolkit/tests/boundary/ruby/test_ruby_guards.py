# SPDX-License-Identifier: Apache-2.0
"""What counts as a guard in Ruby, for a file that is loaded and for a constant that is used."""

import pytest

from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts, Reference
from coreline.boundary.languages.ruby import LANGUAGE
from coreline.boundary.names import Names

NAMES = Names(
    modules={"EE": "ee"},
    words=frozenset(["EE", "acme-ee"]),
    folders=frozenset(["ee"]),
    packages={"acme-ee": "ee"},
)


def facts(code: str) -> FileFacts:
    data = code.encode()
    found = LANGUAGE.extract(Source(data, NAMES, NAMES.search(data)))
    assert found.trouble is None
    return found


def only(code: str) -> Reference:
    (reference,) = facts(code).references
    return reference


@pytest.mark.parametrize(
    ("handler", "load", "name"),
    [
        ("rescue LoadError", "try", None),
        ("rescue ::LoadError => e\n  warn e", "try", None),
        ("rescue ScriptError, IOError", "try", None),
        ("rescue Exception", "try", "try"),
        ("rescue NameError", None, "try"),
        ("rescue StandardError", None, "try"),
        ("rescue => e", None, "try"),
        ("rescue", None, "try"),
        ("rescue LoadError\n  raise", None, None),
        ("rescue LoadError => e\n  log e\n  abort 'missing'", None, None),
        ("rescue LoadError => e\n  raise unless e.path == 'x'", "try", None),
        ("rescue LoadError\n  raise\nrescue Exception\n  nil", None, "try"),
        ("rescue => e\n  raise Missing", None, None),
        ("rescue ArgumentError", None, None),
        ("ensure\n  done", None, None),
    ],
)
def test_handlers(handler: str, load: str | None, name: str | None) -> None:
    assert only(f'begin\n  require "ee/x"\n{handler}\nend\n').guard == load
    assert only(f"begin\n  EE::X.call\n{handler}\nend\n").guard == name
    assert only(f'def a\n  require "ee/x"\n{handler}\nend\n').guard == load
    assert only(f"def a\n  EE::X.call\n{handler}\nend\n").guard == name


def test_a_handler_guards_only_its_own_body() -> None:
    assert only('begin\nrescue LoadError\n  require "ee/x"\nend\n').guard is None
    assert only('begin\nrescue LoadError\nelse\n  require "ee/x"\nend\n').guard is None
    assert only('begin\n  def a\n    require "ee/x"\n  end\nrescue LoadError\nend\n').guard is None


def test_a_constant_after_a_guarded_require_is_only_reached_with_it() -> None:
    code = 'begin\n  require "{}"\n  EE::X.start\nrescue LoadError\nend\n'
    assert [ref.guard for ref in facts(code.format("ee/x")).references] == ["try", "try"]
    assert [ref.guard for ref in facts(code.format("json")).references] == [None]


def test_modifiers() -> None:
    assert only("a = EE::X.call rescue nil\n").guard == "try"
    assert only('require "ee/x" rescue nil\n').guard is None


@pytest.mark.parametrize(
    ("condition", "guard"),
    [
        ("Acme.ee?", "flag Acme.ee?"),
        ("!Acme.ce?", "flag Acme.ce?"),
        ("Sidekiq.ent?", "flag Sidekiq.ent?"),
        ("License.premium?", "flag License.premium?"),
        ("Feature.enabled?(:x)", "flag Feature.enabled?"),
        ("License.feature_available?(:x) && user", "flag License.feature_available?"),
        ('ENV["ACME_EE"]', "flag env ACME_EE"),
        ('ENV.fetch("ACME_EE", nil) == "1"', "flag env ACME_EE"),
        ("Settings.fleet", "flag Settings.fleet"),
        ("Rails.configuration.x.fleet", "flag Rails.configuration.x.fleet"),
        ("EDITION_PAID", "flag EDITION_PAID"),
        ('EDITION == "ENTERPRISE"', "flag EDITION"),
        ("premium?", "flag premium?"),
        ("Rails.env.production?", None),
        ("Rails.env == 'test'", None),
        ("user.admin?", None),
        ("defined?(Rails)", None),
        ("account.plan == FREE_PLAN", None),
        ("true", None),
    ],
)
def test_conditions(condition: str, guard: str | None) -> None:
    assert only(f'if {condition}\n  require "ee/x"\nend\n').guard == guard
    assert only(f'unless {condition}\n  1\nelse\n  require "ee/x"\nend\n').guard == guard
    assert only(f'require "ee/x" if {condition}\n').guard == guard
    assert only(f'({condition}) && require("ee/x")\n').guard == guard
    assert only(f'({condition}) ? require("ee/x") : nil\n').guard == guard
    assert only(f'case\nwhen {condition}\n  require "ee/x"\nend\n').guard == guard
    assert only(f'def a\n  return unless {condition}\n  require "ee/x"\nend\n').guard == guard


def test_early_exits() -> None:
    assert only('return unless Acme.ee?\nrequire "ee/x"\n').guard == "flag Acme.ee?"
    assert only('raise "no" unless Acme.ee?\nrequire "ee/x"\n').guard is None
    assert only('def a\n  raise "no" unless Acme.ee?\n  EE::X\nend\n').guard == "flag Acme.ee?"
    assert only("def a\n  EE::X\n  return unless Acme.ee?\nend\n").guard is None
    assert only("def a\n  log unless Acme.ee?\n  EE::X\nend\n").guard is None


def test_a_block_that_only_one_edition_runs() -> None:
    assert only("Acme.ee { EE::X.call }\n").guard == "flag Acme.ee"
    assert only("Acme.each { EE::X.call }\n").guard is None


@pytest.mark.parametrize("code", ["defined?(EE::X)\n", "defined? EE::X\n", "!defined?(::EE::X)\n"])
def test_probes_need_nothing(code: str) -> None:
    reference = only(code)
    assert (reference.guard, reference.needed) == ("probe", False)


def test_a_probe_guards_what_it_asks_for() -> None:
    code = "EE::X.call if defined?(EE::X)\n"
    assert [(ref.guard, ref.needed) for ref in facts(code).references] == [
        ("probe", True),
        ("probe", False),
    ]
    code = 'if Object.const_defined?("EE")\n  EE::X.call\nend\n'
    assert {ref.guard for ref in facts(code).references} == {"probe"}


def test_a_question_whether_a_file_is_there() -> None:
    code = 'if Rails.root.join("ee/app").exist?\n  EE::X.call\nend\n'
    assert [(ref.module, ref.guard) for ref in facts(code).references] == [
        ("ee/app", "probe"),
        ("EE::X", "probe"),
    ]
    assert facts('File.exist?("ee/x")\n').references[0].guard == "probe"


def test_local_and_static() -> None:
    assert only("class A\n  include EE::X\nend\n").form == "static"
    assert only("class A < EE::X\nend\n").form == "static"
    assert only("def a\n  EE::X\nend\n").form == "local"
    assert only("def self.a = EE::X.call\n").form == "local"
    assert only("a = -> { EE::X }\n").form == "local"
    assert only("included do\n  include EE::X\nend\n").form == "static"
