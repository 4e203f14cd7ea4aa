# SPDX-License-Identifier: Apache-2.0
"""Where each key and value of a TOML text stands. Values come from ``tomllib``, never from here.

The syntax tree is walked without recursion: a key of ten thousand dots must not end the program.
"""

from typing import NamedTuple

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from coreline.manifest.problems import Key, Position

# No key of the manifest is deeper than 5. Without a limit, a key of many dots would cost the
# square of its length.
_DEPTH_MAX = 16


class Place(NamedTuple):
    """Where a key is written and where its value begins; the same place for a list's elements."""

    key: Position
    value: Position


def find_places(text: str) -> dict[Key, Place]:
    """Return the place of every key and value of a valid TOML text, by key path.

    A table that is opened several times, or implied by a dotted key, stands where it is first
    named. An element of an array of tables stands at its own header. Places deeper than 16 keys
    are left out.
    """
    return _Finder(text).places


class _Finder:
    def __init__(self, text: str) -> None:
        data = text.encode()
        self._lines = data.split(b"\n")
        self.places: dict[Key, Place] = {(): Place(Position(1, 1), Position(1, 1))}
        self._elements: dict[Key, int] = {}
        self._waiting: list[tuple[Node, Key]] = []
        root = Parser(Language(tree_sitter_toml.language())).parse(data).root_node
        for node in root.named_children:
            self._statement(node)

    def _statement(self, node: Node) -> None:
        """Take one top-level pair or one table with its header."""
        if node.type == "pair":
            self._pair(node, ())
        elif node.type in ("table", "table_array_element"):
            header, *rest = (child for child in node.named_children if child.type != "comment")
            prefix = self._header(header, is_element=node.type == "table_array_element")
            for pair in rest:
                if pair.type == "pair":
                    self._pair(pair, prefix)
        while self._waiting:
            self._value(*self._waiting.pop())

    def _header(self, header: Node, *, is_element: bool) -> Key:
        prefix: Key = ()
        parts = _parts(header)
        for index, part in enumerate(parts[:_DEPTH_MAX]):
            prefix = (*prefix, _name(part))
            position = self._position(part)
            self.places.setdefault(prefix, Place(position, position))
            if is_element and index == len(parts) - 1:
                self._elements[prefix] = self._elements.get(prefix, -1) + 1
            if prefix in self._elements:
                # A header below an array of tables speaks of its last element.
                prefix = (*prefix, self._elements[prefix])
                self.places.setdefault(prefix, Place(position, position))
        return prefix

    def _pair(self, pair: Node, prefix: Key) -> None:
        children = [child for child in pair.named_children if child.type != "comment"]
        if len(children) != 2:
            return
        key, value = children
        start = self._position(value)
        for part in _parts(key):
            if len(prefix) >= _DEPTH_MAX:
                return
            prefix = (*prefix, _name(part))
            self.places.setdefault(prefix, Place(self._position(part), start))
        self._waiting.append((value, prefix))

    def _value(self, value: Node, key: Key) -> None:
        children = [child for child in value.named_children if child.type != "comment"]
        if value.type == "inline_table":
            for child in children:
                if child.type == "pair":
                    self._pair(child, key)
        elif value.type == "array":
            for index, child in enumerate(children):
                position = self._position(child)
                self.places[(*key, index)] = Place(position, position)
                self._waiting.append((child, (*key, index)))

    def _position(self, node: Node) -> Position:
        row, column = node.start_point
        return Position(row + 1, len(self._lines[row][:column].decode("utf-8", "replace")) + 1)


def _parts(key: Node) -> list[Node]:
    """Return the single keys of a key, left to right."""
    found: list[Node] = []
    node: Node | None = key
    while node is not None and node.type == "dotted_key":
        children = [child for child in node.named_children if child.type != "comment"]
        found.append(children[-1])
        node = children[0]
    if node is not None:
        found.append(node)
    return found[::-1]


def _name(part: Node) -> str:
    raw = (part.text or b"").decode()
    if raw[:1] == "'":
        return raw[1:-1]
    if raw[:1] == '"':
        return _unescape(raw)
    return raw


def _unescape(raw: str) -> str:
    if "\\" not in raw:
        return raw[1:-1]
    import tomllib

    return next(iter(tomllib.loads(f"{raw}=0")))
