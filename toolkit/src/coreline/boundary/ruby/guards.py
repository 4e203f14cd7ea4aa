# SPDX-License-Identifier: Apache-2.0
"""What keeps a place in Ruby code from failing where a wrap does not exist.

A failing ``require`` raises LoadError, which is a ScriptError and no StandardError: a bare
``rescue`` lets it through (Ruby, "Exceptions"). A missing constant raises NameError, which is one.
A handler that raises again guards nothing.
"""

import re
from collections.abc import Callable
from typing import Literal

from msgspec import Struct, field
from tree_sitter import Node

from coreline.boundary.ruby.flags import asks_for_edition, flag_of
from coreline.boundary.ruby.syntax import METHODS, constant_text, method_of
from coreline.boundary.syntax import Path, is_field, text_of

Failure = Literal["load", "name"]
"""How a place fails where the wrap is missing: a file that is not found, or a constant."""

_CATCHING: dict[Failure, frozenset[str]] = {
    "load": frozenset(["LoadError", "ScriptError", "Exception"]),
    "name": frozenset(["NameError", "StandardError", "Exception"]),
}
_LEAVING = frozenset(["return", "next", "break", "redo"])
_RAISING = frozenset(["raise", "fail", "abort", "exit", "exit!"])
_REQUIRING = re.compile(r"\b(require|require_relative|require_dependency|load|gem)\b")
_CONDITIONS = frozenset(["if", "unless", "elsif", "conditional", "if_modifier", "unless_modifier"])
_LABELED = frozenset(["while", "until", "while_modifier", "until_modifier"])


class Surroundings(Struct):
    """What surrounds a place."""

    is_local: bool = False
    """Whether it only runs when a method is called."""
    guard: str | None = None


class Guards(Struct):
    """The guards of one file.

    Args:
        is_hit: whether a text names a wrap.
    """

    is_hit: Callable[[str], bool]
    _exits: dict[int, list[tuple[int, str]]] = field(default_factory=dict)

    def around(self, path: Path, failure: Failure) -> Surroundings:
        """Return what surrounds the last node of a path."""
        found = Surroundings()
        for parent, child in zip(path[-2::-1], path[:0:-1], strict=True):
            if parent.type in METHODS:
                found.is_local |= not is_field(parent, "parameters", child)
            elif found.guard is None:
                found.guard = self._guard(parent, child, failure, found)
        return found

    def _guard(
        self, parent: Node, child: Node, failure: Failure, found: Surroundings
    ) -> str | None:
        kind = parent.type
        if kind in _CONDITIONS or kind in _LABELED:
            return self._condition(parent, child)
        if kind == "binary" and is_field(parent, "right", child):
            operator = text_of(parent.child_by_field_name("operator"))
            if operator in ("&&", "and", "||", "or"):
                return flag_of(parent.child_by_field_name("left"), self.is_hit)
        if kind == "rescue_modifier" and is_field(parent, "body", child):
            return "try" if failure == "name" else None
        if kind == "when" and is_field(parent, "body", child):
            return next(
                (
                    flag
                    for pattern in parent.children_by_field_name("pattern")
                    for node in pattern.named_children
                    if (flag := flag_of(node, self.is_hit)) is not None
                ),
                None,
            )
        if kind == "call" and is_field(parent, "block", child):
            # ``Keygen.ee { … }`` runs its block in that edition alone.
            name = method_of(parent)
            is_asked = name in _EDITION_BLOCKS or (name.endswith("?") and asks_for_edition(name))
            return f"flag {_whole(parent)}" if is_asked else None
        if kind in ("begin", "body_statement", "program", "block_body", "then", "else"):
            return self._block(parent, child, failure, found)
        return None

    def _condition(self, parent: Node, child: Node) -> str | None:
        condition = parent.child_by_field_name("condition")
        if condition is None or child.id == condition.id or child.type == "elsif":
            return None
        return flag_of(condition, self.is_hit)

    def _block(
        self, parent: Node, child: Node, failure: Failure, found: Surroundings
    ) -> str | None:
        is_body = child.type not in ("rescue", "ensure", "else")
        # A method that is defined inside ``begin`` runs after it.
        if (is_body and not found.is_local) or parent.type == "body_statement":
            clauses = [one for one in parent.named_children if one.type == "rescue"]
            if is_body and clauses and (not found.is_local or parent.type == "body_statement"):
                if _catches(clauses, failure):
                    return "try"
                if failure == "name" and self._was_required(parent, child, clauses):
                    return "try"
        return self._left_before(parent, child)

    def _was_required(self, block: Node, child: Node, clauses: list[Node]) -> bool:
        """Whether a statement is only reached after a guarded ``require`` of a wrap's file."""
        return _catches(clauses, "load") and any(
            _REQUIRING.search(text) is not None and self.is_hit(text)
            for one in block.named_children
            if one.end_byte <= child.start_byte and one.type == "call"
            for text in [text_of(one)]
        )

    def _left_before(self, block: Node, child: Node) -> str | None:
        """Return the guard of an early ``return unless flag``."""
        if block.id not in self._exits:
            self._exits[block.id] = [
                (statement.end_byte, label)
                for statement in block.named_children
                if (label := self._leaves(statement, block)) is not None
            ]
        return next(
            (label for end, label in self._exits[block.id] if end <= child.start_byte), None
        )

    def _leaves(self, statement: Node, block: Node) -> str | None:
        if statement.type not in ("if", "unless", "if_modifier", "unless_modifier"):
            return None
        body = statement.child_by_field_name("body")
        body = body or statement.child_by_field_name("consequence")
        if body is not None and body.type == "then":
            body = body.named_children[-1] if body.named_children else None
        if body is None or statement.child_by_field_name("alternative") is not None:
            return None
        name = method_of(body)
        # What raises at the top of a file fails whoever loads it.
        is_left = body.type in _LEAVING or (name in _RAISING and block.type != "program")
        is_left |= name in ("exit", "exit!")
        return flag_of(statement.child_by_field_name("condition"), self.is_hit) if is_left else None


_EDITION_BLOCKS = frozenset(["ee", "ce", "enterprise", "premium"])


def _whole(call: Node) -> str:
    receiver = text_of(call.child_by_field_name("receiver"))
    name = method_of(call)
    return f"{receiver}.{name}" if receiver else name


def _catches(clauses: list[Node], failure: Failure) -> bool:
    """Whether the clauses survive a failure: the first that matches is the one that runs."""
    for clause in clauses:
        exceptions = clause.child_by_field_name("exceptions")
        names = (
            {"StandardError"}
            if exceptions is None
            else {
                (constant_text(one) or "").removeprefix("::") for one in exceptions.named_children
            }
        )
        if names & _CATCHING[failure]:
            return not _raises(clause.child_by_field_name("body"))
    return False


def _raises(body: Node | None) -> bool:
    return body is not None and any(method_of(one) in _RAISING for one in body.named_children)
