# SPDX-License-Identifier: Apache-2.0
"""Which files a gemspec takes into its gem: by patterns that name no wrap, yet match its files."""

import posixpath
import re
from collections.abc import Callable, Iterator
from itertools import islice

from tree_sitter import Node

from coreline.boundary.extension import Resolve
from coreline.boundary.facts import Reference
from coreline.boundary.ownership import CORE
from coreline.boundary.resolve import Meant
from coreline.boundary.ruby.loading import resolver as loading
from coreline.boundary.ruby.syntax import FUNCTION, PACKAGE, literal_text
from coreline.boundary.syntax import parse, text_of
from coreline.boundary.text import Lines
from coreline.boundary.world import World

TAKES = "files "
"""How the module of a reference begins that is a pattern of files."""

PATTERNS_MAX = 100
STARS_MAX = 12
"""More of them in one pattern are nobody's: matching would take very long."""

_FILES = re.compile(rb"^[ \t]*\w+\.files[ \t]*\+?=", re.MULTILINE)
_LISTED = re.compile(r"^\s*git ls-files\b")
_LEAVING_OUT = re.compile(r"\breject\b|\bgrep_v\b|\bdelete|\s-=?\s")
# What is chosen by code elsewhere cannot be said here.
_CHOSEN = re.compile(r"\b(select|filter|filter_map|partition)\b|\(&|\s-=?\s+[a-z_]")
_NODES_MAX = 20_000
_GLOB = re.compile(r"\*\*/|\*|\?|\{|\}|,|\[[^\]/]*\]")
_AS_REGEX = {"**/": "(?:[^/]+/)*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}


def taken(data: bytes, is_hit: Callable[[str], bool]) -> Iterator[Reference]:
    """Yield the patterns of a gemspec's files that no name of a wrap shows.

    A list from which something is left out in a way that names a wrap is believed.
    """
    if _FILES.search(data) is not None:
        yield from islice(_patterns(data, is_hit), PATTERNS_MAX)


def _patterns(data: bytes, is_hit: Callable[[str], bool]) -> Iterator[Reference]:
    lines = Lines(data)
    for assignment in _assignments(parse(data, PACKAGE, FUNCTION).root_node):
        text = text_of(assignment)
        if _CHOSEN.search(text) or (_LEAVING_OUT.search(text) and is_hit(text)):
            continue
        for literal in _literals(assignment):
            pattern = "**/*" if _LISTED.match(literal_text(literal)) else literal_text(literal)
            if 0 < pattern.count("*") <= STARS_MAX and not is_hit(pattern):
                place = lines.place(literal.start_byte)
                yield Reference(
                    line=place.line,
                    column=place.column,
                    form="path",
                    module=TAKES + pattern,
                    text=place.text,
                )


def _assignments(root: Node) -> Iterator[Node]:
    waiting = [root]
    for _ in range(_NODES_MAX):
        if not waiting:
            return
        node = waiting.pop()
        if node.type in ("assignment", "operator_assignment"):
            if text_of(node.child_by_field_name("left")).endswith(".files"):
                yield node
        else:
            waiting += reversed(node.named_children)


def _literals(node: Node) -> Iterator[Node]:
    waiting = [node]
    for _ in range(_NODES_MAX):
        if not waiting:
            return
        one = waiting.pop()
        if one.type in ("string", "bare_string", "subshell"):
            yield one
        else:
            waiting += reversed(one.named_children)


def resolver(world: World) -> Resolve:
    """Return what resolves the references of Gemfiles and gemspecs in a tree."""
    others = loading(world)

    def resolve(reference: Reference, path: str) -> Meant | None:
        if not reference.module.startswith(TAKES):
            return others(reference, path)
        regex = _regex(reference.module.removeprefix(TAKES))
        folder = posixpath.dirname(path)
        start = f"{folder}/" if folder else ""
        for file, owner in world.owners.items():
            if owner != CORE and file.startswith(start) and regex.fullmatch(file[len(start) :]):
                return Meant(owner, file)
        return None

    return resolve


def _regex(pattern: str) -> re.Pattern[str]:
    """Return what a pattern of ``Dir.glob`` matches; one that is broken matches itself alone."""
    parts, at, depth = [], 0, 0
    pattern = re.sub(r"(?:\*\*/)+", "**/", pattern)
    for match in _GLOB.finditer(pattern):
        mark = match[0]
        parts.append(re.escape(pattern[at : match.start()]))
        at = match.end()
        depth += (mark == "{") - (mark == "}")
        if mark == ",":
            parts.append("|" if depth > 0 else ",")
        else:
            parts.append(_AS_REGEX.get(mark, mark))
    parts.append(re.escape(pattern[at:]))
    try:
        return re.compile("".join(parts))
    except re.error:
        return re.compile(re.escape(pattern))
