# SPDX-License-Identifier: Apache-2.0
"""Strings of code that name a class, a namespace, or a path."""

import re

from tree_sitter import Node

from coreline.boundary.code.grammar import Grammar, Named, Place
from coreline.boundary.code.nodes import callee_of
from coreline.boundary.syntax import Path, text_of

_QUOTED = re.compile(r"[@$#\w]*?(\"{3}|[\"'`])(.*)\1#*", re.DOTALL)
# What follows the name is filled in at run time, or is the name of an assembly (C#).
_QUALIFIED = re.compile(
    r"\\?([^\W\d][\w-]*(?:(?:\.|\\|::)[^\W\d]\w*)*)(?:(?:\.|\\|::)?[{$*%#@:(].*|[.\\]|,\s*[\w.]+.*)?"
)
_PATH = re.compile(r"[^\s'\"<>|?=&,;]*/[^\s'\"<>|?=&,;]*")
_FILLED = re.compile(r"[{$*%]")
_SEPARATED = re.compile(r"[./\\]|::")
_LEVELS_MAX = 8
_LENGTH_MAX = 300


def named_in(grammar: Grammar, place: Place) -> Named | None:
    """Return what the string at the end of a path names; None where it is prose.

    Args:
        grammar: of the file's language.
        place: the string.
    """
    content = unquoted(place.node)
    if not content or len(content) > _LENGTH_MAX:
        return None
    callee = _used_by(grammar, place.path)
    match = _QUALIFIED.fullmatch(content)
    if match is not None and place.is_hit(match[1]):
        return _use(grammar, callee, Named(place.node, match[1]))
    if "://" in content or not _PATH.fullmatch(content):
        return None
    path = content
    filled = _FILLED.search(content, 1)
    if filled is not None and not place.is_hit(content[: filled.start()]):
        # A variable at the beginning holds a folder that nobody knows.
        path = re.sub(r"^(\$?\{[^}]*\}|\$\w+)(?=/)", "", content)
    return _use(grammar, callee, Named(place.node, path))


def _use(grammar: Grammar, callee: str, named: Named) -> Named | None:
    if callee and grammar.probing.search(callee):
        return named._replace(form="dynamic", guard="probe", needed=False)
    if callee and grammar.importing.search(callee):
        return named._replace(form="dynamic")
    if not _SEPARATED.search(named.module) and "-" not in named.module:
        # One word in quotes may mean anything.
        return None
    return named._replace(form="string", needed=False, is_name=False)


def _used_by(grammar: Grammar, path: Path) -> str:
    """Return the name of the call or annotation that a string is handed to."""
    for node in path[-2 : -2 - _LEVELS_MAX : -1]:
        if node.type in grammar.calls:
            return callee_of(grammar, node)
        if node.type in grammar.blocks or node.type in grammar.functions:
            return ""
    return ""


def unquoted(node: Node) -> str:
    """Return what a literal holds; of escapes, only that of the backslash is undone."""
    text = text_of(node).strip()
    match = _QUOTED.fullmatch(text)
    return (match[2] if match else text.strip("<>")).replace("\\\\", "\\")
