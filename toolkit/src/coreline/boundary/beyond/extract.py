# SPDX-License-Identifier: Apache-2.0
"""Gates, look-ups and names in one file of the core, in any language: from the hits of the search.

What a hit means for the tree (whether a wrap has the mirror, whether the core defines the name as
well) is decided where it is resolved: facts depend on bytes and names alone.
"""

import re
from collections.abc import Iterable
from itertools import islice

from coreline.boundary.beyond.helpers import (
    Helper,
    defined_at,
    functions_around,
    handing_at,
    passes_on,
)
from coreline.boundary.beyond.lookups import asked_for, asked_of, handed_on
from coreline.boundary.beyond.spots import Spots, Where
from coreline.boundary.beyond.suspects import suspects
from coreline.boundary.declared import Gate
from coreline.boundary.extension import Language
from coreline.boundary.facts import Definition, DefinitionKind, FileFacts, Form, Reference
from coreline.boundary.names import Names
from coreline.boundary.reads import Read, defines, read_of
from coreline.boundary.syntax import Path
from coreline.boundary.text import Lines

HITS_MAX = 5000
HELPERS_MAX = 20
"""More helpers in one file are not looked for: no person wrote as many."""
_OWNER = re.compile(rb"([A-Za-z_]\w*)(?:\(\s*\))?\s*(?:\.|::|&\.|\?\.|!\.|->)\s*$")
_CALLED = re.compile(rb"^\s*\(")
_FIRST_STRING = re.compile(rb"^\s*\(\s*[\"'`:]([\w.:-]{1,100})")


def extract(
    data: bytes,
    names: Names,
    hits: Iterable[tuple[int, int]],
    modules: Iterable[tuple[int, int]],
    language: Language | None,
) -> FileFacts:
    """Return what a file knows of a wrap beyond modules.

    Args:
        data: the file.
        names: what the core must not know.
        hits: where names stand that are no module's.
        modules: where names of modules stand: a helper may be made of one.
        language: the file's language; None where nobody knows.
    """
    if language is not None and language.header_line_max is not None:
        # Prose may speak of a wrap as much as it likes.
        return FileFacts()
    return _Extractor(data, names, language).run(hits, modules)


