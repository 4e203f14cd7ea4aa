# SPDX-License-Identifier: Apache-2.0
"""What keeps a place in code from being reached, or compiled, where a wrap does not exist."""

from collections.abc import Mapping

from msgspec import Struct
from tree_sitter import Node

from coreline.boundary.code.conditions import About, flag_in
from coreline.boundary.code.grammar import Grammar
from coreline.boundary.code.nodes import callee_of, field_of
from coreline.boundary.syntax import Path, is_field, text_of

TEST = "test"
"""The guard of code that is only compiled to be tested: it makes a finding of that kind."""

DEAD = "dead"
"""The guard of code that is never compiled (``#if 0``): it refers to nothing."""


class Surroundings(Struct):
    """What surrounds a place."""

    is_local: bool = False
    """Whether it only runs when a function is called."""
    is_test: bool = False
    compiled: str | None = None
    """The guard that holds for a compiler."""
    running: str | None = None
    """The guard that holds when the code runs."""


class Guards:
    """The guards of one file. Blocks are looked through once, however many places they hold."""

    def __init__(self, grammar: Grammar) -> None:
        self._grammar = grammar
        self._attributes: dict[int, Mapping[int, str]] = {}
        self._exits: dict[int, list[tuple[int, str | None, str]]] = {}

    def around(self, path: Path, about: About) -> Surroundings:
        """Return what surrounds the last node of a path.

        Args:
            path: the nodes from the root down.
            about: whether a text is about what the place names.
        """
        found = Surroundings()
        for parent, child in zip(path[-2::-1], path[:0:-1], strict=True):
            guard = self._attribute(parent, child)
            if guard == TEST:
                found.is_test = True
            elif found.compiled is None:
                found.compiled = guard
            if found.running is None:
                found.running = self._running(parent, child, about, is_later=found.is_local)
            found.is_local |= parent.type in self._grammar.functions
        return found

    def _attribute(self, parent: Node, child: Node) -> str | None:
        find = self._grammar.attributes
        if find is None:
            return None
        if parent.id not in self._attributes:
            self._attributes[parent.id] = find(parent)
        return self._attributes[parent.id].get(child.start_byte)

    def _running(self, parent: Node, child: Node, about: About, *, is_later: bool) -> str | None:
        grammar = self._grammar
        if parent.type in grammar.conditionals:
            condition = parent.child_by_field_name("condition")
            if condition is None or condition.id == child.id:
                return None
            return flag_in(text_of(condition), about)
        if parent.type in grammar.tries:
            # A function that is defined inside ``try`` runs after it.
            is_body = child.type in grammar.blocks
            return "try" if is_body and not is_later and self._catches(parent) else None
        if parent.type in grammar.calls and callee_of(grammar, parent) in grammar.suppressing:
            return "try"
        if parent.type in _CHAINED and is_field(parent, "right", child):
            return flag_in(text_of(field_of(parent, "left")), about)
        return self._left_before(parent, child, about) if parent.type in grammar.blocks else None

    def _catches(self, statement: Node) -> bool:
        """Whether a ``try`` survives a missing class; one that throws again does not."""
        for clause in statement.named_children:
            if clause.type not in self._grammar.catches:
                continue
            block = next((c for c in clause.named_children if c.type in self._grammar.blocks), None)
            header = text_of(clause)
            if block is not None:
                header = header[: max(0, len(header) - len(text_of(block)))]
            is_bare = not header.removeprefix("catch").strip(" \t\r\n(.)")
            if is_bare or self._grammar.catching.search(header):
                # The first clause that matches is the one that runs.
                return block is not None and not any(map(_throws, block.named_children))
        return False

    def _left_before(self, block: Node, child: Node, about: About) -> str | None:
        """Return the guard of an early ``if (!flag) return;``."""
        if block.id not in self._exits:
            self._exits[block.id] = [
                (statement.end_byte, *asked)
                for statement in block.named_children
                if (condition := self._leaves(statement)) is not None
                if (asked := _asked(text_of(condition))) is not None
            ]
        for end, label, asked_by in self._exits[block.id]:
            if end > child.start_byte:
                break
            found = label or flag_in(asked_by, about)
            if found is not None:
                return found
        return None

    def _leaves(self, statement: Node) -> Node | None:
        """Return the condition of an ``if`` that leaves the block."""
        if statement.type == "expression_statement" and statement.named_children:
            statement = statement.named_children[0]
        if statement.type not in self._grammar.conditionals:
            return None
        condition = statement.child_by_field_name("condition")
        rest = [child for child in statement.named_children if child != condition]
        body = rest[0] if len(rest) == 1 else None
        last = body
        while last is not None and last.named_children and last.type not in self._grammar.leaving:
            last = last.named_children[-1]
            if last.type not in (*self._grammar.blocks, "expression_statement"):
                break
        return condition if last is not None and last.type in self._grammar.leaving else None


def _asked(condition: str) -> tuple[str | None, str] | None:
    """Return the flag that a condition asks for, or None with it where that depends on a probe.

    None alone where it is no flag, whatever the place is about: most conditions are none.
    """
    label = flag_in(condition, lambda _: False)
    if label is None and flag_in(condition, lambda _: True) is None:
        return None
    return label, condition


_CHAINED = frozenset(["binary_expression", "conjunction_expression", "disjunction_expression"])


def _throws(statement: Node) -> bool:
    if statement.type == "expression_statement" and statement.named_children:
        statement = statement.named_children[0]
    return statement.type in ("throw_statement", "throw_expression")
