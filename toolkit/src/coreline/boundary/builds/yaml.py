# SPDX-License-Identifier: Apache-2.0
"""YAML without loading it: which keys lead to a place of a file, and what stands beside it.

The grammar gives a tree of what is written: no object is made, no alias is followed, and what is no
YAML (a template of Helm) is an ERROR node and no failure.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from tree_sitter import Node

from coreline.boundary.builds.pieces import Piece
from coreline.boundary.syntax import parse, path_to, text_of

_MAPPINGS = ("block_mapping", "flow_mapping")
_PAIRS = ("block_mapping_pair", "flow_pair")
_ITEMS = ("block_sequence_item", "flow_sequence")
_SCALARS = ("plain_scalar", "single_quote_scalar", "double_quote_scalar", "block_scalar")
_SCALAR_MAX = 1 << 20


NESTED_MAX = 80
"""Columns that may lie within each other. The grammar's scanner keeps 253 blocks, up to two for a
column, and crashes where there are more; no person nests as deeply."""

_MARK = re.compile(rb"[-?:](?=\s|$)")


def is_too_deep(data: bytes) -> bool:
    """Whether blocks nest so deeply that the grammar cannot be asked.

    Counted is what may open a block at most: each column where a line begins or where ``-``, ``?``
    or ``:`` stands, until a line begins further to the left.
    """
    open_columns: list[int] = []
    for line in data.splitlines():
        start = len(line) - len(line.lstrip())
        if start == len(line):
            continue
        while open_columns and open_columns[-1] > start:
            open_columns.pop()
        if not open_columns or open_columns[-1] < start:
            open_columns.append(start)
        open_columns += [match.start() + 1 for match in _MARK.finditer(line, start)]
        if len(open_columns) > NESTED_MAX:
            return True
    return False


class Place(NamedTuple):
    """Where a hit stands in a YAML file."""

    keys: tuple[str, ...]
    """The keys from the root; an item of a list is "-"."""
    mappings: tuple[Node, ...]
    """The mappings on the way, outermost first."""
    scalar: Node | None
    """The key or the value that holds it; None in what could not be parsed."""
    is_key: bool
    is_comment: bool


class Yaml:
    """One YAML file.

    Args:
        data: the file.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._tree = None if is_too_deep(data) else parse(data, "tree_sitter_yaml")
        self._tables: dict[int, dict[str, Node]] = {}

    def place(self, start: int, end: int) -> Place | None:
        """Return where some bytes stand, None where they nest too deeply or in nothing."""
        path = None if self._tree is None else path_to(self._tree, start, end)
        if path is None:
            return None
        keys: list[str] = []
        mappings: list[Node] = []
        is_key = False
        for node, below in pairwise(path):
            if node.type in _PAIRS:
                key = node.child_by_field_name("key")
                is_key = key is not None and key.id == below.id
                keys.append(plain(key))
            elif node.type in _MAPPINGS:
                mappings.append(node)
            elif node.type in _ITEMS:
                keys.append("-")
        scalar = next((node for node in path if node.type in _SCALARS), None)
        is_comment = path[-1].type == "comment"
        return Place(tuple(keys), tuple(mappings), scalar, is_key, is_comment)

    def value(self, mapping: Node, *keys: str) -> Node | None:
        """Return the value that some keys lead to from a mapping on, None where there is none."""
        node: Node | None = mapping
        for key in keys:
            node = None if node is None else self._table(node).get(key)
            node = None if node is None else inner(node)
        return node

    def keys(self, mapping: Node) -> Sequence[str]:
        """Return the keys of a mapping, those without a value too."""
        pairs = mapping.named_children if mapping.type in _MAPPINGS else ()
        keys = (pair.child_by_field_name("key") for pair in pairs if pair.type in _PAIRS)
        return [plain(key) for key in keys if key is not None]

    def texts(self, node: Node | None) -> list[str]:
        """Return a scalar, or the scalars of a list."""
        node = None if node is None else inner(node)
        if node is None:
            return []
        if node.type not in ("block_sequence", "flow_sequence"):
            return [plain(node)]
        return [plain(one) for one in node.named_children if one.type != "comment"]

    @cached_property
    def root(self) -> Node | None:
        """The mapping of the first document, None where it is none."""
        for document in () if self._tree is None else self._tree.root_node.named_children:
            for node in document.named_children:
                found = inner(node)
                if found.type in _MAPPINGS:
                    return found
        return None

    def _table(self, mapping: Node) -> dict[str, Node]:
        if mapping.id not in self._tables:
            table: dict[str, Node] = {}
            for pair in mapping.named_children if mapping.type in _MAPPINGS else ():
                value = pair.child_by_field_name("value")
                if value is not None:
                    table[plain(pair.child_by_field_name("key"))] = value
            self._tables[mapping.id] = table
        return self._tables[mapping.id]

    def shell(self, scalar: Node, guard: str | None, *, needed: bool = True) -> Piece:
        """Return the shell in a scalar."""
        raw = self._data[scalar.start_byte : scalar.end_byte]
        base = scalar.start_byte
        if scalar.type == "block_scalar":
            cut = raw.find(b"\n") + 1
            text = raw[cut:]
            is_folded = raw.startswith(b">")
        else:
            cut = 0 if scalar.type == "plain_scalar" else 1
            text = raw[cut : len(raw) - cut]
            is_folded = True
        if is_folded:
            text = text.replace(b"\n", b" ")
        return Piece(_masked(text), base + cut, guard, needed)


def _masked(text: bytes) -> bytes:
    """Return shell in which ``${{ … }}``, which is filled in before it runs, is a variable."""
    at = text.find(b"${{")
    while at >= 0:
        end = text.find(b"}}", at)
        if end < 0:
            break
        text = text[: at + 1] + b"X" * (end + 1 - at) + text[end + 2 :]
        at = text.find(b"${{", end)
    return text


def inner(node: Node) -> Node:
    """Return the mapping, list or scalar in a node, without its anchor and tag."""
    while node.type in ("block_node", "flow_node", "block_sequence_item", "document"):
        below = [one for one in node.named_children if one.type not in ("anchor", "tag", "comment")]
        if not below:
            break
        node = below[-1]
    return node


def plain(node: Node | None) -> str:
    """Return the text of a scalar without its quotes, cut to a length that no key has."""
    if node is None or node.end_byte - node.start_byte > _SCALAR_MAX:
        return ""
    text = text_of(inner(node))
    if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
        return text[1:-1]
    return text
