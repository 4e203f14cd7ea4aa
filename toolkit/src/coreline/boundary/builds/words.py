# SPDX-License-Identifier: Apache-2.0
"""Words of build files that name a folder of a wrap, with and without a slash.

Source code names a folder by a path; a build names it by a word alone as well (``cd ee``,
``make -C ee``). Such a word is searched for in build files only.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from coreline.boundary.extension import Source
from coreline.boundary.facts import Reference
from coreline.boundary.text import Lines

MENTIONS_MAX = 500
"""Mentions kept of one file under one guard."""

_REACH = 300
BARE_MAX = 2_000
"""Words alone looked at in one file; a list of more says nothing that these do not say."""

_VARIABLE = re.compile(
    r"^(?:\$\$?\{\{[^}]*\}\}|\$\$?[({][^){}]*[)}]|\$\w+\$|\$\$?\w+|%\w+%|\{\{[^}]*\}\})(?=[/\\])"
)
_EXPRESSION = re.compile(r"\$\{\{[^}]*\}\}")
_EDGE = re.compile(r"""[\s"'`<>;|&()\[\]{},=]""")


def bare(source: Source) -> list[tuple[int, int]]:
    """Return where a folder of a wrap is named by a word alone, beside the hits of the search."""
    expression = _bare(source.names.folders)
    if expression is None:
        return []
    known = {start for start, _ in source.hits}
    found: list[tuple[int, int]] = []
    for match in expression.finditer(source.data):
        if match.start() not in known:
            found.append(match.span())
            if len(found) >= BARE_MAX:
                break
    return found


@lru_cache(maxsize=8)
def _bare(folders: frozenset[str]) -> re.Pattern[bytes] | None:
    if not folders:
        return None
    names = b"|".join(re.escape(name.encode("utf-8", "surrogateescape")) for name in folders)
    before = rb"""(?:(?<=[\s"'=,\[({])|(?<![\s\S]))"""
    return re.compile(before + rb"(?:" + names + rb""")(?=["'\s;,\])}&|\\]|:|\Z)""")


def clean(text: str) -> str:
    """Return a path without the variables that it begins with: ``$PWD/ee``, ``${{ x }}/ee``.

    What a variable holds is not known; the rest is looked up from every folder above the file.
    """
    while (match := _VARIABLE.match(text)) is not None:
        text = text[match.end() :].lstrip("/\\")
    return text


def as_path(text: str) -> str:
    """Return a word as a path: a slash says that it is one, whatever it looks like."""
    text = clean(text).removeprefix("file:").removeprefix("//")
    if "/" not in text:
        return f"{text}/"
    return text


def part_at(text: str, offset: int, more_edges: str = "") -> tuple[int, str]:
    """Return the part of a word in which an offset stands, and where it begins.

    Args:
        text: the word, such as ``--from=ee/x``.
        offset: in characters.
        more_edges: what parts it as well, such as the colon of a volume.
    """
    text = _EXPRESSION.sub(lambda match: "$" + "X" * (len(match[0]) - 1), text)
    edges = [0]
    edges += [
        match.end() for match in _EDGE.finditer(text, 0, offset) if not _in_variable(text, match)
    ]
    begin = max([*edges, *(text.rfind(edge, 0, offset) + 1 for edge in more_edges)])
    ends = [match.start() for match in _EDGE.finditer(text, offset)]
    ends += [at for edge in more_edges if (at := text.find(edge, offset)) >= 0]
    return begin, text[begin : min(ends, default=len(text))]


def _in_variable(text: str, match: re.Match[str]) -> bool:
    """Whether what parts words stands in a variable's brackets: ``${EE_DIR}/x``."""
    if match[0].isspace():
        return False
    opening = max(text.rfind("$(", 0, match.end()), text.rfind("${", 0, match.end()))
    if opening < 0:
        return False
    closing = min((at for mark in ")}" if (at := text.find(mark, opening)) >= 0), default=len(text))
    return match.start() <= closing


def value_at(data: bytes, hit: tuple[int, int], more_edges: str = "") -> tuple[int, str]:
    """Return the word of a file in which a hit stands, and the offset of its beginning."""
    start = max(0, hit[0] - _REACH)
    before = data[start : hit[0]].decode("utf-8", "replace")
    after = data[hit[0] : hit[1] + _REACH].decode("utf-8", "replace")
    begin, text = part_at(before + after, len(before), more_edges)
    return hit[0] - len(before[begin:].encode("utf-8", "replace")), text


def reference(
    lines: Lines, at: int, module: str, *, needed: bool = True, guard: str | None = None
) -> Reference:
    """Return a reference of a build."""
    place = lines.place(at)
    return Reference(
        place.line, place.column, "build", module, guard=guard, needed=needed, text=place.text
    )


def mentions(
    source: Source, hits: Iterable[tuple[int, int]], guard: str | None = None
) -> list[Reference]:
    """Return what merely names a wrap: the words around hits, each once in a line."""
    lines = Lines(source.data)
    found: dict[tuple[int, str], Reference] = {}
    for hit in hits:
        at, whole = value_at(source.data, hit)
        text = whole
        if "/" in whole and ":" in whole:
            at, text = value_at(source.data, hit, ":")
        place = lines.place(at)
        text = clean(text.removeprefix("file://").removeprefix("//"))
        # A folder's name in an address is another host's.
        is_address = "://" in whole and not whole.startswith("file://")
        if not text or is_address or (place.line, text) in found:
            continue
        found[place.line, text] = Reference(
            *(place.line, place.column, "path" if "/" in text else "string", text),
            guard=guard,
            needed=False,
            is_name=False,
            text=place.text,
        )
        if len(found) >= MENTIONS_MAX:
            break
    return list(found.values())


def in_order(references: Iterable[Reference]) -> tuple[Reference, ...]:
    """Return each reference once, in the order of the file; a needed one stands for its line."""
    best: dict[tuple[int, str], Reference] = {}
    for one in references:
        key = (one.line, one.module.strip("./"))
        kept = best.get(key)
        is_surer = kept is not None and one.needed and (not kept.needed or one.guard is None)
        if kept is None or is_surer:
            best[key] = one
    return tuple(sorted(best.values(), key=lambda one: (one.line, one.column)))


def all_hits(source: Source) -> tuple[list[tuple[int, int]], set[int]]:
    """Return all hits of a build file, words alone among them, and where those begin."""
    alone = bare(source)
    # The build files of a wrap are handed over without hits; what they lay over the core counts.
    hits = source.hits or source.names.search(source.data)
    known = {start for start, _ in hits}
    more = [hit for hit in alone if hit[0] not in known]
    return sorted([*hits, *more]), {start for start, _ in more}
