# SPDX-License-Identifier: Apache-2.0
"""The syntax of C# (ECMA-334, chapters 14 and 15), and what its names mean in a tree."""

import re
from collections.abc import Iterable

from coreline.boundary.code.directives import conditions
from coreline.boundary.code.extract import extract as extract_code
from coreline.boundary.code.grammar import Grammar, Named, Place
from coreline.boundary.code.nodes import dotted, field_of
from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts


def extract(source: Source) -> FileFacts:
    """Return the references of a C# file."""
    return extract_code(source, GRAMMAR)


def _using(place: Place) -> Iterable[Named]:
    alias = field_of(place.node, "name")
    names = [child for child in place.node.named_children if child != alias]
    if names:
        text = dotted(names[-1]).removeprefix("global::").partition("<")[0]
        yield Named(place.node, text, is_compiled=True)


GRAMMAR = Grammar(
    package="tree_sitter_c_sharp",
    strings=frozenset(
        [
            "string_literal",
            "verbatim_string_literal",
            "raw_string_literal",
            "interpolated_string_expression",
        ]
    ),
    statements={"using_directive": _using},
    names=frozenset(["qualified_name", "member_access_expression", "alias_qualified_name"]),
    spaces=frozenset(["namespace_declaration", "file_scoped_namespace_declaration"]),
    calls={"invocation_expression": "function", "attribute": "name"},
    functions=frozenset(["lambda_expression", "local_function_statement"]),
    blocks=frozenset(["block"]),
    conditionals=frozenset(["if_statement", "conditional_expression"]),
    tries=frozenset(["try_statement"]),
    catches=frozenset(["catch_clause"]),
    catching=re.compile(
        r"\b(Exception|FileNotFoundException|FileLoadException|TypeLoadException|IOException"
        r"|BadImageFormatException|ReflectionTypeLoadException|SystemException"
        r"|DllNotFoundException|TargetInvocationException)\b"
    ),
    importing=re.compile(
        r"^(GetType|Load|LoadFrom|LoadFile|LoadFromAssemblyPath|LoadFromAssemblyName|UnsafeLoadFrom"
        r"|CreateInstance|CreateInstanceFrom|AssemblyName|ReflectionOnlyLoad|DllImport"
        r"|LibraryImport|TryLoad|AddApplicationPart|MigrationsAssembly)$"
    ),
    directives=conditions,
    lines=re.compile(rb"[ \t]*(?:global[ \t]+)?using[ \t]+(?:static[ \t]+)?([\w.]+)[ \t]*;"),
)
