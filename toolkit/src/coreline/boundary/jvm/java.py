# SPDX-License-Identifier: Apache-2.0
"""The syntax of Java (Java Language Specification 21, chapters 7 and 15)."""

from collections.abc import Iterable

from coreline.boundary.code.extract import extract as extract_code
from coreline.boundary.code.grammar import Grammar, Named, Place
from coreline.boundary.code.nodes import dotted, first_of
from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.jvm.shared import CATCHING, IMPORT_LINE, IMPORTING, PROBING


def extract(source: Source) -> FileFacts:
    """Return the references of a Java file."""
    return extract_code(source, GRAMMAR)


def _import(place: Place) -> Iterable[Named]:
    name = first_of(place.node, ("scoped_identifier", "identifier"))
    is_all = first_of(place.node, ("asterisk",)) is not None
    yield Named(place.node, dotted(name), names=("*",) if is_all else (), is_compiled=True)


def _requires(place: Place) -> Iterable[Named]:
    """Yield the module that ``requires`` names; one that is ``static`` may be missing (7.7.1)."""
    name = place.node.child_by_field_name("module")
    modifiers = first_of(place.node, ("requires_modifier",))
    guard = "optional" if modifiers is not None and b"static" in (place.node.text or b"") else None
    yield Named(place.node, dotted(name), is_compiled=True, guard=guard)


def _module_names(place: Place) -> Iterable[Named]:
    for child in place.node.named_children:
        if child.start_byte <= place.start and place.end <= child.end_byte:
            # To open or export a package to a module that is missing is a warning only.
            is_target = place.node.type in ("opens_module_directive", "exports_module_directive")
            yield Named(child, dotted(child), is_compiled=True, needed=not is_target)


GRAMMAR = Grammar(
    package="tree_sitter_java",
    strings=frozenset(["string_literal"]),
    statements={
        "import_declaration": _import,
        "requires_module_directive": _requires,
        "uses_module_directive": _module_names,
        "provides_module_directive": _module_names,
        "opens_module_directive": _module_names,
        "exports_module_directive": _module_names,
    },
    names=frozenset(["scoped_identifier", "scoped_type_identifier", "field_access"]),
    bare=frozenset(["type_identifier", "identifier"]),
    spaces=frozenset(["package_declaration"]),
    calls={"method_invocation": "name", "annotation": "name", "object_creation_expression": "type"},
    blocks=frozenset(["block"]),
    conditionals=frozenset(["if_statement", "ternary_expression"]),
    tries=frozenset(["try_statement", "try_with_resources_statement"]),
    catches=frozenset(["catch_clause"]),
    catching=CATCHING,
    importing=IMPORTING,
    probing=PROBING,
    lines=IMPORT_LINE,
)
