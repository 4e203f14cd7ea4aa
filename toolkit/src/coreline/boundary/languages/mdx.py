# SPDX-License-Identifier: Apache-2.0
"""MDX: prose, but for the imports at the beginning of its paragraphs, which are code."""

import re
from typing import TYPE_CHECKING

from coreline.boundary.extension import Example, Language, Resolve, Source
from coreline.boundary.facts import FileFacts

if TYPE_CHECKING:
    from coreline.boundary.world import World

# MDX, "ESM": import and export begin a line outside of fenced code; they end with a blank line.
_PARTS = (
    rb"^(?P<fence>`{3,}|~{3,})[^\n]*\n(?:[^\n]*\n)*?(?:(?P=fence)|[^\n]*\Z)"
    rb"|^(?P<code>(?:import|export)\b[^\n]*(?:\n[^\n]+)*)"
)


def _extract(source: Source) -> FileFacts:
    from coreline.boundary.javascript.extract import TSX, extract

    code = bytearray(re.sub(rb"[^\n]", b" ", source.data))
    hits: list[tuple[int, int]] = []
    for match in re.finditer(_PARTS, source.data, re.MULTILINE):
        if match["code"] is not None:
            start, end = match.span("code")
            code[start:end] = source.data[start:end]
            hits += [hit for hit in source.hits if start <= hit[0] and hit[1] <= end]
    if not hits:
        return FileFacts()
    return extract(Source(source.data, source.names, hits), (TSX,), bytes(code))


def _resolver(world: "World") -> Resolve:
    from coreline.boundary.javascript.resolve import resolver

    return resolver(world)


LANGUAGE = Language(
    name="mdx",
    sentence="The imports of pages that are prose otherwise.",
    version=1,
    extract=_extract,
    examples=(
        Example(
            "# Title\n\nimport { X } from '../ee/x'\n\n<X/> See './ee/x'.\n",
            (("static", None, "../ee/x", ("X",)),),
        ),
        Example("```js\nimport x from './ee/x'\n```\n\nWe import './ee/x'.\n"),
        Example("~~~\nimport './ee/x'\n\nexport * from './ee/x'"),
    ),
    suffixes=frozenset([".mdx"]),
    # Further down it is documentation that shows how others write theirs.
    header_line_max=12,
    resolver=_resolver,
)
