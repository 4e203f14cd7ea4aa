# SPDX-License-Identifier: Apache-2.0
"""Templates of ERB: the Ruby code between ``<%`` and ``%>``."""

from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.ruby.extract import extract_code
from coreline.boundary.ruby.loading import resolver
from coreline.boundary.ruby.templates import erb_code


def _extract(source: Source) -> FileFacts:
    return extract_code(source, erb_code(source.data))


LANGUAGE = Language(
    name="erb",
    sentence="The Ruby code of ERB templates.",
    version=2,
    extract=_extract,
    resolver=resolver,
    examples=(
        Example('<p><%= render "ee/fleet/row" %></p>\n', (("string", None, "ee/fleet/row", ()),)),
        Example(
            '<% if Acme.enterprise? %>\n<%= render "ee/fleet/row" %>\n<% end %>\n',
            (("string", "flag Acme.enterprise?", "ee/fleet/row", ()),),
        ),
        Example("<p>ee/fleet</p>\n"),
    ),
    suffixes=frozenset([".erb", ".rhtml"]),
)
