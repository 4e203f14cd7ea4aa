# SPDX-License-Identifier: Apache-2.0
"""What is Go's own in its syntax tree: strings, calls, and the paths in directives."""

import re

from tree_sitter import Node

from coreline.boundary.syntax import Path, text_of

STRINGS = ("interpreted_string_literal", "raw_string_literal")

_PATH = re.compile(r"[^\s\"'`<>|&;,()=:]+(?:/[^\s\"'`<>|&;,()=:]*)+")


def string_text(node: Node) -> str:
    """Return what is between the quotes of a string; escapes are left as they are written."""
    return text_of(node)[1:-1]


def callee(path: Path) -> str:
    """Return the function that is called with the last node as an argument: ``plugin.Open``."""
    for node in reversed(path[:-1]):
        if node.type == "call_expression":
            return "".join(text_of(node.child_by_field_name("function")).split())
        if node.type not in ("argument_list", "parenthesized_expression", "binary_expression"):
            return ""
    return ""


def paths_in(text: str) -> list[tuple[int, str]]:
    """Return the words of a text that have a slash, with where they begin."""
    return [(match.start(), match[0]) for match in _PATH.finditer(text)]