class _Extractor:
    def __init__(self, data: bytes, names: Names, language: Language | None) -> None:
        self._data = data
        self._names = names
        self._language = language
        self._spots = Spots(data, language)
        self._lines = Lines(data)
        self._references: list[Reference] = []
        self._helpers: set[str] = set()
        make = None if language is None else language.guard
        self._guard_of = None if make is None else make()
        self._definitions: dict[tuple[str, str], Definition] = {}

    def run(self, hits: Iterable[tuple[int, int]], modules: Iterable[tuple[int, int]]) -> FileFacts:
        gates = {gate.name for gate in self._names.gates}
        lookups = {one.call for one in self._names.lookups}
        for start, end in islice(hits, HITS_MAX):
            name = self._data[start:end].decode("utf-8", "surrogateescape")
            path = self._spots.path(start, end)
            where = self._spots.where(start, path)
            if name in gates and where == "code":
                self._gate(name, start, end, path)
            if name in lookups and where == "code":
                self._lookup(name, start, end, path)
            if name in self._names.defined or self._names.glob_of(self._data[start:end]):
                self._name(name, start, end, path, where)
        self._discover(modules)
        return FileFacts(
            references=tuple(self._references), definitions=tuple(self._definitions.values())
        )

    def _discover(self, modules: Iterable[tuple[int, int]]) -> None:
        """Find helpers that nobody declared, and those that pass on what they are handed."""
        looked_at: set[int] = set()
        for start, end in islice(suspects(self._data, modules), HITS_MAX):
            path = self._spots.path(start, end)
            if path is None or self._spots.where(start, path) == "comment":
                continue
            function = next(functions_around(path), None)
            if function is None or function[0].start_byte in looked_at:
                # One function may have many such places.
                continue
            looked_at.add(function[0].start_byte)
            helper = defined_at(path)
            if helper is None or helper.call in self._helpers:
                continue
            self._helper(helper, path)
            for other in passes_on(helper, path[0]):
                self._helper(other, path)
            if len(self._helpers) > HELPERS_MAX:
                break

    def _gate(self, name: str, start: int, end: int, path: Path | None) -> None:
        if self._spots.is_definition(start, path):
            return
        gates = [one for one in self._names.gates if one.name == name]
        owner = _OWNER.search(self._data[max(0, start - 120) : start])
        gate = next((one for one in gates if _is_asked(one, owner)), None)
        after = self._data[end : end + 120]
        is_asked = path is not None or owner or _CALLED.match(after)
        if gate is None or not (is_asked or self._spots.is_embedded(start)):
            return
        feature = _FIRST_STRING.match(after)
        names = (feature[1].decode(),) if feature else ()
        self._add("gate", start, gate.spelling, path, names=names)

    def _lookup(self, name: str, start: int, end: int, path: Path | None) -> None:
        if self._spots.is_definition(start, path):
            helper = None if path is None else defined_at(path)
            if helper is not None and helper.call == name:
                self._helper(helper, path)
            return
        text = asked_for(self._data, end) or asked_of(self._data, start, end)
        if text is None:
            param = handed_on(self._data, end)
            helper = None if path is None or not param else handing_at(path, param, name)
            if helper is not None:
                self._helper(helper, path)
            return
        for one in self._names.lookups:
            mapped = one.mapped(text) if one.call == name else None
            if mapped is not None:
                self._add("lookup", start, mapped, path, names=(name, text))

    def _helper(self, helper: Helper, path: Path | None) -> None:
        """Note where a helper is defined, and whether it does without a wrap."""
        if helper.call not in self._helpers:
            self._helpers.add(helper.call)
            names = (helper.call, helper.core, helper.into)
            self._add("lookup", helper.start, "", path, names=names, guard=helper.guard)

    def _name(self, name: str, start: int, end: int, path: Path | None, where: Where) -> None:
        kind = self._names.defined.get(name, ("", "declared"))[1]
        is_comment = where == "comment"
        read = read_of(self._data, start, end, is_string=where == "string")
        read = None if is_comment else read
        if read is None or read.kind == "message":
            for made in defines(self._data, start, end):
                key = (made, name)
                line = self._lines.place(start).line
                self._definitions.setdefault(key, Definition(made, name, line))
        if is_comment or not _is_code(self._language):
            return
        if read is None and kind == "declared" and where == "code" and path is not None:
            is_import = any("import" in node.type for node in path)
            read = None if is_import else Read("flag", needed=False)
        if read is None or not (_is_as(kind, read.kind) or self._is_told(kind, name)):
            return
        self._add("name", start, name, path, guard=read.guard, needed=read.needed)

    def _is_told(self, kind: str, name: str) -> bool:
        """Whether a string can only be the table that it names: it begins with a wrap's module."""
        return kind == "table" and any(name.startswith(f"{one}_") for one in self._names.words)

    def _add(
        self,
        form: Form,
        start: int,
        module: str,
        path: Path | None,
        *,
        names: tuple[str, ...] = (),
        guard: str | None = None,
        needed: bool = True,
    ) -> None:
        place = self._lines.place(start)
        is_asked = guard is None and path is not None
        if is_asked and self._guard_of is not None and path is not None and form != "gate":
            guard = self._guard_of(path) if module else None
        self._references.append(
            Reference(
                line=place.line,
                column=place.column,
                form=form,
                module=module,
                names=names,
                guard=guard,
                needed=needed,
                text=place.text,
            )
        )


def _is_asked(gate: Gate, owner: re.Match[bytes] | None) -> bool:
    """Whether what stands before a name is what a gate is asked of."""
    if not gate.owner:
        return owner is not None or "#" not in gate.spelling
    if owner is None:
        # A function may be imported by itself, a method of a class may not.
        return gate.owner[:1].islower()
    return owner[1].decode() == gate.owner


def _is_code(language: Language | None) -> bool:
    return language is not None and language.reads_names


_AS: dict[str, tuple[DefinitionKind, ...]] = {
    "message": ("message",),
    "flag": ("message",),
    "setting": ("setting", "environment"),
    "environment": ("environment",),
    "table": ("table",),
}


def _is_as(kind: str, read: DefinitionKind) -> bool:
    """Whether a name of one kind is read as one: a table in a query, a setting as an attribute."""
    return kind == "declared" or read in _AS[kind]
