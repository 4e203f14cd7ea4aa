# SPDX-License-Identifier: Apache-2.0
"""What is JavaScript's and TypeScript's own in their syntax trees."""

from tree_sitter import Node

from coreline.boundary.syntax import text_of

FUNCTIONS = frozenset(
    [
        *("function_declaration", "function_expression", "arrow_function", "method_definition"),
        *("generator_function", "generator_function_declaration"),
    ]
)
"""Nodes whose body runs when something calls it, not where it stands."""

STRINGS = frozenset(["string", "template_string"])


def last_name(node: Node | None) -> str:
    """Return the last part of an expression such as ``jest.mock`` or ``React.lazy``."""
    if node is None:
        return ""
    if node.type in ("member_expression", "optional_chain"):
        return text_of(node.child_by_field_name("property"))
    if node.type in ("await_expression", "parenthesized_expression", "non_null_expression"):
        return last_name(node.named_children[0]) if node.named_children else ""
    return text_of(node) if node.type in ("identifier", "import", "property_identifier") else ""


def dotted(node: Node | None) -> str:
    """Return an expression of names and dots as it is written, without blanks."""
    return "".join(text_of(node).split())


def content_of(string: Node) -> str:
    """Return what a string holds, up to the first expression in a template."""
    if string.type == "template_string":
        found = next((c for c in string.named_children if c.type == "template_substitution"), None)
        raw = string.text or b""
        end = len(raw) - 1 if found is None else found.start_byte - string.start_byte
        return raw[1:end].decode("utf-8", "replace")
    return text_of(string)[1:-1]


def is_whole(string: Node) -> bool:
    """Whether a string holds no expression."""
    return all(child.type != "template_substitution" for child in string.named_children)


def first_argument(call: Node) -> Node | None:
    """Return the first argument of a call or of ``new``, None where there is none."""
    arguments = call.child_by_field_name("arguments")
    if arguments is None:
        return None
    return next((node for node in arguments.named_children if node.type != "comment"), None)
