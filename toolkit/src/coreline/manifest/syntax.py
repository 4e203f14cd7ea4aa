# SPDX-License-Identifier: Apache-2.0
"""The parts of a TOML text: which bytes are the names, values and tables of which key.

Values come from ``tomllib``, never from here. The syntax tree is walked without recursion: a key
of ten thousand dots must not end the program.
"""

import tomllib
from typing import Literal, NamedTuple

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from coreline.manifest.problems import Key

PartKind = Literal["name", "value", "element", "pair", "table", "header"]


class Part(NamedTuple):
    """Some bytes of the text and the key they are about."""

    kind: PartKind
    """A ``name`` is one key of a header or a pair; a ``value`` is a pair's; an ``element`` is a
    list's; a ``header`` is ``[a.b]``; a ``table`` is a header with its pairs."""
    key: Key
    start: int
    end: int
    inside: int | None = None
    """Of a pair: where the inline table begins that it stands in; None where it has a line."""


# No key of the manifest is deeper than 5. Without a limit, a key of many dots would cost the
# square of its length.
DEPTH_MAX = 16


def find_parts(data: bytes) -> list[Part]:
    """Return the parts of a valid TOML text, in the order in which they begin.

    Parts deeper than 16 keys are left out.
    """
    finder = _Finder()
    root = Parser(Language(tree_sitter_toml.language())).parse(data).root_node
    for node in root.named_children:
        finder.statement(node)
    return sorted(finder.parts, key=lambda part: part.start)


class _Finder:
    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._elements: dict[Key, int] = {}
        self._waiting: list[tuple[Node, Key]] = []

    def statement(self, node: Node) -> None:
        """Take one top-level pair, or one table with its header."""
        if node.type == "pair":
            self._pair(node, ())
        elif node.type in ("table", "table_array_element"):
            self._table(node, is_element=node.type == "table_array_element")
        while self._waiting:
            self._value(*self._waiting.pop())

    def _table(self, node: Node, *, is_element: bool) -> None:
        closing = next((child for child in node.children if child.type in ("]", "]]")), None)
        children = _solid(node)
        if closing is None or not children:
            # The grammar did not understand what tomllib did; its keys have no place.
            return
        header, *pairs = children
        prefix = self._header(header, is_element=is_element)
        self.parts.append(Part("header", prefix, node.start_byte, closing.end_byte))
        end = pairs[-1].end_byte if pairs else closing.end_byte
        self.parts.append(Part("table", prefix, node.start_byte, end))
        for pair in pairs:
            self._pair(pair, prefix)

    def _header(self, header: Node, *, is_element: bool) -> Key:
        prefix: Key = ()
        names = _names(header)
        for index, name in enumerate(names[:DEPTH_MAX]):
            prefix = (*prefix, _text(name))
            self._add("name", prefix, name)
            if is_element and index == len(names) - 1:
                self._elements[prefix] = self._elements.get(prefix, -1) + 1
            if prefix in self._elements:
                # A header below an array of tables speaks of its last element.
                prefix = (*prefix, self._elements[prefix])
                self._add("name", prefix, name)
        return prefix

    def _pair(self, pair: Node, prefix: Key, inside: int | None = None) -> None:
        children = _solid(pair)
        if pair.type != "pair" or len(children) != 2:
            return
        key, value = children
        names = _names(key)
        if len(prefix) + len(names) > DEPTH_MAX:
            return
        for name in names:
            prefix = (*prefix, _text(name))
            self._add("name", prefix, name)
        self._add("pair", prefix, pair, inside)
        self._add("value", prefix, value)
        self._waiting.append((value, prefix))

    def _value(self, value: Node, key: Key) -> None:
        if value.type == "inline_table":
            for child in _solid(value):
                self._pair(child, key, value.start_byte)
        elif value.type == "array" and len(key) < DEPTH_MAX:
            for index, child in enumerate(_solid(value)):
                self._add("element", (*key, index), child)
                self._waiting.append((child, (*key, index)))

    def _add(self, kind: PartKind, key: Key, node: Node, inside: int | None = None) -> None:
        self.parts.append(Part(kind, key, node.start_byte, node.end_byte, inside))


def _solid(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type != "comment"]


def _names(key: Node) -> list[Node]:
    """Return the single names of a key, left to right."""
    found: list[Node] = []
    node: Node = key
    while node.type == "dotted_key":
        first, *rest = _solid(node)
        found.append(rest[-1])
        node = first
    return [node, *found[::-1]]


def _text(name: Node) -> str:
    raw = (name.text or b"").decode()
    if raw[:1] == "'":
        return raw[1:-1]
    if raw[:1] != '"':
        return raw
    return next(iter(tomllib.loads(f"{raw}=0"))) if "\\" in raw else raw[1:-1]
