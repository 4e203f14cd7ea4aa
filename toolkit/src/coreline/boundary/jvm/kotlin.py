# SPDX-License-Identifier: Apache-2.0
"""The syntax of Kotlin."""

from collections.abc import Iterable

from coreline.boundary.code.extract import extract as extract_code
from coreline.boundary.code.grammar import Grammar, Named, Place
from coreline.boundary.code.nodes import dotted, first_of
from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.jvm.shared import CATCHING, IMPORT_LINE, IMPORTING, PROBING
from coreline.boundary.syntax import text_of


def extract(source: Source) -> FileFacts:
    """Return the references of a Kotlin file."""
    return extract_code(source, GRAMMAR)


def _import(place: Place) -> Iterable[Named]:
    name = first_of(place.node, ("qualified_identifier", "identifier"))
    is_all = text_of(place.node).rstrip().endswith("*")
    yield Named(place.node, dotted(name), names=("*",) if is_all else (), is_compiled=True)


GRAMMAR = Grammar(
    package="tree_sitter_kotlin",
    strings=frozenset(["string_literal", "multiline_string_literal"]),
    statements={"import": _import},
    names=frozenset(["user_type", "navigation_expression", "qualified_identifier"]),
    bare=frozenset(["identifier"]),
    spaces=frozenset(["package_header"]),
    calls={"call_expression": "", "constructor_invocation": ""},
    blocks=frozenset(["block", "lambda_literal", "function_body"]),
    conditionals=frozenset(["if_expression"]),
    tries=frozenset(["try_expression"]),
    catches=frozenset(["catch_block"]),
    catching=CATCHING,
    suppressing=frozenset(["runCatching"]),
    leaving=frozenset(["return_expression", "throw_expression", "break_expression"]),
    importing=IMPORTING,
    probing=PROBING,
    lines=IMPORT_LINE,
)
