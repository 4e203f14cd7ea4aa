# SPDX-License-Identifier: Apache-2.0
"""Gemfiles and gemspecs: the gems and files of a wrap that the core asks for, and the license."""

from coreline.boundary.extension import Example, Language
from coreline.boundary.ruby.gemfile import define, extract
from coreline.boundary.ruby.taken import resolver

LANGUAGE = Language(
    name="gemfile",
    sentence="The gems that a Ruby product needs, the files that a gem takes, and its license.",
    version=3,
    extract=extract,
    define=define,
    resolver=resolver,
    examples=(
        Example('gem "acme-ee"\n', (("build", None, "acme-ee", ()),)),
        Example('gem "acme-ee", group: :ee\n', (("build", "extra", "acme-ee", ()),)),
        Example(
            'group :development do\n  gem "acme-ee"\nend\n', (("build", "extra", "acme-ee", ()),)
        ),
        Example(
            'gem "acme-ee" if ENV["ACME_EE"]\n', (("build", "flag env ACME_EE", "acme-ee", ()),)
        ),
        Example('gem "fleet", path: "ee/fleet"\n', (("path", None, "ee/fleet", ()),)),
        Example('eval_gemfile "ee/Gemfile"\n', (("path", None, "ee/Gemfile", ()),)),
        Example('s.add_dependency "acme-ee"\n', (("build", None, "acme-ee", ()),)),
        Example('s.add_development_dependency "acme-ee"\n', (("build", "extra", "acme-ee", ()),)),
        Example(
            's.files = Dir["lib/**/*", "ee/**/*"]\n',
            (("path", None, "ee/**/*", ()), ("path", None, "files lib/**/*", ())),
        ),
    ),
    suffixes=frozenset([".gemspec", ".gemfile"]),
    filenames=("gemfile", "gems.rb"),
    always=True,
)
