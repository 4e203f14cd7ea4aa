# SPDX-License-Identifier: Apache-2.0
"""Which names an import statement takes, and which of them a file passes on."""

import re
from collections.abc import Iterator
from itertools import islice

from tree_sitter import Node

from coreline.boundary.syntax import Path, text_of

_EXPORTED = re.compile(rb"\bexport\s{0,20}\{([^{}]{0,20000})\}(?!\s{0,20}from\b)")
_LOCAL_NAME = re.compile(r"(?:^|,)\s*(?:type\s+)?([\w$]+)")
_EXPORTED_MAX = 50
_AT_ONCE = frozenset(["module.exports", "exports", "exports.default"])


def has_keyword(statement: Node, word: str) -> bool:
    """Whether a keyword stands in a statement itself, such as ``import type``."""
    return any(child.type == word for child in statement.children)


def imported(statement: Node) -> tuple[tuple[str, ...], bool]:
    """Return the names that an import statement takes, and whether all of them are types.

    The default is called ``default``, all together ``*``, as the standard does (ECMA-262, 16.2.2).
    """
    clause = next((c for c in statement.named_children if c.type == "import_clause"), None)
    if clause is None:
        return (), False
    if has_keyword(statement, "type") or has_keyword(statement, "typeof"):
        return tuple(name for name, _ in _taken(clause)), True
    taken = list(_taken(clause))
    return tuple(name for name, _ in taken), bool(taken) and all(is_type for _, is_type in taken)


def _taken(clause: Node) -> Iterator[tuple[str, bool]]:
    """Yield each name that is imported and whether it is marked as a type."""
    for child in clause.named_children:
        if child.type == "identifier":
            yield "default", False
        elif child.type == "namespace_import":
            yield "*", False
        elif child.type == "named_imports":
            yield from _specified(child)


def _specified(specifiers: Node) -> Iterator[tuple[str, bool]]:
    for one in specifiers.named_children:
        name = one.child_by_field_name("name")
        if name is not None:
            yield text_of(name), has_keyword(one, "type") or has_keyword(one, "typeof")


def is_type_export(statement: Node) -> bool:
    """Whether ``export type … from`` passes on nothing but types.

    The grammar takes the ``type`` of ``export type * from`` for an error in the statement.
    """
    return has_keyword(statement, "type") or any(
        child.type == "ERROR" and text_of(child) == "type" for child in statement.children
    )


def exported(statement: Node) -> tuple[str, ...]:
    """Return the names that ``export … from`` passes on."""
    clause = next((c for c in statement.named_children if c.type == "export_clause"), None)
    return ("*",) if clause is None else tuple(name for name, _ in _specified(clause))


def passed_on_in(data: bytes) -> frozenset[str]:
    """Return the local names that ``export { … }`` lists."""
    return frozenset(
        name
        for match in islice(_EXPORTED.finditer(data), _EXPORTED_MAX)
        for name in _LOCAL_NAME.findall(match[1].decode("utf-8", "replace"))
    )


def is_exported_at_once(above: Path) -> bool:
    """Whether a value is what ``module.exports =`` is given."""
    if not above or above[-1].type != "assignment_expression":
        return False
    return text_of(above[-1].child_by_field_name("left")) in _AT_ONCE
