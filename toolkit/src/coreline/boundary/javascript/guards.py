# SPDX-License-Identifier: Apache-2.0
"""What keeps a place in JavaScript from being reached, or from failing, where a wrap is missing.

A guard is a ``catch`` around what is awaited or called at once, a condition on a flag, or an early
return. A handler that throws again guards nothing; neither does one around a promise that nobody
awaits, or around a function that runs later.
"""

import re

from msgspec import Struct, field
from tree_sitter import Node

from coreline.boundary.javascript.flags import flag_of
from coreline.boundary.javascript.syntax import FUNCTIONS, dotted, last_name
from coreline.boundary.syntax import Path, is_field, text_of

_LEAVING = frozenset(
    ["return_statement", "throw_statement", "continue_statement", "break_statement"]
)
_MISSING = re.compile(r"MODULE_NOT_FOUND|Cannot find (module|package)")
_PROBE = re.compile(r"\b(?:existsSync|statSync|pathExistsSync)\(")
_QUOTED = re.compile(r"""["'`]([^"'`\n]{1,200})["'`]""")
_PROBED_MAX = 500
_CONDITIONAL = frozenset(["if_statement", "ternary_expression", "while_statement"])
# Nodes that only occur where a type stands; ``import("x")`` in one is read by the checker alone.
_TYPES = frozenset(
    [
        *("type_annotation", "type_query", "type_arguments", "type_alias_declaration"),
        *("interface_declaration", "union_type", "intersection_type", "array_type", "lookup_type"),
        *("generic_type", "conditional_type", "tuple_type", "object_type", "function_type"),
        *("index_type_query", "type_predicate", "type_predicate_annotation", "readonly_type"),
        *("asserts_annotation", "constraint", "default_type", "extends_type_clause"),
        "implements_clause",
    ]
)


class Surroundings(Struct):
    """What surrounds a place."""

    is_local: bool = False
    """Whether it only runs when a function is called."""
    is_type_only: bool = False
    is_awaited: bool = False
    """Whether a rejected promise fails where it stands."""
    guard: str | None = None


class Guards(Struct):
    """The guards of one file. Blocks are looked through once, however many places they hold."""

    _exits: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    _place: str = ""
    """The source of the place that is asked about."""

    def around(self, path: Path, *, is_promise: bool = False) -> Surroundings:
        """Return what surrounds the last node of a path.

        Args:
            path: from the root to a place.
            is_promise: whether it gives a promise: only what is awaited fails in ``try``.
        """
        found = Surroundings(is_awaited=not is_promise)
        self._place = text_of(path[-1])[:_PROBED_MAX]
        for parent, child in zip(path[-2::-1], path[:0:-1], strict=True):
            kind = parent.type
            if kind in FUNCTIONS:
                found.is_local |= is_field(parent, "body", child)
            elif kind in _TYPES:
                # A type holds no statements: what is above a function's body is none.
                found.is_type_only |= not found.is_local
            elif kind == "await_expression":
                found.is_awaited |= not found.is_local
            elif kind in ("as_expression", "satisfies_expression", "unary_expression"):
                found.is_type_only |= not found.is_local and _is_type_of(parent, child)
            if found.guard is None:
                found.guard = self._guard(parent, child, found)
        return found

    def _guard(self, parent: Node, child: Node, found: Surroundings) -> str | None:
        kind = parent.type
        if kind in _CONDITIONAL:
            condition = parent.child_by_field_name("condition")
            is_inside = condition is not None and condition.id != child.id
            return (flag_of(condition) or self._probed(condition)) if is_inside else None
        if kind == "binary_expression" and is_field(parent, "right", child):
            operator = text_of(parent.child_by_field_name("operator"))
            left = parent.child_by_field_name("left")
            return flag_of(left) if operator in ("&&", "||", "??") else None
        if kind == "switch_statement" and is_field(parent, "body", child):
            return flag_of(parent.child_by_field_name("value"))
        if kind == "try_statement" and is_field(parent, "body", child):
            is_caught = not found.is_local and found.is_awaited
            return "try" if is_caught and _survives(_handler(parent)) else None
        if kind == "call_expression" and is_field(parent, "function", child):
            return "try" if not found.is_local and _catches(parent) else None
        if kind in ("statement_block", "program"):
            return self._left_before(parent, child)
        return None

    def _probed(self, condition: Node | None) -> str | None:
        """Return the guard of a question whether the very file is there that the place names."""
        text = text_of(condition)[:_PROBED_MAX]
        if not _PROBE.search(text):
            return None
        named = (one.rpartition("/")[2] for one in _QUOTED.findall(text))
        return "probe" if any(name and name in self._place for name in named) else None

    def _left_before(self, block: Node, child: Node) -> str | None:
        """Return the guard of an early ``if (!flag) return``."""
        if block.id not in self._exits:
            self._exits[block.id] = [
                (statement.end_byte, label)
                for statement in block.named_children
                if (label := _leaves(statement)) is not None
            ]
        return next(
            (label for end, label in self._exits[block.id] if end <= child.start_byte), None
        )


