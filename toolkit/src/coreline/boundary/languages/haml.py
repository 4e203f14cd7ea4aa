# SPDX-License-Identifier: Apache-2.0
"""Templates of HAML and Slim: the Ruby code in their lines."""

from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.ruby.extract import extract_code
from coreline.boundary.ruby.loading import resolver
from coreline.boundary.ruby.templates import haml_code


def _extract(source: Source) -> FileFacts:
    return extract_code(source, haml_code(source.data))


LANGUAGE = Language(
    name="haml",
    sentence="The Ruby code of HAML and Slim templates, line by line.",
    version=2,
    extract=_extract,
    resolver=resolver,
    examples=(
        Example('%p= render "ee/fleet/row"\n', (("string", None, "ee/fleet/row", ()),)),
        Example('- x = render "ee/fleet/row"\n', (("string", None, "ee/fleet/row", ()),)),
        Example("%p ee/fleet\n"),
    ),
    suffixes=frozenset([".haml", ".slim"]),
)
