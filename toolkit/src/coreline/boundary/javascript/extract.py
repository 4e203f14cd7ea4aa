# SPDX-License-Identifier: Apache-2.0
"""The references of one JavaScript or TypeScript file: from each hit to the string it stands in.

Whatever the language's versions add, a module is named by a string. A hit outside of strings is
an identifier, text or a comment; where no quote stands before any hit, nothing is parsed.
"""

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from msgspec.structs import replace
from tree_sitter import Node

from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts, Form, Reference, Trouble
from coreline.boundary.javascript.exports import (
    exported,
    imported,
    is_exported_at_once,
    is_type_export,
    passed_on_in,
)
from coreline.boundary.javascript.guards import Guards, Surroundings
from coreline.boundary.javascript.strings import LENGTH_MAX, Use, is_left_out, named_in, use_of
from coreline.boundary.javascript.syntax import STRINGS, content_of, is_whole
from coreline.boundary.syntax import Path, is_field, parse, path_to
from coreline.boundary.text import Lines

HITS_MAX = 5000
"""More hits in one file are not looked at: the file is reported as not analyzed."""

SIZE_MAX = 20 * 1024 * 1024
"""A larger file is not parsed: nobody wrote it, and what holds few valid words takes minutes."""

_RETRY_MAX = 1024 * 1024
"""A larger file with errors in it is not parsed anew with another grammar."""

_REACH = 2 * LENGTH_MAX
"""So far before a hit the string begins that may name a module."""

_QUOTE = re.compile(rb"[\"'`]")
# Only before the first statement, as TypeScript reads it.
_DIRECTIVE = re.compile(
    rb"^[ \t]*///[ \t]*<(?:reference[ \t]+(?:path|types)|amd-dependency[ \t]+path)"
    rb"[ \t]*=[ \t]*[\"']([^\"'\n]{1,300})[\"']",
    re.MULTILINE,
)


# A whole statement, or the last line of one. Only at the beginning of a line nothing surrounds it.
_IMPORT_LINE = re.compile(
    rb"""(?:(?:import|export)\b[^'"`\n;]{0,400}|\}\s{0,20}from\s{0,20}|import\s{0,20})"""
    rb"""["']([^'"`\n]{1,300})["'][ \t]{0,20};?[ \t]{0,20}\r?\n"""
)


class Grammar(NamedTuple):
    """A tree-sitter grammar: its module, and what that calls it."""

    package: str
    function: str


JAVASCRIPT = Grammar("tree_sitter_javascript", "language")
TYPESCRIPT = Grammar("tree_sitter_typescript", "language_typescript")
TSX = Grammar("tree_sitter_typescript", "language_tsx")


def extract(source: Source, grammars: Sequence[Grammar], code: bytes | None = None) -> FileFacts:
    """Return the references of a file, and the first place that could not be understood.

    Args:
        source: the file.
        grammars: those to parse it with; the later ones where an earlier one fails at a hit, as
            JavaScript's does where a file has types in it.
        code: the file with blanks for what is no code, where it holds other things.
    """
    code = source.data if code is None else code
    hits = _in_quotes(code, source.hits)
    if not hits:
        return FileFacts()
    end = _end_of_imports(code, hits)
    if end > SIZE_MAX:
        line = code.count(b"\n", 0, hits[0][0]) + 1
        return FileFacts(trouble=Trouble(line, f"more than {SIZE_MAX:,} bytes of code"))
    facts = FileFacts()
    for grammar in grammars:
        facts = _Extractor(source, code[:end], hits, grammar).run(code)
        if facts.trouble is None or end > _RETRY_MAX:
            break
    return facts


