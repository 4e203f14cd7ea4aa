# SPDX-License-Identifier: Apache-2.0
"""Razor pages and components: namespaces and types of a wrap in their directives and code."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts, Reference
from coreline.boundary.text import Lines

_COMMENT = re.compile(rb"@\*.*?(?:\*@|\Z)|<!--.*?(?:-->|\Z)|(?m:^[ \t]*//[^\n]*)", re.DOTALL)
_NAME = re.compile(rb"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_USING = re.compile(rb"@using[ \t]+(?:static[ \t]+)?(?:\w+[ \t]*=[ \t]*)?$")
_REACH = 300


def extract(source: Source) -> FileFacts:
    """Return the references of a Razor file: names that begin with one of a wrap's."""
    return FileFacts(references=tuple(_references(source)))


def _references(source: Source) -> Iterator[Reference]:
    spans = [match.span() for match in _COMMENT.finditer(source.data)]
    starts = [start for start, _ in spans]
    lines, last = Lines(source.data), -1
    for start, _ in source.hits:
        comment = bisect_right(starts, start) - 1
        if start < last or (comment >= 0 and start < spans[comment][1]):
            continue
        match = _NAME.match(source.data, start, start + _REACH)
        before = source.data[max(0, start - _REACH) : start]
        is_using = _USING.search(before) is not None
        # A word alone, and a part of a longer name, may be anybody's.
        if match is None or before.endswith((b".", b"/")) or not (is_using or b"." in match[0]):
            continue
        last, place = match.end(), lines.place(start)
        name = match[0].decode("utf-8", "replace")
        yield Reference(place.line, place.column, "static", name, text=place.text)
