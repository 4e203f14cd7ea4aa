# SPDX-License-Identifier: Apache-2.0
"""Small questions about nodes that guards, strings and statements ask alike."""

import re

from tree_sitter import Node

from coreline.boundary.code.grammar import Grammar
from coreline.boundary.syntax import text_of

_LAST = re.compile(r"(\w+)\s*(?:<[^<>]*>)?\s*!?\s*$")
_SPACE = re.compile(r"\s+")


def field_of(node: Node, name: str) -> Node | None:
    """Return the node in a field."""
    return node.child_by_field_name(name)


def callee_of(grammar: Grammar, call: Node) -> str:
    """Return the last part of the name of what a call calls."""
    field = grammar.calls[call.type]
    called = call.child_by_field_name(field) if field else None
    if called is None:
        called = call.named_children[0] if call.named_children else None
    match = _LAST.search(text_of(called)[-200:])
    return match[1] if match else ""


def dotted(node: Node | None) -> str:
    """Return the source of a qualified name without white space."""
    return _SPACE.sub("", text_of(node))


def first_of(node: Node, types: tuple[str, ...]) -> Node | None:
    """Return the first child that is of one of some types."""
    return next((child for child in node.named_children if child.type in types), None)
