# SPDX-License-Identifier: Apache-2.0
"""Whether a condition in Ruby asks for a flag, as ``flag_names`` has them, or probes."""

import re
from collections.abc import Callable

from tree_sitter import Node

from coreline.boundary.flag_names import asks, holds_settings, is_constant
from coreline.boundary.ruby.syntax import (
    arguments_of,
    constant_text,
    literal_text,
    method_of,
    receiver_of,
)
from coreline.boundary.syntax import text_of

PROBING = frozenset(
    ["const_defined?", "safe_constantize", "autoload?", "qualified_const_defined?", "find_by_name"]
)
EXISTING = frozenset(["exist?", "file?", "directory?"])
_LOOKING = frozenset(["fetch", "key?", "has_key?", "include?", "dig", "[]"])
_FLAGS = re.compile(r"Feature|Flipper|Flag|Edition|Entitle|License|Toggle")
# ``Keygen.ee?``, ``Sidekiq.ent?``: what is not spelled as in other languages.
_EDITIONS = frozenset(["ce", "ent", "community", "commercial", "paid"])
_PASSED = frozenset(
    ["parenthesized_statements", "unary", "argument_list", "then", "begin", "begin_block"]
)
_JOINING = frozenset(["&&", "||", "and", "or"])
_LITERALS = frozenset(["string", "simple_symbol", "integer", "true", "false", "nil", "array"])
_CONFIGURED = re.compile(r"^(::)?Rails\.(application\.config|configuration)\.")
_ENVIRONMENT = re.compile(r"^(::)?Rails\.env\b")
_LENGTH_MAX = 60
_NODES_MAX = 200


def flag_of(condition: Node | None, is_hit: Callable[[str], bool]) -> str | None:
    """Return ``flag NAME`` or ``probe`` where a condition asks for one, else None.

    Args:
        condition: what follows ``if``.
        is_hit: whether a text names a wrap; a probe for something else is no guard.
    """
    waiting = [] if condition is None else [condition]
    for _ in range(_NODES_MAX):
        if not waiting:
            return None
        node = waiting.pop()
        if _is_probe(node):
            if is_hit(text_of(node)):
                return "probe"
            continue
        name = flag_name(node)
        if name is not None:
            return f"flag {' '.join(name.split())[:_LENGTH_MAX]}"
        if node.type in _PASSED or (
            node.type == "binary" and (_joins(node) or _compares_constants(node))
        ):
            waiting.extend(reversed(node.named_children))
    return None


def _is_probe(node: Node) -> bool:
    if node.type == "unary":
        return text_of(node).startswith("defined?")
    return node.type == "call" and method_of(node) in PROBING | EXISTING


def _joins(binary: Node) -> bool:
    return text_of(binary.child_by_field_name("operator")) in _JOINING


def _compares_constants(binary: Node) -> bool:
    return all(
        node.type in _LITERALS or flag_name(node) is not None for node in binary.named_children
    )


def flag_name(node: Node) -> str | None:
    """Return the flag that a node is, as it is written."""
    if node.type == "element_reference":
        table = node.child_by_field_name("object")
        inside = node.named_children[1:]
        return _environment(inside) if text_of(table) == "ENV" else None
    if node.type == "call":
        return _called(node)
    if node.type == "identifier":
        return text_of(node) if asks_for_edition(text_of(node)) else None
    if node.type in ("constant", "scope_resolution"):
        name = constant_text(node) or ""
        return name if is_constant(name.rpartition("::")[2]) else None
    return None


def _called(call: Node) -> str | None:
    method, receiver = method_of(call), receiver_of(call)
    owner = text_of(receiver)
    if owner == "ENV" and method in _LOOKING:
        return _environment(arguments_of(call))
    whole = f"{owner}.{method}" if owner else method
    if _ENVIRONMENT.match(owner) or owner == "Rails":
        # Where the product runs is no question of what was bought.
        return None
    if asks_for_edition(method) or _CONFIGURED.match(owner):
        return whole
    is_constant_asked = receiver is not None and receiver.type in ("constant", "scope_resolution")
    if is_constant_asked and method.endswith("?") and _FLAGS.search(owner.rpartition("::")[2]):
        return whole
    last = re.split(r"\.|::", owner)[-1]
    return whole if owner and holds_settings(last) else None


def asks_for_edition(method: str) -> bool:
    """Whether a method asks which edition runs, or whether something is licensed or enabled."""
    name = method.rstrip("?!")
    return (name in _EDITIONS and method.endswith("?")) or asks(name) or asks(f"is_{name}")


def _environment(arguments: list[Node]) -> str | None:
    return f"env {literal_text(arguments[0])}" if arguments else None
