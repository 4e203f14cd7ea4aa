# SPDX-License-Identifier: Apache-2.0
"""The references of one file: from each hit of the search to what it is a part of."""

import re
from collections.abc import Iterable
from functools import cached_property

from tree_sitter import Node, Tree

from coreline.boundary.code.grammar import Grammar, Named, Place
from coreline.boundary.code.guards import DEAD, Guards, Surroundings
from coreline.boundary.code.nodes import dotted
from coreline.boundary.code.strings import named_in
from coreline.boundary.extension import Source
from coreline.boundary.facts import Definition, FileFacts, Form, Reference, Trouble
from coreline.boundary.syntax import Path, parse, path_to, text_of
from coreline.boundary.text import Lines

HITS_MAX = 5000
"""More hits in one file are not looked at: the file is reported as not analyzed."""

_LINE_MAX = 2000

_BEFORE = re.compile(rb"[\w.:\\]*$")
_AFTER = re.compile(rb"[\w.:\\]*")

# How Rust begins a path from its own crate.
_ROOTS = ("crate::", "self::", "super::", "::")


def extract(source: Source, grammar: Grammar) -> FileFacts:
    """Return the references of a file, and the first place that could not be understood."""
    return _Extractor(source, grammar).run()


class _Extractor:
    def __init__(self, source: Source, grammar: Grammar) -> None:
        self._source = source
        self._grammar = grammar
        self._lines = Lines(source.data)
        self._tree: Tree = parse(source.data, grammar.package, grammar.function)
        self._guards = Guards(grammar)
        self._directive = grammar.directives(source.data) if grammar.directives else None
        self._found: dict[tuple[int, str], Reference] = {}
        self._definitions: dict[str, Definition] = {}
        self._trouble: Trouble | None = None
        self._imported: dict[str, bool] = {}
        self._taken: set[int] = set()
        self._done: set[tuple[int, str]] = set()

    def run(self) -> FileFacts:
        for start, end in self._source.hits[:HITS_MAX]:
            path = path_to(self._tree, start, end)
            if path is None:
                self._confess(start, "nested too deeply around a name of a wrap")
                continue
            self._hit(path, start, end)
        if len(self._source.hits) > HITS_MAX:
            self._confess(0, f"more than {HITS_MAX:,} places name a wrap")
        return FileFacts(
            references=tuple(one for _, one in sorted(self._found.items())),
            trouble=self._trouble,
            definitions=tuple(self._definitions.values()),
        )

    def _is_hit(self, text: str) -> bool:
        return bool(self._source.names.search(text.encode("utf-8", "replace")))

    def _hit(self, path: Path, start: int, end: int) -> None:
        grammar = self._grammar
        code: Place | None = None
        for depth in range(len(path) - 1, -1, -1):
            kind = path[depth].type
            if kind in grammar.comments:
                return None
            place = Place(path[: depth + 1], start, end, self._is_hit, self._source.data)
            if kind in grammar.strings:
                return self._string(place)
            if kind in grammar.spaces and self._space(place):
                return None
            if kind in grammar.whole and not self._is_first(path[depth]):
                return None
            if kind in grammar.statements:
                named = grammar.statements[kind](place)
                if named is not None:
                    return self._add(place.path, named)
            if kind == "ERROR" and code is None:
                return self._misread(path, start, end)
            is_inner = depth > 0 and path[depth - 1].type in grammar.names
            if kind in grammar.names and not is_inner and code is None:
                # It may still be a part of a statement.
                code = place
        if path[-1].type in grammar.bare:
            self._bare(path)
        return None if code is None else self._code(code)

    def _is_first(self, statement: Node) -> bool:
        """Whether no hit before was in the same statement: a list of names may have thousands."""
        is_first = statement.start_byte not in self._taken
        self._taken.add(statement.start_byte)
        return is_first

    def _string(self, place: Place) -> None:
        for depth in range(len(place.path) - 1, 0, -1):
            taker = self._grammar.takers.get(place.path[depth].type)
            if taker is not None:
                named = taker(place._replace(path=place.path[: depth + 1]))
                if named is not None:
                    return self._add(place.path[: depth + 1], named)
        one = named_in(self._grammar, place)
        return self._add(place.path, [] if one is None else [one])

    def _space(self, place: Place) -> bool:
        """Take the namespace of the file, where the place is in its name."""
        name = place.node.child_by_field_name("name") or next(iter(place.node.named_children), None)
        if name is None or not (name.start_byte <= place.start and place.end <= name.end_byte):
            return False
        text = dotted(name)
        line = self._lines.place(place.start).line
        self._definitions.setdefault(text, Definition("namespace", text, line))
        return True

    def _code(self, place: Place) -> None:
        """Take a qualified name in code; a name alone may be anybody's."""
        text = dotted(place.node).partition("<")[0].rstrip(".:")
        if self._grammar.separator not in text or not re.fullmatch(r"[\w.\\:]+", text):
            return
        # ``config.ee`` is an attribute; the name of a wrap begins there, or is declared whole.
        begins = place.node.start_byte == place.start or text.startswith(_ROOTS)
        declared = self._source.names.declared(text.replace("::", "."))
        if begins or declared is not None:
            named = Named(place.node, text, is_compiled=self._grammar.is_compiled)
            self._add(place.path, [named])

    def _bare(self, path: Path) -> None:
        """Take a class that both sides' namespace holds, written without it."""
        node, data = path[-1], self._source.data
        name = text_of(node)
        module = f"{self._own_space}{self._grammar.separator}{name}"
        if module not in self._source.names.namespaces:
            return
        if name not in self._imported:
            statement = rb"\bimport\s[^\n;]{0,300}\b" + re.escape(name.encode()) + rb"\b"
            self._imported[name] = re.search(statement, data) is not None
        before = data[max(0, node.start_byte - _LINE_MAX) : node.start_byte]
        if self._imported[name] or before.rstrip().endswith(b"."):
            return
        self._add(path, [Named(node, module, is_compiled=self._grammar.is_compiled)])

    @cached_property
    def _own_space(self) -> str:
        """The namespace that the file says it is of."""
        for statement in self._tree.root_node.named_children:
            if statement.type in self._grammar.spaces:
                return dotted(next(iter(statement.named_children), None))
        return ""

    def _misread(self, path: Path, start: int, end: int) -> None:
        """Read the line by itself where the grammar does not understand what is around it."""
        data = self._source.data
        begin = max(data.rfind(b"\n", 0, start) + 1, start - _LINE_MAX)
        stop = data.find(b"\n", end, end + _LINE_MAX)
        line = data[begin : stop if stop >= 0 else end + _LINE_MAX]
        match = None if self._grammar.lines is None else self._grammar.lines.match(line)
        if match is not None and match.start(1) <= start - begin < match.end(1):
            named = Named(path[-1], match[1].decode("utf-8", "replace"), is_compiled=True)
            self._add(path, [named], offset=begin + match.start(1))
        elif not self._grammar.is_lenient and self._may_mean(line, start - begin):
            self._confess(start, "a syntax error around a name of a wrap")

    def _may_mean(self, line: bytes, at: int) -> bool:
        """Whether a place that the grammar does not understand may refer to a wrap all the same."""
        before, after = _BEFORE.search(line[:at]), _AFTER.match(line, at)
        left, right = before[0] if before else b"", after[0] if after else b""
        name = (left + right).decode("utf-8", "replace").strip(".:\\")
        is_whole = not left or name.startswith(_ROOTS)
        declared = self._source.names.declared(re.sub(r"::|\\", ".", name))
        is_name = self._grammar.separator in name and (is_whole or declared is not None)
        return is_name and not _is_text(line, at)

    def _add(self, path: Path, named: Iterable[Named], *, offset: int | None = None) -> None:
        for one in named:
            key = (one.node.start_byte if offset is None else offset, one.module)
            if key in self._done:
                # One statement may have many hits.
                continue
            self._done.add(key)
            around = self._guards.around(path, self._about(one))
            if self._directive is not None:
                around.compiled = self._directive(key[0])
            if around.compiled != DEAD:
                self._found[key] = self._reference(one, around, key[0])

    def _about(self, named: Named) -> "_About":
        module = named.module.replace("::", ".").replace("\\", ".")
        # The last part of a file's name is a suffix that any file has.
        last = module.rpartition("/")[2] if "/" in module else module.rpartition(".")[2]
        return _About(last, self)

    def _reference(self, named: Named, around: Surroundings, offset: int) -> Reference:
        place = self._lines.place(offset)
        form: Form = named.form or ("local" if around.is_local else "static")
        guard = named.guard or around.compiled
        if not named.is_compiled:
            guard = guard or around.running
        return Reference(
            line=place.line,
            column=place.column,
            form="test" if around.is_test and form != "string" else form,
            module=named.module,
            names=named.names,
            guard=guard,
            needed=named.needed,
            is_name=named.is_name,
            text=place.text,
        )

    def _confess(self, offset: int, reason: str) -> None:
        if self._trouble is None:
            self._trouble = Trouble(self._lines.place(offset).line, reason)

    def is_about(self, text: str) -> bool:
        """Whether a text holds a name of a wrap."""
        return self._is_hit(text)


def _is_text(line: bytes, at: int) -> bool:
    """Whether a place is in a comment, or in a string with spaces, by its line alone."""
    before, after = line[:at], line[at:]
    if before.lstrip().startswith((b"*", b"//", b"/*")) or b"//" in before:
        return True
    start, end = before.rfind(b'"'), after.find(b'"')
    inside = before.count(b'"') % 2 == 1 and end >= 0
    return inside and b" " in before[start:] + after[:end]


class _About:
    """Whether a probe asks for what a reference names, by its last part or a wrap's name."""

    def __init__(self, last: str, extractor: _Extractor) -> None:
        self._last = re.compile(rf"\b{re.escape(last)}\b")
        self._extractor = extractor

    def __call__(self, text: str) -> bool:
        return self._last.search(text) is not None or self._extractor.is_about(text)
