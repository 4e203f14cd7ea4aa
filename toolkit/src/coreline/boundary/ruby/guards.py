# SPDX-License-Identifier: Apache-2.0
"""What keeps a place in Ruby code from failing where a wrap does not exist.

A failing ``require`` raises LoadError, which is a ScriptError and no StandardError: a bare
``rescue`` lets it through (Ruby, "Exceptions"). A missing constant raises NameError, which is one.
A handler that raises again guards nothing.
"""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

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
_CLAUSES = frozenset(["rescue", "ensure", "else"])
_NEVER = 1 << 62
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


class _Block(NamedTuple):
    """What a block of statements says of those in it, read once however many places it holds."""

    caught: frozenset[Failure]
    required_until: int
    """Where the first ``require`` of a wrap's file ends."""
    exits: list[tuple[int, str]]
    """Where each early exit ends, and the guard that it is for what follows."""


class Guards(Struct):
    """The guards of one file.

    Args:
        is_hit: whether a text names a wrap.
    """

    is_hit: Callable[[str], bool]
    _blocks: "dict[int, _Block]" = field(default_factory=dict)

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
        block = self._blocks.get(parent.id)
        if block is None:
            block = self._blocks[parent.id] = self._read(parent)
        # A method that is defined inside ``begin`` runs after it.
        if child.type not in _CLAUSES and not found.is_local:
            if failure in block.caught:
                return "try"
            # Only reached after a guarded ``require`` of a wrap's file.
            if "load" in block.caught and block.required_until <= child.start_byte:
                return "try"
        return next((label for end, label in block.exits if end <= child.start_byte), None)

    def _read(self, parent: Node) -> "_Block":
        children = parent.named_children
        clauses = [one for one in children if one.type == "rescue"]
        caught = frozenset(one for one in _CATCHING if _catches(clauses, one))
        required = (
            one.end_byte
            for one in children
            if "load" in caught and one.type == "call"
            if _REQUIRING.search(text := text_of(one)) is not None and self.is_hit(text)
        )
        exits = [
            (one.end_byte, label)
            for one in children
            if (label := self._leaves(one, parent)) is not None
        ]
        return _Block(caught, next(required, _NEVER), exits)

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