def _in_quotes(code: bytes, hits: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the hits that may stand in a string: behind a quote in their line, or a backtick."""
    found = []
    for start, end in hits:
        reach = max(0, start - _REACH)
        line = code.rfind(b"\n", reach, start)
        if code.rfind(b"`", reach, start) >= 0 or _QUOTE.search(code, max(line, reach), start):
            found.append((start, end))
    return found


def _end_of_imports(code: bytes, hits: Sequence[tuple[int, int]]) -> int:
    """Return how much of a file has to be parsed.

    Most name a wrap in nothing but the imports at their top. What follows decides nothing there,
    and is most of the file.
    """
    end = 0
    for start, _ in hits:
        line = code.rfind(b"\n", 0, start) + 1
        match = _IMPORT_LINE.match(code, line)
        if match is None or not match.start(1) <= start < match.end(1):
            return len(code)
        end = match.end()
    # In a comment or a template, a line may look like an import and be none.
    before = code[:end]
    is_plain = b"`" not in before and before.rfind(b"/*") <= before.rfind(b"*/")
    return end if is_plain else len(code)


class _Extractor:
    def __init__(
        self, source: Source, code: bytes, hits: Sequence[tuple[int, int]], grammar: Grammar
    ) -> None:
        self._names = source.names
        self._code = code
        self._hits = hits
        self._lines = Lines(source.data)
        self._tree = parse(code, grammar.package, grammar.function)
        self._guards = Guards()
        self._found: dict[int, Reference] = {}
        self._seen: set[int] = set()
        self._trouble: Trouble | None = None

    def run(self, whole: bytes) -> FileFacts:
        """Return the facts.

        Args:
            whole: the file to its end: what it passes on may stand far below.
        """
        self._directives()
        for start, end in self._hits[:HITS_MAX]:
            path = path_to(self._tree, start, end)
            if path is None:
                self._confess(start, "nested too deeply around a name of a wrap")
            else:
                self._hit(path, start)
        if len(self._hits) > HITS_MAX:
            self._confess(0, f"more than {HITS_MAX:,} places name a wrap")
        passed_on = passed_on_in(whole) if self._found else frozenset()
        found = [
            replace(one, exported=True) if passed_on.intersection(one.names) else one
            for _, one in sorted(self._found.items())
        ]
        return FileFacts(references=tuple(found), trouble=self._trouble)

    def _hit(self, path: Path, start: int) -> None:
        for depth in range(len(path) - 1, -1, -1):
            kind = path[depth].type
            if kind in STRINGS:
                if path[depth].id not in self._seen:
                    self._seen.add(path[depth].id)
                    self._string(path, depth)
                break
            if kind in ("comment", "jsx_text", "regex", "html_comment"):
                break
            if kind == "ERROR":
                self._confess(start, "a syntax error around a name of a wrap")
                break

    def _string(self, path: Path, depth: int) -> None:
        string, above = path[depth], path[depth - 1]
        if above.type == "import_statement":
            names, is_type_only = imported(above)
            self._add(string, "type-only" if is_type_only else "static", names=names)
        elif above.type == "import_require_clause":
            self._add(string, "static")
        elif above.type == "export_statement" and is_field(above, "source", string):
            is_type_only = is_type_export(above)
            self._add(string, "type-only" if is_type_only else "re-export", names=exported(above))
        elif above.type == "module":
            # declare module "x" says what the checker shall believe of it.
            self._add(string, "type-only")
        elif above.type != "literal_type":
            self._value(path, depth)

    def _value(self, path: Path, depth: int) -> None:
        """Take a string that is a value: an argument, mostly."""
        string = path[depth]
        if named_in(string) is None or _is_attribute(path[:depth]):
            return
        use = use_of(path, depth)
        if not use.is_name and is_left_out(path[:depth]):
            return
        end = next(i for i, node in enumerate(path) if node.id == use.node.id)
        around = self._guards.around(path[: end + 1], is_promise=use.is_promise)
        self._add(
            string,
            _form(use, around, path[:end]),
            guard=around.guard,
            needed=use.needed,
            is_name=use.is_name,
        )

    def _directives(self) -> None:
        for match in islice(_DIRECTIVE.finditer(self._code), HITS_MAX):
            if self._names.search(match[1]):
                path = path_to(self._tree, *match.span(1))
                if path is not None and path[-1].type == "comment":
                    self._put(match.start(1), match[1].decode("utf-8", "replace"), "type-only")

    def _add(
        self,
        string: Node,
        form: Form,
        *,
        names: tuple[str, ...] = (),
        guard: str | None = None,
        needed: bool = True,
        is_name: bool = True,
    ) -> None:
        module = content_of(string)
        if not is_whole(string):
            # Of a template, the folder before the first expression is known.
            module = module.rpartition("/")[0]
        if module:
            self._put(string.start_byte, module, form, names, guard, needed=needed, is_name=is_name)

    def _put(
        self,
        offset: int,
        module: str,
        form: Form,
        names: tuple[str, ...] = (),
        guard: str | None = None,
        *,
        needed: bool = True,
        is_name: bool = True,
    ) -> None:
        place = self._lines.place(offset)
        self._found.setdefault(
            offset,
            Reference(
                line=place.line,
                column=place.column,
                form=form,
                module=module,
                names=names,
                guard=guard,
                needed=needed,
                is_name=is_name,
                text=place.text,
            ),
        )

    def _confess(self, offset: int, reason: str) -> None:
        if self._trouble is None:
            self._trouble = Trouble(self._lines.place(offset).line, reason)


def _is_attribute(above: Path) -> bool:
    """Whether a string says of what kind an imported file is: ``with { type: "json" }``."""
    return any(node.type == "import_attribute" for node in above[-3:])


def _form(use: Use, around: Surroundings, above: Path) -> Form:
    if around.is_type_only and use.is_name:
        return "type-only"
    if use.form == "static" and around.is_local:
        return "local"
    if use.form == "static" and is_exported_at_once(above):
        return "re-export"
    return use.form