def _is_type_of(parent: Node, child: Node) -> bool:
    """Whether a node is the type in ``x as T``, or what ``typeof`` is asked of.

    The grammar takes ``f<typeof import("x")>("x")`` for comparisons, with a unary operator.
    """
    if parent.type == "unary_expression":
        is_import = text_of(child).startswith("import")
        return is_import and text_of(parent.child_by_field_name("operator")) == "typeof"
    return parent.named_children[0].end_byte <= child.start_byte


def _handler(statement: Node) -> Node | None:
    """Return the block that runs when the body of ``try`` fails; None where only finally does."""
    clause = statement.child_by_field_name("handler")
    return None if clause is None else clause.child_by_field_name("body")


def _survives(handler: Node | None) -> bool:
    """Whether a handler lets the program go on where a module is missing.

    ``if (e.code !== "MODULE_NOT_FOUND") throw e`` does.
    """
    return handler is not None and not any(
        _ends(statement) or _ends_if_missing(statement) for statement in handler.named_children
    )


def _ends(statement: Node) -> bool:
    """Whether a statement throws or ends the process."""
    if statement.type == "throw_statement":
        return True
    if statement.type != "expression_statement" or not statement.named_children:
        return False
    call = statement.named_children[0]
    return call.type == "call_expression" and dotted(call.child_by_field_name("function")) in (
        "process.exit",
        "process.abort",
        "Deno.exit",
        "Promise.reject",
    )


def _ends_if_missing(statement: Node) -> bool:
    """Whether a statement throws just where a module is missing."""
    if statement.type != "if_statement":
        return False
    condition = text_of(statement.child_by_field_name("condition"))
    if not _MISSING.search(condition):
        return False
    branch = "alternative" if "!=" in condition or "(!" in condition else "consequence"
    return any(_ends(one) for one in _statements(statement.child_by_field_name(branch)))


def _statements(branch: Node | None) -> list[Node]:
    """Return the statements of a branch of ``if``, in braces or not."""
    if branch is not None and branch.type == "else_clause":
        branch = branch.named_children[0] if branch.named_children else None
    if branch is None:
        return []
    return branch.named_children if branch.type == "statement_block" else [branch]


def _catches(call: Node) -> bool:
    """Whether a call is ``.catch(…)``, or ``.then(…, …)``, with a handler that does not throw."""
    name = last_name(call.child_by_field_name("function"))
    arguments = call.child_by_field_name("arguments")
    given = [] if arguments is None else arguments.named_children
    handlers = given[:1] if name == "catch" else given[1:2] if name == "then" else []
    for handler in handlers:
        body = handler.child_by_field_name("body")
        return body is None or body.type != "statement_block" or _survives(body)
    return False


def _leaves(statement: Node) -> str | None:
    """Return the guard that a statement is for all that follow it in its block."""
    if statement.type != "if_statement":
        return None
    last = _statements(statement.child_by_field_name("consequence"))[-1:]
    if not last or not (last[0].type in _LEAVING or _ends(last[0])):
        return None
    return flag_of(statement.child_by_field_name("condition"))
