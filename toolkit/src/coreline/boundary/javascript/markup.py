# SPDX-License-Identifier: Apache-2.0
"""Components of Vue and Svelte: scripts are parsed in their place, markup and styles searched.

Whatever is no script is blanked, so that every line and column stays what it is in the file.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from msgspec.structs import replace

from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts, Form, Reference
from coreline.boundary.javascript.extract import (
    HITS_MAX,
    JAVASCRIPT,
    TSX,
    TYPESCRIPT,
    Grammar,
    extract,
)
from coreline.boundary.javascript.styles import imports
from coreline.boundary.text import Lines

_BLOCK = re.compile(rb"<!--|<(script|style)(?=[\s>])", re.IGNORECASE)
_LANG = re.compile(rb"\blang\s{0,9}=\s{0,9}[\"']?(\w+)")
_SRC = re.compile(rb"""\b(src|poster|xlink:href)\s{0,9}=\s{0,9}["']([^"'\n]{1,300})["']""")
_CALL = re.compile(
    rb"""(?<![\w$.])(import|require)\(\s{0,99}["'`]([^"'`\n]{1,300})["'`]\s{0,99}\)"""
)
_TAG_MAX = 4096
_GRAMMARS = {b"ts": (TYPESCRIPT,), b"tsx": (TSX,), b"typescript": (TYPESCRIPT,)}


class Block(NamedTuple):
    """A part of a component."""

    kind: str
    """``script``, ``style``, ``comment``, or ``markup`` for all around them."""
    start: int
    end: int
    tag: bytes = b""
    """The opening tag's attributes."""
    tag_start: int = 0


def component(source: Source, *, sources_are_imports: bool) -> FileFacts:
    """Return the references of a component.

    Args:
        source: the file.
        sources_are_imports: whether a compiler makes imports of ``src`` in markup, as Vue's does.
    """
    parts = list(blocks(source.data))
    found = _scripts(source, [one for one in parts if one.kind == "script"])
    lines = Lines(source.data)
    more: list[Reference] = []
    for part in parts:
        if part.kind == "markup":
            more += _markup(source, lines, part.start, part.end, with_src=sources_are_imports)
        elif part.kind != "comment":
            # <script src> and <style src> are taken in by the compilers of both.
            end = part.tag_start + len(part.tag)
            more += _markup(source, lines, part.tag_start, end, with_src=True)
        if part.kind == "style":
            more += imports(source, part.start, part.end)
    every = sorted((*found.references, *more), key=lambda one: (one.line, one.column))
    return replace(found, references=tuple(every))


def blocks(data: bytes) -> Iterator[Block]:
    """Yield the parts of a component in order. What is not closed reaches to the end."""
    at = 0
    while at < len(data):
        match = _BLOCK.search(data, at)
        if match is None:
            break
        yield Block("markup", at, match.start())
        if match[1] is None:
            end = data.find(b"-->", match.end())
            at = len(data) if end < 0 else end + 3
            yield Block("comment", match.start(), at)
            continue
        kind = match[1].lower()
        opened = data.find(b">", match.end(), match.end() + _TAG_MAX)
        start = match.end() if opened < 0 else opened + 1
        tag = data[match.end() : start]
        end = start if tag.endswith(b"/>") else _closing(data, kind, start)
        yield Block(kind.decode(), start, end, tag, match.end())
        at = max(end, start)
    yield Block("markup", at, len(data))


def _closing(data: bytes, kind: bytes, start: int) -> int:
    end = data.find(b"</" + kind, start)
    return len(data) if end < 0 else end


def _scripts(source: Source, scripts: Sequence[Block]) -> FileFacts:
    grammars: tuple[Grammar, ...] = (JAVASCRIPT, TYPESCRIPT)
    code = bytearray(re.sub(rb"[^\n]", b" ", source.data))
    hits: list[tuple[int, int]] = []
    for one in scripts:
        code[one.start : one.end] = source.data[one.start : one.end]
        lang = _LANG.search(one.tag)
        grammars = _GRAMMARS.get(lang[1].lower(), grammars) if lang else grammars
        hits += [hit for hit in source.hits if one.start <= hit[0] and hit[1] <= one.end]
    if not hits:
        return FileFacts()
    return extract(Source(source.data, source.names, hits), grammars, bytes(code))


def _markup(
    source: Source, lines: Lines, start: int, end: int, *, with_src: bool
) -> Iterator[Reference]:
    """Yield what markup takes in: assets, and modules that an expression asks for."""
    if not any(start <= hit[0] < end for hit in source.hits):
        return
    found: list[tuple[int, bytes, Form]] = []
    if with_src:
        sources = islice(_SRC.finditer(source.data, start, end), HITS_MAX)
        # What begins otherwise is an address.
        relative = (one for one in sources if one[2].startswith((b".", b"@", b"~")))
        found += [(one.start(2), one[2], "static") for one in relative]
    for match in islice(_CALL.finditer(source.data, start, end), HITS_MAX):
        form: Form = "dynamic" if match[1] == b"import" else "static"
        found.append((match.start(2), match[2], form))
    for offset, raw, form in sorted(found):
        if source.names.search(raw):
            place = lines.place(offset)
            module = raw.decode("utf-8", "replace")
            yield Reference(place.line, place.column, form, module, text=place.text)
