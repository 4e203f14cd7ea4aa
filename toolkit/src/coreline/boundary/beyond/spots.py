# SPDX-License-Identifier: Apache-2.0
"""Whether a place in a file of any language is code, a string or a comment.

With the language's grammar, by the nodes that cover the place: all grammars of tree-sitter have
"comment", "string" and "interpolation" in the types of such nodes. Without one, by the line.
"""

import re
from typing import Literal

from tree_sitter import Tree

from coreline.boundary.extension import Language
from coreline.boundary.syntax import Path, is_field, parse, path_to

Where = Literal["code", "string", "comment"]

# Inside a string, what is code again.
_INTERPOLATED = re.compile(r"interpolat(?!ed_string)|substitution|template_expression")
_STRING = re.compile(r"string|heredoc|char_literal|rune_literal|jsx_text|^text$|raw_text|regex")
# Whole lines that are comments in some language without a grammar here, and ends of lines.
_COMMENT_LINE = re.compile(rb"^\s*(?:#(?!\{)|//|--\s|\*|/\*|;|<!--|<%#|%|REM\s)")
_COMMENT_END = re.compile(rb"""(?:^|\s)(?:#\s|//\s|--\s)[^"'`]*$""")
# Attributes of templates that hold code: v-if="…", :value="…", @click="…", on:click={…}.
_DIRECTIVE = re.compile(rb"""(?:\bv-[\w.:-]+|\s[:@#][\w.:-]+)=(?:"[^"]*|'[^']*)$""")
_BRACES = re.compile(rb"\{[{#@:/%]?[^{}\"'`]*$|<%[^%]*$")
_DEFINING = re.compile(
    r"definition|declaration|declarator|specifier|signature|parameter|_item$|keyword_argument"
    r"|^(?:method|singleton_method|import_statement|import_from_statement|aliased_import)$"
)
_IMPORTING = re.compile(r"^(?:import|export_clause|use_declaration|preproc_include|namespace_use)")
# A grammar without these fields has the name first (Kotlin).
_DEFINING_WORD = re.compile(
    rb"(?:^|[^\w.])(?:def(?:\s+self\.)?|function\*?|func|fn|fun|class|sub|alias)\s+(?:\([^)\n]{0,80}\)\s*)?$"
)


class Spots:
    """The places of one file.

    Args:
        data: the file.
        language: how it is written; None where nobody knows.
    """

    def __init__(self, data: bytes, language: Language | None) -> None:
        self._data = data
        self._grammar = None if language is None else language.grammar
        self._is_query = language is not None and language.is_query
        self._tree: Tree | None = None

    def path(self, start: int, end: int) -> Path | None:
        """Return the nodes that cover a place; None without a grammar, or nested too deeply."""
        if self._grammar is None:
            return None
        if self._tree is None:
            self._tree = parse(self._data, *self._grammar)
        return path_to(self._tree, start, end)

    def where(self, start: int, path: Path | None) -> Where:
        """Return what a place is.

        Args:
            start: its offset.
            path: the nodes that cover it.
        """
        if path is None:
            return self._by_line(start)
        for node in reversed(path):
            if "comment" in node.type:
                return "comment"
            if _INTERPOLATED.search(node.type):
                return "code"
            if _STRING.search(node.type):
                return "string"
        return "code"

    def _by_line(self, start: int) -> Where:
        before = self._data[max(0, start - 1000) : start]
        line = before[before.rfind(b"\n") + 1 :]
        if _COMMENT_LINE.match(line) or _COMMENT_END.search(line):
            return "comment"
        if self._is_query:
            return "string"
        if _DIRECTIVE.search(line):
            return "code"
        is_open = any(line.count(quote) % 2 for quote in (b'"', b"'", b"`"))
        return "string" if is_open else "code"

    def is_embedded(self, start: int) -> bool:
        """Whether a place is in code inside a template: a directive, braces, ``<% … %>``."""
        before = self._data[max(0, start - 1000) : start]
        line = before[before.rfind(b"\n") + 1 :]
        return _DIRECTIVE.search(line) is not None or _BRACES.search(line) is not None

    def is_definition(self, start: int, path: Path | None) -> bool:
        """Whether a name is given to something at a place: a function, a parameter, an import."""
        if _DEFINING_WORD.search(self._data[max(0, start - 120) : start]):
            return True
        if path is None or len(path) < 2:
            return False
        parent, node = path[-2], path[-1]
        if any(_IMPORTING.match(one.type) for one in path):
            return True
        if node.type == "hash_key_symbol":
            return True
        is_named = any(is_field(parent, field, node) for field in ("name", "pattern", "left"))
        is_key = parent.type == "pair" and is_field(parent, "key", node)
        is_target = "assignment" in parent.type and is_field(parent, "left", node)
        return is_key or is_target or (is_named and _DEFINING.search(parent.type) is not None)
