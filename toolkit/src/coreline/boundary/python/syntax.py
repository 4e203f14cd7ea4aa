# SPDX-License-Identifier: Apache-2.0
"""What is Python's own in its syntax tree."""

from tree_sitter import Node

from coreline.boundary.syntax import text_of


def last_name(node: Node | None) -> str:
    """Return the last part of a dotted expression such as ``importlib.import_module``."""
    if node is None:
        return ""
    if node.type == "attribute":
        return text_of(node.child_by_field_name("attribute"))
    return text_of(node) if node.type == "identifier" else ""
