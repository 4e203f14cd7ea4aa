# SPDX-License-Identifier: Apache-2.0
"""Ruby: loaded files and gems, constants, look-ups and views by name, with their guards."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.ruby.define import define
from coreline.boundary.ruby.extract import extract
from coreline.boundary.ruby.loading import resolver, words

LANGUAGE = Language(
    name="ruby",
    sentence="`require`, `autoload`, constants as Ruby and Zeitwerk look them up, and strings that"
    " name files, classes or views.",
    version=4,
    grammar=("tree_sitter_ruby", "language"),
    extract=extract,
    define=define,
    words=words,
    resolver=resolver,
    examples=(
        Example('require "ee/fleet"\n', (("static", None, "ee/fleet", ()),)),
        Example('require_relative "../ee/fleet"\n', (("static", None, "../ee/fleet", ()),)),
        Example('load "ee/fleet.rb"\n', (("static", None, "ee/fleet.rb", ()),)),
        Example('autoload :Fleet, "ee/fleet"\n', (("dynamic", None, "ee/fleet", ()),)),
        Example('def fleet\n  require "ee/fleet"\nend\n', (("local", None, "ee/fleet", ()),)),
        Example(
            'begin\n  require "acme-ee"\nrescue LoadError\nend\n',
            (("static", "try", "acme-ee", ()),),
        ),
        Example(
            'begin\n  require "acme-ee"\nrescue => e\nend\n', (("static", None, "acme-ee", ()),)
        ),
        Example(
            'begin\n  require "acme-ee"\nrescue LoadError\n  raise\nend\n',
            (("static", None, "acme-ee", ()),),
        ),
        Example(
            'require "ee/fleet" if Acme.enterprise?\n',
            (("static", "flag Acme.enterprise?", "ee/fleet", ()),),
        ),
        Example(
            'if ENV["ACME_EE"]\n  require "ee/fleet"\nend\n',
            (("static", "flag env ACME_EE", "ee/fleet", ()),),
        ),
        Example('require "ee/fleet" if Rails.env.test?\n', (("static", None, "ee/fleet", ()),)),
        Example('render "ee/fleet/row"\n', (("string", None, "ee/fleet/row", ()),)),
        Example('config.eager_load_paths << "ee/app"\n', (("string", None, "ee/app", ()),)),
        Example('# require "ee/fleet"\n'),
    ),
    suffixes=frozenset([".rb", ".rake", ".ru", ".jbuilder", ".builder", ".thor", ".podspec"]),
    interpreters=frozenset(["ruby", "jruby", "rake", "thor"]),
    filenames=(
        "rakefile",
        "guardfile",
        "capfile",
        "vagrantfile",
        "thorfile",
        "podfile",
        "fastfile",
    ),
)
