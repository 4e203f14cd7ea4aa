# SPDX-License-Identifier: Apache-2.0
"""TOML with places: which keys lead to a place of a file."""

from itertools import pairwise

from tree_sitter import Node

from coreline.boundary.syntax import parse, path_to, text_of

_KEYS = ("bare_key", "quoted_key", "dotted_key")
_TABLES = ("table", "table_array_element")


class Toml:
    """One TOML file.

    Args:
        data: the file. What is no TOML is an ERROR node and no failure.
    """

    def __init__(self, data: bytes) -> None:
        self._tree = parse(data, "tree_sitter_toml")

    def keys(self, start: int, end: int) -> tuple[str, ...] | None:
        """Return the keys that lead to some bytes, an item of a list left out.

        None in a comment, in a key of a table, and where it is nested too deeply.
        """
        path = path_to(self._tree, start, end)
        if path is None or path[-1].type == "comment":
            return None
        keys: list[str] = []
        for node, below in pairwise(path):
            if node.type in (*_TABLES, "pair"):
                key = node.named_children[0] if node.named_children else None
                if key is not None and key.type in _KEYS:
                    keys += _parts(key)
                    if key.id == below.id and node.type in _TABLES:
                        return None
        return tuple(keys)


def _parts(key: Node) -> list[str]:
    if key.type != "dotted_key":
        return [text_of(key).strip("\"'")]
    return [part for one in key.named_children for part in _parts(one)]
