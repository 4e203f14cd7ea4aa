# SPDX-License-Identifier: Apache-2.0
"""Conditional compilation of Rust: which ``cfg`` keeps code from being compiled without a wrap.

Source: The Rust Reference, "Conditional compilation".
"""

import re
from collections.abc import Mapping

from tree_sitter import Node

from coreline.boundary.code.guards import TEST
from coreline.boundary.syntax import text_of

_CFG = re.compile(r"#!?\[\s*cfg\s*\((.*)\)\s*\]", re.DOTALL)
_TOKEN = re.compile(r"(\w+)\s*=\s*\"([^\"]*)\"|(\w+)|([(),])")
_LENGTH_MAX = 2000
_ATTRIBUTES = frozenset(["attribute_item", "line_comment", "block_comment"])


def attributes(parent: Node) -> Mapping[int, str]:
    """Return the guards that the children of a node have, by their first bytes."""
    found: dict[int, str] = {}
    whole: str | None = None
    pending: str | None = None
    for child in parent.named_children:
        if child.type == "attribute_item":
            pending = guard_of(text_of(child)) or pending
        elif child.type == "inner_attribute_item":
            whole = guard_of(text_of(child)) or whole
        elif child.type not in _ATTRIBUTES:
            guard = pending or whole
            pending = None
            if guard is not None:
                found[child.start_byte] = guard
    return found


def guard_of(attribute: str) -> str | None:
    """Return the guard that an attribute is: ``flag feature NAME``, ``test`` or none."""
    match = _CFG.fullmatch(attribute.strip()[:_LENGTH_MAX])
    return None if match is None else _Predicate(match[1]).guard()


class _Predicate:
    """A configuration predicate: ``all(feature = "ee", not(windows))``."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_TOKEN.finditer(text))
        self._at = 0

    def guard(self, depth: int = 0) -> str | None:
        """Read one predicate and return the guard that it is."""
        if self._at >= len(self._tokens) or depth > _DEPTH_MAX:
            return None
        token = self._tokens[self._at]
        self._at += 1
        if token[1]:
            return f"flag feature {token[2]}" if token[1] == "feature" else None
        if not self._is_next("("):
            if token[3] == "test":
                return TEST
            # ``cfg(ee)`` is set by whoever builds, with --cfg.
            return f"flag {token[3]}" if token[3] and token[3] not in _GIVEN else None
        self._at += 1
        guards: list[str | None] = []
        while self._at < len(self._tokens) and not self._is_next(")"):
            if self._is_next(","):
                self._at += 1
            else:
                guards.append(self.guard(depth + 1))
        self._at += 1
        return _joined(token[3], guards)

    def _is_next(self, char: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at][4] == char


def _joined(operator: str | None, guards: list[str | None]) -> str | None:
    """``not`` guards nothing; ``any`` only where each of its parts does."""
    if operator == "all":
        return next((guard for guard in guards if guard is not None), None)
    if operator == "any" and guards and all(guard is not None for guard in guards):
        return guards[0]
    return None


_DEPTH_MAX = 50
_GIVEN = frozenset(
    [
        "unix",
        "windows",
        "debug_assertions",
        "doc",
        "docsrs",
        "miri",
        "doctest",
        "proc_macro",
        "target_os",
        "target_arch",
        "panic",
        "true",
        "false",
        "not",
        "all",
        "any",
    ]
)
