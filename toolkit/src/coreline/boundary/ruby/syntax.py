# SPDX-License-Identifier: Apache-2.0
"""What is Ruby's own in its syntax tree: chains of constants, the nesting they stand in, calls."""

from itertools import pairwise

from tree_sitter import Node

from coreline.boundary.syntax import Path, is_field, text_of

PACKAGE, FUNCTION = "tree_sitter_ruby", "language"
MODULES = frozenset(["module", "class"])
METHODS = frozenset(["method", "singleton_method", "lambda"])
_QUOTES = "\"'`:"


def method_of(call: Node | None) -> str:
    """Return the name of the method that a node calls, its ``?`` included; empty for no call."""
    if call is None:
        return ""
    if call.type == "call":
        return text_of(call.child_by_field_name("method"))
    return text_of(call) if call.type == "identifier" else ""


def receiver_of(call: Node) -> Node | None:
    """Return what a method is called on."""
    return call.child_by_field_name("receiver") if call.type == "call" else None


def arguments_of(call: Node) -> list[Node]:
    """Return the arguments of a call."""
    arguments = call.child_by_field_name("arguments")
    return [] if arguments is None else arguments.named_children


def constant_text(node: Node | None) -> str | None:
    """Return a constant as it is written, ``::`` before it included; None for anything else.

    The scope of one may be any expression (``self.class::LIMIT``), which means nothing here.
    """
    if node is None:
        return None
    parts: list[str] = []
    while node.type == "scope_resolution":
        name = node.child_by_field_name("name")
        if name is None or name.type != "constant":
            return None
        parts.append(text_of(name))
        scope = node.child_by_field_name("scope")
        if scope is None:
            return "::" + "::".join(reversed(parts))
        node = scope
    if node.type != "constant":
        return None
    return "::".join([text_of(node), *reversed(parts)])


def literal_text(node: Node) -> str:
    """Return the text of a string or a symbol; ``#{…}`` stands for what is put into it."""
    if not node.named_children:
        return text_of(node).strip(_QUOTES)
    return "".join(
        "#{}" if child.type == "interpolation" else text_of(child) for child in node.named_children
    )


def nesting(path: Path) -> tuple[str, ...]:
    """Return the names of the modules and classes whose bodies hold the last node, outermost first.

    Each is written as its statement has it: ``class A::B`` is one.
    """
    found = []
    for node, child in pairwise(path):
        if node.type in MODULES and not is_field(node, "name", child):
            if is_field(node, "superclass", child):
                continue
            name = constant_text(node.child_by_field_name("name"))
            if name is not None:
                found.append(name)
    return tuple(found)


def full_name(scopes: tuple[str, ...], name: str) -> str:
    """Return a constant with the modules that it is defined in."""
    parts: list[str] = []
    for one in (*scopes, name):
        parts = [one[2:]] if one.startswith("::") else [*parts, one]
    return "::".join(parts)
