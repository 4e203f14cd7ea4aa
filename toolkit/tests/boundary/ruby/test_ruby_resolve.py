# SPDX-License-Identifier: Apache-2.0
"""What Ruby code means in a tree: constants by nesting, files by load path, gems by name."""

from collections.abc import Callable

import pytest

from coreline.boundary.model import Report

Checked = Callable[..., Report]

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
promise = "loose"
spdx = "Apache-2.0"
paths = ["**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = [{}]
"""
LICENSE = "module Acme\n  module EE\n    class License < A\n    end\n  end\nend\n"
EE = {"lib/acme/ee/license.rb": LICENSE}
OF_EE = MANIFEST.format('"lib/acme/ee/**"')
PLUS = MANIFEST.format('"plus/**"')


def rows(report: Report) -> list[tuple[str, int, str, str | None, str | None]]:
    return [
        (one.path, one.line, one.kind, one.guard, one.grade)
        for one in report.findings
        if one.check == "references"
    ]


@pytest.mark.parametrize(
    "code",
    [
        "Acme::EE::License\n",
        "::Acme::EE::License\n",
        "module Acme\n  EE::License\nend\n",
        "module Acme\n  class A\n    EE::License::LIMIT\n  end\nend\n",
        "class Acme::A\n  Acme::EE::License\nend\n",
        "module Acme::EE\n  License\nend\n",
        '"Acme::EE::License".constantize\n',
        "Acme::EE::Other\n",
    ],
)
def test_a_constant_of_the_wrap(checked: Checked, code: str) -> None:
    (row,) = rows(checked({"lib/acme/a.rb": code, **EE}, OF_EE))
    assert (row[0], row[4]) == ("lib/acme/a.rb", "broken")


@pytest.mark.parametrize(
    "code",
    [
        # Ruby does not look into Acme for what is written outside it.
        "EE::License\n",
        "class Acme::A\n  EE::License\nend\n",
        "module Other\n  EE::License\nend\n",
        "Other::EE::License\n",
        "module Acme\n  ::EE::License\nend\n",
        "module Acme\n  module A\n    module EE\n    end\n    EE::License\n  end\nend\n",
        "License\n",
    ],
)
def test_what_only_looks_alike(checked: Checked, code: str) -> None:
    assert rows(checked({"lib/acme/a.rb": code, **EE}, OF_EE)) == []


def test_what_the_core_defines_as_well_is_not_the_wraps(checked: Checked) -> None:
    files = {
        "lib/acme/ee.rb": "module Acme\n  module EE\n    def self.a = License.b\n  end\nend\n",
        "lib/acme/a.rb": "Acme::EE.a\nAcme::EE::Missing\nAcme::EE::License\n",
        **EE,
    }
    assert rows(checked(files, OF_EE)) == [
        ("lib/acme/a.rb", 3, "static", None, "broken"),
        ("lib/acme/ee.rb", 3, "local", None, "broken"),
    ]


def test_a_class_that_the_wrap_opens_again_is_the_cores(checked: Checked) -> None:
    files = {
        "plus/app/models/account.rb": "class Account\n  def fleet; end\nend\n",
        "app/models/account.rb": "class Account\n  def name; end\nend\n",
        "app/models/user.rb": "class User\n  def account = Account.new\nend\n",
    }
    assert rows(checked(files, PLUS)) == []


def test_a_class_that_only_the_wrap_has(checked: Checked) -> None:
    files = {
        "plus/app/models/fleet/report.rb": "module Fleet\n  class Report\n    A = 1\n  end\nend\n",
        "app/models/user.rb": "class User\n  def a = Fleet::Report.new\nend\n",
        "app/models/fleet.rb": "module Fleet\n  def self.a = Report.new\nend\n",
        "app/models/report.rb": "class Report\n  def a; end\nend\n",
        "app/models/other.rb": "class Other\n  def a = Report.new\nend\n",
    }
    assert rows(checked(files, PLUS)) == [
        ("app/models/fleet.rb", 2, "local", None, "broken"),
        ("app/models/user.rb", 2, "local", None, "broken"),
    ]


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ('require "acme/ee/license"\n', True),
        ('require_relative "ee/license"\n', True),
        ('require_relative "ee/nothing"\n', False),
        ('require "other/ee/license"\n', False),
        ('require "./ee/license"\n', True),
        ('load "lib/acme/ee/license.rb"\n', True),
        ('autoload :License, "acme/ee/license"\n', True),
        ('require File.expand_path("../ee/license", __FILE__)\n', True),
        ('x = "lib/acme/ee"\n', True),
        ('get "/acme/ee/license"\n', False),
    ],
)
def test_files(checked: Checked, code: str, is_found: bool) -> None:
    assert bool(rows(checked({"lib/acme/a.rb": code, **EE}, OF_EE))) is is_found


def test_a_file_on_the_load_path_of_the_wrap(checked: Checked) -> None:
    files = {
        "plus/lib/fleet/report.rb": "",
        "plus/lib/acme/fleet.rb": "",
        "lib/acme.rb": 'require "fleet/report"\nrequire "acme/fleet"\nrequire "acme/a"\n',
        "lib/acme/a.rb": "",
    }
    assert [row[:3] for row in rows(checked(files, PLUS))] == [
        ("lib/acme.rb", 1, "static"),
        ("lib/acme.rb", 2, "static"),
    ]


def test_a_gem_kept_elsewhere(checked: Checked) -> None:
    manifest = MANIFEST.format('"pro/**"') + ('packages = ["acme-pro"]\nmodules = ["Acme::Pro"]\n')
    files = {
        "lib/acme.rb": (
            'begin\n  require "acme/pro/version"\nrescue LoadError\nend\nrequire "acme/processor"\n'
            "module Acme\n  def self.pro? = defined?(Pro)\n  Processor.new\nend\n"
        ),
        "Gemfile": 'gem "acme-pro", group: :pro\ngem "acme-profiler"\n',
        "acme.gemspec": 'Gem::Specification.new do |s|\n  s.add_dependency "acme-pro"\nend\n',
        "bin/acme": "#!/usr/bin/env ruby\nAcme::Pro.start\n",
    }
    assert rows(checked(files, manifest)) == [
        ("Gemfile", 1, "build", "extra", "tight"),
        ("acme.gemspec", 2, "build", None, "broken"),
        ("bin/acme", 2, "static", None, "broken"),
        ("lib/acme.rb", 2, "static", "try", "tight"),
        ("lib/acme.rb", 7, "local", "probe", "tight"),
    ]


def test_a_gem_made_of_the_wrap_is_known_by_its_gemspec(checked: Checked) -> None:
    files = {
        "plus/fleet.gemspec": 'Gem::Specification.new do |s|\n  s.name = "acme-fleet"\nend\n',
        "Gemfile": 'gem "acme-fleet"\ngem "fleet", path: "plus"\ngem "x", path: "plus/x"\n',
    }
    assert [row[:3] for row in rows(checked(files, PLUS))] == [("Gemfile", 1, "build")]


def test_the_license_of_a_gemspec(checked: Checked) -> None:
    files = {"a.gemspec": 'Gem::Specification.new do |s|\n  s.license = "GPL-3.0-only"\nend\n'}
    found = [one for one in checked(files, PLUS).findings if one.check == "spdx"]
    assert [(one.path, one.line, one.kind) for one in found] == [("a.gemspec", 2, "metadata")]
    files = {"a.gemspec": files["a.gemspec"].replace("GPL-3.0-only", "Apache-2.0")}
    assert checked(files, PLUS).findings == ()


def test_the_files_that_a_gem_takes(checked: Checked) -> None:
    code = "Gem::Specification.new do |s|\n  s.files = {}\nend\n"
    taking = {"a.gemspec": code.format('Dir["lib/**/*", "plus/**/*"]'), "plus/a.rb": ""}
    assert rows(checked(taking, PLUS)) == [("a.gemspec", 2, "build", None, "broken")]
    leaving = {"a.gemspec": code.format('Dir["**/*"] - Dir["plus/**/*"]'), "plus/a.rb": ""}
    assert rows(checked(leaving, PLUS)) == [("a.gemspec", 2, "build", None, "tight")]


@pytest.mark.parametrize(
    ("files", "is_taken"),
    [
        ('Dir["lib/**/*"]', True),
        ('Dir["lib/**/*.{rb,rake}", "README.md"]', True),
        ('Dir.glob("**/*.rb")', True),
        ("`git ls-files -z`.split('\\0')", True),
        ('Dir["lib/*.rb"]', False),
        ('Dir["app/**/*"]', False),
        ('Dir["lib/**/*"].reject { |one| one.start_with?("lib/acme/ee/") }', False),
        ("%w[lib/acme.rb]", False),
        ("`git ls-files`.split.reject { |one| one.start_with?('test/') }", True),
        ("`git ls-files`.split.select(&of_the_core)", False),
        ("`git ls-files`.split - ignored", False),
    ],
)
def test_patterns_that_match_files_of_the_wrap(
    checked: Checked, files: str, is_taken: bool
) -> None:
    spec = f"Gem::Specification.new do |s|\n  s.files = {files}\nend\n"
    found = rows(checked({"acme.gemspec": spec, "lib/acme.rb": "", **EE}, OF_EE))
    needed = [one for one in found if one[4] == "broken"]
    assert needed == ([("acme.gemspec", 2, "build", None, "broken")] if is_taken else [])


def test_patterns_count_from_the_folder_of_the_gemspec(checked: Checked) -> None:
    spec = 'Gem::Specification.new do |s|\n  s.files = Dir["**/*"]\nend\n'
    files = {"gem/acme.gemspec": spec, "plus/gem/a.rb": ""}
    assert rows(checked(files, PLUS)) == []


def test_views_and_mirrors(checked: Checked) -> None:
    manifest = MANIFEST.format('"enterprise/**"')
    files = {
        "enterprise/app/views/enterprise/fleet/_row.html.erb": "",
        "enterprise/app/models/enterprise/account.rb": (
            "module Enterprise\n  module Account\n    def a; end\n  end\nend\n"
        ),
        "app/views/home.html.erb": '<%= render "enterprise/fleet/row" %>\n',
        "app/models/account.rb": 'class Account\nend\nAccount.prepend_mod_with("Account")\n',
        "app/models/user.rb": 'class User\nend\nUser.prepend_mod_with("User")\n',
    }
    assert rows(checked(files, manifest)) == [
        ("app/models/account.rb", 3, "lookup", None, "tight"),
        ("app/views/home.html.erb", 1, "string", None, "broken"),
    ]
