# SPDX-License-Identifier: Apache-2.0
"""Whether a condition in JavaScript asks for a flag, and which; ``flag_names`` says what is one."""

from tree_sitter import Node

from coreline.boundary.flag_names import asks, holds_settings, is_constant, is_stage
from coreline.boundary.javascript.syntax import content_of, dotted, last_name
from coreline.boundary.syntax import text_of

_LITERALS = frozenset(["string", "template_string", "number", "true", "false", "null", "undefined"])
_COMPARING = frozenset(["==", "===", "!=", "!==", "<", ">", "<=", ">=", "in", "instanceof"])
_ENVIRONMENTS = frozenset(["process.env", "import.meta.env", "Deno.env", "Bun.env"])
_SKIPPED = frozenset(["comment", "arguments", *_LITERALS])
_LENGTH_MAX = 60
_NODES_MAX = 200


def flag_of(condition: Node | None) -> str | None:
    """Return ``flag NAME`` where a condition asks for one, else None."""
    waiting = [] if condition is None else [condition]
    for _ in range(_NODES_MAX):
        if not waiting:
            return None
        node = waiting.pop()
        name = _name(node)
        if name is not None:
            return f"flag {' '.join(name.split())[:_LENGTH_MAX]}"
        if not _compares(node) or _compares_constants(node):
            waiting.extend(one for one in reversed(node.named_children) if one.type not in _SKIPPED)
    return None


def _compares(node: Node) -> bool:
    operator = node.child_by_field_name("operator")
    return node.type == "binary_expression" and text_of(operator) in _COMPARING


def _compares_constants(comparison: Node) -> bool:
    """Whether nothing of the moment is compared: ``plan === FREE_PLAN`` asks for no flag."""
    return all(
        node.type in _LITERALS or node.type == "unary_expression" or _name(node) is not None
        for node in comparison.named_children
    )


def _name(node: Node) -> str | None:
    if node.type == "call_expression":
        return _asked(node)
    if node.type == "member_expression":
        return _member(node)
    if node.type == "subscript_expression":
        return _subscript(node)
    if node.type == "identifier":
        name = text_of(node)
        return name if is_constant(name) else None
    return None


def _member(node: Node) -> str | None:
    """Return the flag that ``config.cloud``, ``process.env.EE`` or ``x.isEnterprise`` reads."""
    whole = dotted(node).replace("?.", ".").replace("!", "")
    owner, _, name = whole.rpartition(".")
    if is_stage(name):
        return None
    if owner in _ENVIRONMENTS:
        return f"env {name}"
    if any(holds_settings(part) for part in owner.split(".")):
        return whole
    # SETTINGS.length is no constant, though the name before it is.
    return whole if is_constant(name) else None


def _subscript(node: Node) -> str | None:
    owner, index = node.child_by_field_name("object"), node.child_by_field_name("index")
    if owner is None or index is None:
        return None
    if dotted(owner) in _ENVIRONMENTS:
        return f"env {content_of(index) if index.type == 'string' else text_of(index)}"
    return dotted(node) if holds_settings(last_name(owner)) else None


def _asked(call: Node) -> str | None:
    """Return the flag that a call asks for, such as ``isCloud()`` or ``hasFeature("x")``."""
    function = call.child_by_field_name("function")
    return text_of(call) if asks(last_name(function)) else None
