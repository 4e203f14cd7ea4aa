# SPDX-License-Identifier: Apache-2.0
"""The syntax tree of one file, of any language, asked from the root down.

A node's parent is never asked for: tree-sitter finds it by walking from the root, so climbing a
deeply nested file would cost the square of its depth.
"""

from functools import cache
from importlib import import_module

from tree_sitter import Language, Node, Parser, Tree

DEPTH_MAX = 600
"""Code nested deeper than this is made by no person and reported as not analyzed."""

Path = tuple[Node, ...]
"""The nodes from the root down to one that covers some bytes."""


@cache
def _parser(package: str, function: str) -> Parser:
    # A grammar is loaded when the first file of its language has a hit.
    return Parser(Language(getattr(import_module(package), function)()))


_last: list[tuple[bytes, str, str, Tree]] = []
"""The file that was parsed last."""


def parse(data: bytes, package: str = "tree_sitter_python", function: str = "language") -> Tree:
    """Parse a file. What is not of the language becomes ERROR nodes; parsing never fails.

    Args:
        data: the file.
        package: the module of the grammar.
        function: what it calls its grammar; several are in one module for TypeScript and PHP.
    """
    # Several readers of one file ask one after the other; its tree is not made twice.
    if _last and _last[0][0] is data and _last[0][1:3] == (package, function):
        return _last[0][3]
    tree = _parser(package, function).parse(data)
    _last[:] = [(data, package, function, tree)]
    return tree


def path_to(tree: Tree, start: int, end: int) -> Path | None:
    """Return the nodes that cover some bytes, root first; None where they nest too deeply."""
    cursor = tree.walk()
    nodes = [tree.root_node]
    while cursor.goto_first_child_for_byte(start) is not None:
        node = cursor.node
        if node is None or node.start_byte > start or node.end_byte < end:
            break
        nodes.append(node)
        if len(nodes) > DEPTH_MAX:
            return None
    return tuple(nodes)


def text_of(node: Node | None) -> str:
    """Return the source of a node; what is not UTF-8 becomes U+FFFD."""
    return "" if node is None else (node.text or b"").decode("utf-8", "replace")


def is_field(parent: Node, name: str, child: Node) -> bool:
    """Whether a node stands in a named field of its parent."""
    found = parent.child_by_field_name(name)
    return found is not None and found.id == child.id
