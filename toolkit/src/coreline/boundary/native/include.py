# SPDX-License-Identifier: Apache-2.0
"""C and C++: ``#include``, and libraries that are loaded by name."""

import re
from collections.abc import Iterable

from msgspec.structs import replace

from coreline.boundary.code.directives import conditions
from coreline.boundary.code.extract import extract as extract_code
from coreline.boundary.code.grammar import Grammar, Named, Place
from coreline.boundary.code.nodes import field_of
from coreline.boundary.code.strings import unquoted
from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts
from coreline.boundary.syntax import text_of

_LOADING = re.compile(
    r"^(dlopen|dlmopen|LoadLibrary(Ex)?[AW]?|load_external_function|load_file|lt_dlopen(ext)?"
    r"|g_module_open|SDL_LoadObject|NSAddImage|add_library)$"
)
_PROBING = re.compile(r"^(access|stat|lstat|exists|is_regular_file|__has_include)$")
_REACH = 1000
_ASKING = re.compile(rb"[ \t]*#[ \t]*(el)?if\b")
_QUOTED = re.compile(rb"\"([^\"\n\s]{1,300})\"")
_LIBRARY = re.compile(r"comment\s*\(\s*lib\s*,\s*\"([^\"]+)\"")


def extract_c(source: Source) -> FileFacts:
    """Return the references of a C file."""
    return extract_code(source, C)


def extract_cpp(source: Source) -> FileFacts:
    """Return the references of a C++ file."""
    return extract_code(source, CPP)


def _include(place: Place) -> Iterable[Named] | None:
    path = field_of(place.node, "path")
    if path is None or path.type not in ("string_literal", "system_lib_string"):
        return None
    # In angle brackets stand the headers of the system and of libraries first.
    is_own = path.type == "string_literal"
    return [Named(place.node, _as_path(unquoted(path)), is_name=is_own, is_compiled=True)]


def _as_path(text: str) -> str:
    # A slash says that it is a path.
    return text if "/" in text else f"./{text}"


def _asked(place: Place) -> Iterable[Named] | None:
    """Take ``#if __has_include("x")`` for what it is: a probe, which includes nothing."""
    reach = max(0, place.start - _REACH)
    begin = max(reach, place.data.rfind(b"\n", reach, place.start) + 1)
    line = place.data[begin : place.start]
    return [] if _ASKING.match(line) else None


def _constant(place: Place) -> Iterable[Named]:
    """Yield the string that a macro stands for: the name of a library, mostly."""
    start = place.node.start_byte
    for match in _QUOTED.finditer(place.node.text or b""):
        if match.start() < place.start - start and place.end - start < match.end():
            text = match[1].decode("utf-8", "replace")
            yield Named(place.node, text, form="string", needed=False, is_name=False)


def _pragma(place: Place) -> Iterable[Named]:
    match = _LIBRARY.search(text_of(place.node))
    if match is not None:
        yield Named(place.node, match[1], form="build")


C = Grammar(
    package="tree_sitter_c",
    strings=frozenset(["string_literal", "raw_string_literal"]),
    statements={"preproc_include": _include, "preproc_call": _pragma, "preproc_def": _constant},
    takers={"preproc_include": _include, "preproc_if": _asked, "ERROR": _asked},
    calls={"call_expression": "function"},
    functions=frozenset(["function_definition", "lambda_expression"]),
    blocks=frozenset(["compound_statement"]),
    conditionals=frozenset(["if_statement", "conditional_expression"]),
    tries=frozenset(["try_statement"]),
    catches=frozenset(["catch_clause"]),
    catching=re.compile(r"exception|_error\b|\.\.\."),
    importing=_LOADING,
    probing=_PROBING,
    directives=conditions,
    lines=re.compile(rb"[ \t]*#[ \t]*include[ \t]*[<\"]([^>\"\n]+)[>\"]"),
    is_lenient=True,
)
CPP = replace(C, package="tree_sitter_cpp")
