# SPDX-License-Identifier: Apache-2.0
"""What keeps a place in Python code from being reached where a wrap does not exist.

A guard is a handler of ImportError around it, a condition on a flag, a probe before it, or
``if TYPE_CHECKING``. A handler that catches something else, or that raises again, guards nothing.
"""

import re

from msgspec import Struct, field
from tree_sitter import Node

from coreline.boundary.python.flags import About, flag_of
from coreline.boundary.python.syntax import last_name
from coreline.boundary.syntax import Path, is_field, text_of

# What an ``except`` clause must name to catch a failing import. ImportError's own bases do too.
_CATCHING = frozenset(["ImportError", "ModuleNotFoundError", "Exception", "BaseException"])
_CAUGHT_MAX = 100
_LEAVING = frozenset(["return_statement", "raise_statement", "continue_statement"])
_QUOTED = re.compile(r"""["']([^"'\n]+)["']""")
_SAID_MAX = 500
_SKIPPING = frozenset(["importorskip", "exit", "_exit", "skip"])


class Surroundings(Struct):
    """What surrounds a place."""

    is_local: bool = False
    """Whether it only runs when a function is called."""
    is_type_only: bool = False
    guard: str | None = None


class Guards(Struct):
    """The guards of one file. Blocks are looked through once, however many places they hold."""

    about: About = lambda _: True
    """Whether a text is about the wraps: a probe for another module guards nothing of theirs."""
    _exits: dict[int, list[tuple[int, str]]] = field(default_factory=dict)

    def around(self, path: Path) -> Surroundings:
        """Return what surrounds the last node of a path."""
        found = Surroundings()
        for parent, child in zip(path[-2::-1], path[:0:-1], strict=True):
            if parent.type in ("function_definition", "lambda"):
                found.is_local |= is_field(parent, "body", child)
            elif parent.type in ("if_statement", "elif_clause"):
                self._condition(parent, child, found)
            elif found.guard is None:
                found.guard = self._other(parent, child, found)
        return found

    def _condition(self, parent: Node, child: Node, found: Surroundings) -> None:
        condition = parent.child_by_field_name("condition")
        if condition is None or is_field(parent, "condition", child):
            return
        if last_name(condition) == "TYPE_CHECKING":
            found.is_type_only |= is_field(parent, "consequence", child)
        elif found.guard is None and child.type != "elif_clause":
            found.guard = flag_of(condition, self.about)

    def _other(self, parent: Node, child: Node, found: Surroundings) -> str | None:
        if parent.type == "try_statement" and is_field(parent, "body", child):
            # A function that is defined inside ``try`` runs after it.
            return "try" if not found.is_local and _catches(parent) else None
        if parent.type == "with_statement" and is_field(parent, "body", child):
            return "try" if not found.is_local and _suppresses(parent) else None
        if parent.type == "conditional_expression":
            return _ternary(parent, child, self.about)
        if parent.type == "boolean_operator" and is_field(parent, "right", child):
            return flag_of(parent.child_by_field_name("left"), self.about)
        if parent.type in ("block", "module"):
            return self._left_before(parent, child)
        return None

    def _left_before(self, block: Node, child: Node) -> str | None:
        """Return the guard of an early ``if flag: return`` or of ``pytest.importorskip``."""
        if block.id not in self._exits:
            in_function = block.type == "block"
            self._exits[block.id] = [
                (statement.end_byte, label)
                for statement in block.named_children
                if (label := self._leaves(statement, in_function=in_function)) is not None
            ]
        return next(
            (label for end, label in self._exits[block.id] if end <= child.start_byte), None
        )

    def _leaves(self, statement: Node, *, in_function: bool) -> str | None:
        """Return the guard that a statement is for all that follow it in its block.

        At the top of a file only skipping counts: raising there fails the import.
        """
        if statement.type == "if_statement":
            body = statement.child_by_field_name("consequence")
            last = body.named_children[-1] if body is not None and body.named_children else None
            if last is not None and (
                (in_function and last.type in _LEAVING) or _call_name(last) in _SKIPPING
            ):
                return flag_of(statement.child_by_field_name("condition"), self.about)
        if _call_name(statement) != "importorskip":
            return None
        said = _QUOTED.findall(text_of(statement)[:_SAID_MAX])
        return "importorskip" if not said or any(map(self.about, said)) else None


def _catches(statement: Node) -> bool:
    """Whether a ``try`` statement survives a failing import in its body."""
    for clause in statement.named_children:
        if clause.type not in ("except_clause", "except_group_clause"):
            continue
        block = next((c for c in clause.named_children if c.type == "block"), None)
        caught = [c for c in clause.named_children if c.type not in ("block", "comment")]
        if not caught or any(_names_import_error(node) for node in caught):
            # The first clause that matches is the one that runs.
            return block is not None and not _ends_raising(block)
    return False


def _names_import_error(node: Node) -> bool:
    waiting = [node]
    for _ in range(_CAUGHT_MAX):
        if not waiting:
            return False
        one = waiting.pop()
        if one.type in ("as_pattern", "tuple", "parenthesized_expression"):
            waiting += one.named_children
        elif last_name(one) in _CATCHING:
            return True
    return False


def _ends_raising(block: Node) -> bool:
    return any(_raises(child) for child in block.named_children)


def _raises(statement: Node) -> bool:
    """Whether a statement raises, whatever happens: a condition does where all of its ways do."""
    if statement.type != "if_statement":
        return statement.type == "raise_statement" or _call_name(statement) in ("exit", "_exit")
    ways = [statement.child_by_field_name("consequence")]
    others = statement.children_by_field_name("alternative")
    ways += [way.child_by_field_name("consequence") for way in others if way.type == "elif_clause"]
    ways += [way.child_by_field_name("body") for way in others if way.type == "else_clause"]
    is_whole = any(way.type == "else_clause" for way in others)
    return is_whole and all(way is not None and _ends_raising(way) for way in ways)


def _suppresses(statement: Node) -> bool:
    clause = next((c for c in statement.named_children if c.type == "with_clause"), None)
    for item in clause.named_children if clause is not None else ():
        call = item.child_by_field_name("value")
        if call is not None and call.type == "call":
            arguments = call.child_by_field_name("arguments")
            if last_name(call.child_by_field_name("function")) == "suppress" and arguments:
                return any(_names_import_error(node) for node in arguments.named_children)
    return False


def _ternary(parent: Node, child: Node, about: About) -> str | None:
    parts = [node for node in parent.named_children if node.type != "comment"]
    if len(parts) != 3 or parts[1].id == child.id:
        return None
    return flag_of(parts[1], about)


def _call_name(statement: Node) -> str:
    """Return the last part of the name of the function that a statement calls."""
    if statement.type != "expression_statement" or not statement.named_children:
        return ""
    node: Node | None = statement.named_children[0]
    if node is not None and node.type == "assignment":
        node = node.child_by_field_name("right")
    if node is None or node.type != "call":
        return ""
    return last_name(node.child_by_field_name("function"))
