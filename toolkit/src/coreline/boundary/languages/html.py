# SPDX-License-Identifier: Apache-2.0
"""HTML, and templates of Django, Jinja and their like, which are HTML with tags."""

from typing import TYPE_CHECKING

from coreline.boundary.extension import Example, Language, Resolve, Source
from coreline.boundary.facts import FileFacts

if TYPE_CHECKING:
    from coreline.boundary.world import World


def _extract(source: Source) -> FileFacts:
    from coreline.boundary.javascript.pages import page

    return page(source)


def _resolver(world: "World") -> Resolve:
    from coreline.boundary.javascript.pages import page_resolver

    return page_resolver(world)


LANGUAGE = Language(
    name="html",
    sentence="Scripts and styles of a page, and the templates that it takes in.",
    version=1,
    extract=_extract,
    examples=(
        Example(
            '<script type="module">\nimport "./ee/x.js"\n</script>',
            (("static", None, "./ee/x.js", ()),),
        ),
        Example('<script src="./ee/x.js"></script>', (("static", None, "./ee/x.js", ()),)),
        Example('{% extends "ee/base.html" %}', (("string", None, "ee/base.html", ()),)),
        Example("{% include 'ee/x.html' ignore missing %}", (("string", "try", "ee/x.html", ()),)),
        Example('<!-- <script src="./ee/x.js"></script> --><a href="/ee/x">./ee/x</a>'),
    ),
    suffixes=frozenset([".html", ".htm", ".xhtml", ".jinja", ".jinja2", ".j2", ".njk", ".twig"]),
    resolver=_resolver,
)
