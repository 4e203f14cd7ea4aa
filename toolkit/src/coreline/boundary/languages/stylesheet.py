# SPDX-License-Identifier: Apache-2.0
"""Style sheets: CSS, Sass, Less and Stylus."""

from typing import TYPE_CHECKING

from coreline.boundary.extension import Example, Language, Resolve, Source
from coreline.boundary.facts import FileFacts

if TYPE_CHECKING:
    from coreline.boundary.world import World


def _extract(source: Source) -> FileFacts:
    from coreline.boundary.javascript.styles import imports

    return FileFacts(references=tuple(imports(source, 0, len(source.data))))


def _resolver(world: "World") -> Resolve:
    from coreline.boundary.javascript.styles import style_resolver

    return style_resolver(world)


LANGUAGE = Language(
    name="stylesheet",
    sentence="What a style sheet imports, and the files that it shows.",
    version=1,
    extract=_extract,
    examples=(
        Example("@import '../ee/colors';\n", (("static", None, "../ee/colors", ()),)),
        Example('@use "~acme-ee/x" as ee;\n', (("static", None, "~acme-ee/x", ()),)),
        Example("a { background: url(./ee/x.png) }", (("string", None, "./ee/x.png", ()),)),
        Example('/* @import "ee/x"; */\n// @use "ee/x"\n.ee { color: red }'),
    ),
    suffixes=frozenset([".css", ".scss", ".sass", ".less", ".styl", ".pcss"]),
    resolver=_resolver,
)
