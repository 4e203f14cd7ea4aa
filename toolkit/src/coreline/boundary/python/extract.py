# SPDX-License-Identifier: Apache-2.0
"""The references of one Python file: from each hit of the search to the statement it is part of."""

import re
from collections.abc import Iterator
from itertools import islice

from tree_sitter import Node, Tree

from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts, Form, Reference, Trouble
from coreline.boundary.names import SDK_MODULE
from coreline.boundary.python.guards import Guards, Surroundings
from coreline.boundary.python.strings import named_in, use_of
from coreline.boundary.syntax import Path, parse, path_to, text_of
from coreline.boundary.text import Lines

HITS_MAX = 5000
"""More hits in one file are not looked at: the file is reported as not analyzed."""

_GATE = re.compile(rb"\.\s*(entitled|requires)\s*\(")
_ALL = re.compile(rb"__all__[^=\n]{0,80}=\s{0,80}[\[(]([^\])]{0,50000})[\])]")
_ALL_MAX = 20


def extract(source: Source) -> FileFacts:
    """Return the references of a file, and the first place that could not be understood."""
    return _Extractor(source).run()


class _Extractor:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._lines = Lines(source.data)
        self._tree: Tree = parse(source.data)
        self._guards = Guards(self._is_about)
        self._found: dict[tuple[int, str], Reference] = {}
        self._trouble: Trouble | None = None
        self._uses_sdk = False
        self._imports: set[int] = set()
        self._passed_on = _passed_on(source.data)

    def run(self) -> FileFacts:
        for start, end in self._source.hits[:HITS_MAX]:
            path = path_to(self._tree, start, end)
            if path is None:
                self._confess(start, "nested too deeply around a name of a wrap")
                continue
            self._hit(path, start, end)
        if len(self._source.hits) > HITS_MAX:
            self._confess(0, f"more than {HITS_MAX:,} places name a wrap")
        if self._uses_sdk:
            self._gates()
        return FileFacts(references=tuple(self._found.values()), trouble=self._trouble)

    def _is_about(self, text: str) -> bool:
        return bool(self._source.names.search(text.encode("utf-8", "replace")))

    def _hit(self, path: Path, start: int, end: int) -> None:
        for depth in range(len(path) - 1, -1, -1):
            kind = path[depth].type
            if kind in ("import_statement", "import_from_statement"):
                return self._import(path[: depth + 1])
            if kind == "string":
                return self._string(path, start)
            if kind == "comment":
                return None
            if kind == "ERROR":
                return self._confess(start, "a syntax error around a name of a wrap")
        return None

    def _import(self, path: Path) -> None:
        statement = path[-1]
        if statement.start_byte in self._imports:
            # One statement may have many hits.
            return
        self._imports.add(statement.start_byte)
        around = self._guards.around(path)
        if statement.type == "import_from_statement":
            level, module, names = _from(statement)
            if level or not self._is_sdk(module):
                form = _form(around)
                if form == "static" and (self._exports(names) or _is_renamed_as_is(statement)):
                    form = "re-export"
                self._add(statement, form, around, module=module, names=names, level=level)
            return
        for child in statement.named_children:
            name = child.child_by_field_name("name") if child.type == "aliased_import" else child
            module = "".join(text_of(name).split())
            is_hit = self._source.names.search(module.encode("utf-8", "replace"))
            if is_hit and not self._is_sdk(module):
                self._add(child, _form(around), around, module=module)

    def _exports(self, names: tuple[str, ...]) -> bool:
        """Whether ``__all__`` passes on one of some names."""
        return any(name in self._passed_on for name in names)

    def _is_sdk(self, module: str) -> bool:
        """Whether an import is of the SDK, which is no wrap's: only its gates matter."""
        is_sdk = module.partition(".")[0] == SDK_MODULE
        self._uses_sdk |= is_sdk
        return is_sdk

    def _string(self, path: Path, offset: int) -> None:
        named = named_in(path, self._source, offset)
        if named is None:
            return
        use = use_of(path, named.string)
        around = self._guards.around(path)
        around.guard = around.guard or use.guard
        self._add(
            named.string,
            named.form or use.form,
            around,
            module=named.name,
            level=named.level,
            needed=use.needed,
            is_name=use.is_name,
        )

    def _gates(self) -> None:
        for match in islice(_GATE.finditer(self._source.data), HITS_MAX):
            path = path_to(self._tree, *match.span(1))
            call = next((n for n in reversed(path or ()) if n.type == "call"), None)
            if path is None or call is None or path[-1].type != "identifier":
                continue
            if text_of(path[-2].child_by_field_name("object")) == "self":
                # A method of the class itself, not a gate of the SDK.
                continue
            arguments = call.child_by_field_name("arguments")
            first = arguments.named_children[0] if arguments and arguments.named_children else None
            feature = text_of(first).strip("\"'") if first and first.type == "string" else ""
            around = self._guards.around(path)
            names = (feature,) if feature else ()
            self._add(path[-1], "gate", around, module=match[1].decode(), names=names)

    def _add(
        self,
        node: Node,
        form: Form,
        around: Surroundings,
        *,
        module: str,
        names: tuple[str, ...] = (),
        level: int = 0,
        needed: bool = True,
        is_name: bool = True,
    ) -> None:
        place = self._lines.place(node.start_byte)
        self._found.setdefault(
            (node.start_byte, form),
            Reference(
                line=place.line,
                column=place.column,
                form=form,
                module=module,
                names=names,
                level=level,
                guard=around.guard,
                needed=needed,
                is_name=is_name,
                exported=self._exports(names),
                text=place.text,
            ),
        )

    def _confess(self, offset: int, reason: str) -> None:
        if self._trouble is None:
            self._trouble = Trouble(self._lines.place(offset).line, reason)


def _form(around: Surroundings) -> Form:
    if around.is_type_only:
        return "type-only"
    return "local" if around.is_local else "static"


def _from(statement: Node) -> tuple[int, str, tuple[str, ...]]:
    """Return the dots, the module and the imported names of a ``from`` statement."""
    module = statement.child_by_field_name("module_name")
    written = "".join(text_of(module).split())
    dotted = written.lstrip(".")
    names = tuple(_imported(statement, module))
    return len(written) - len(dotted), dotted, names


def _is_renamed_as_is(statement: Node) -> bool:
    """Whether an import gives a name to itself, which passes it on (PEP 484, on stubs)."""
    return any(
        text_of(child.child_by_field_name("name")) == text_of(child.child_by_field_name("alias"))
        for child in statement.named_children
        if child.type == "aliased_import"
    )


def _imported(statement: Node, module: Node | None) -> Iterator[str]:
    for child in statement.named_children:
        if module is not None and child.id == module.id:
            continue
        if child.type == "aliased_import":
            yield text_of(child.child_by_field_name("name"))
        elif child.type == "dotted_name":
            yield text_of(child)
        elif child.type == "wildcard_import":
            yield "*"


def _passed_on(data: bytes) -> frozenset[str]:
    """Return the names in ``__all__``."""
    names: set[str] = set()
    at = data.find(b"__all__")
    for _ in range(_ALL_MAX):
        if at < 0:
            break
        match = _ALL.match(data, at)
        if match is not None:
            names.update(re.findall(r"['\"](\w+)['\"]", match[1].decode("utf-8", "replace")))
        at = data.find(b"__all__", at + 1)
    return frozenset(names)
