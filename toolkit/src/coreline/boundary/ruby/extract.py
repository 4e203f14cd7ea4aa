# SPDX-License-Identifier: Apache-2.0
"""The references of one Ruby file: what it loads, the constants it uses, and what strings name."""

import re

from msgspec.structs import replace
from tree_sitter import Node

from coreline.boundary.extension import Source
from coreline.boundary.facts import Definition, FileFacts, Form, Reference
from coreline.boundary.hits import Hits
from coreline.boundary.ruby.guards import Guards
from coreline.boundary.ruby.strings import LITERALS, MIRRORING, use_of
from coreline.boundary.ruby.syntax import (
    FUNCTION,
    MODULES,
    PACKAGE,
    constant_text,
    full_name,
    literal_text,
    method_of,
    nesting,
    receiver_of,
)
from coreline.boundary.syntax import Path, is_field, parse, text_of

_INSIDE_MAX = 2000
"""Constants looked at in a module of the wrap that a file of the core opens again."""

_CONSTANT = re.compile(r"(::)?[A-Z]\w*(::[A-Z]\w*)*")
_PATH = re.compile(r"[^\s'\"]*/[^\s'\"]*")
_ASSIGNED = frozenset(["assignment", "operator_assignment"])


def extract(source: Source) -> FileFacts:
    """Return the references of a file, and the first place that could not be understood."""
    return _Extractor(source, source.data).run()


def extract_code(source: Source, code: bytes) -> FileFacts:
    """Return the references of a template.

    Args:
        source: the template.
        code: its Ruby code alone, at the same offsets.
    """
    found = _Extractor(source, code).run()
    # Blocks may be parted otherwise than Ruby parts them: syntax errors are no surprise. And
    # nothing of a template runs before it is rendered.
    return replace(
        found,
        trouble=None,
        references=tuple(
            replace(one, form="local") if one.form == "static" else one for one in found.references
        ),
    )


class _Extractor:
    def __init__(self, source: Source, code: bytes) -> None:
        self._source = source
        self._tree = parse(code, PACKAGE, FUNCTION)
        self._hits = Hits(source, self._tree)
        self._lines = self._hits.lines
        self._guards = Guards(self._is_hit)
        self._found: dict[int, Reference] = {}
        self._definitions: dict[str, Definition] = {}
        self._opened: set[int] = set()

    def _is_hit(self, text: str) -> bool:
        return bool(self._source.names.search(text.encode("utf-8", "replace")))

    def run(self) -> FileFacts:
        self._hits.each(self._hit)
        return FileFacts(
            references=tuple(self._found.values()),
            trouble=self._hits.trouble,
            definitions=tuple(self._definitions.values()),
        )

    def _hit(self, path: Path, offset: int) -> None:
        for depth in range(len(path) - 1, -1, -1):
            kind = path[depth].type
            if kind in LITERALS:
                return self._string(path[: depth + 1])
            if kind == "constant":
                return self._constant(path[: depth + 1])
            if kind in ("comment", "heredoc_content", "regex"):
                return None
            if kind == "identifier" and text_of(path[depth]) in MIRRORING:
                return self._mirror(path[: depth + 1])
            if kind == "ERROR":
                return self._hits.confess(offset, "a syntax error around a name of a wrap")
        return None

    def _constant(self, path: Path) -> None:
        """Take the whole chain that a constant is part of."""
        depth = len(path) - 1
        while depth and path[depth - 1].type == "scope_resolution":
            depth -= 1
        chain, above = path[: depth + 1], path[depth - 1] if depth else None
        name = constant_text(chain[-1])
        if name is None or chain[-1].start_byte in self._found:
            return
        if above is not None and above.type in MODULES and is_field(above, "name", chain[-1]):
            self._open(chain[:-1], name)
        elif above is not None and above.type in _ASSIGNED and is_field(above, "left", chain[-1]):
            self._define(chain, name)
        else:
            self._use(chain, name)

    def _define(self, path: Path, name: str) -> None:
        full = full_name(nesting(path), name)
        line = self._lines.place(path[-1].start_byte).line
        self._definitions.setdefault(full, Definition("namespace", full, line))

    def _open(self, path: Path, name: str) -> None:
        """Take a ``module`` or ``class`` statement: it defines, and its body sees inside."""
        statement = path[-1]
        if statement.id in self._opened:
            return
        self._opened.add(statement.id)
        self._define(path, name)
        waiting = [(path, child) for child in statement.named_children[1:]]
        for _ in range(_INSIDE_MAX):
            if not waiting:
                break
            above, node = waiting.pop()
            here = (*above, node)
            if node.type in ("constant", "scope_resolution"):
                if not _names_statement(here) and node.start_byte not in self._found:
                    self._use(here, constant_text(node))
            elif len(here) < 200:
                waiting += [(here, child) for child in reversed(node.named_children)]

    def _use(self, path: Path, name: str | None) -> None:
        if name is None:
            return
        around = self._guards.around(path, "name")
        is_probe = any(
            node.type == "unary" and text_of(node).startswith("defined?") for node in path[-4:-1]
        )
        guard = "probe" if is_probe else around.guard
        form: Form = "local" if around.is_local else "static"
        module = written(name, nesting(path))
        self._add(path[-1], form, module, guard=guard, needed=not is_probe)

    def _string(self, path: Path) -> None:
        literal = path[-1]
        if literal.start_byte in self._found:
            return
        use = use_of(path)
        text = use.module.strip()
        is_constant = _CONSTANT.fullmatch(text) is not None
        if not use.is_name and not (_PATH.fullmatch(text) or (is_constant and "::" in text)):
            return
        around = self._guards.around(path, "load" if use.is_load else "name")
        form: Form = "local" if use.form == "static" and around.is_local else use.form
        self._add(
            literal,
            form,
            text,
            guard=around.guard or use.guard,
            needed=use.needed,
            is_name=use.is_name,
            level=use.level,
        )

    def _mirror(self, path: Path) -> None:
        """Take a call that finds the wrap's mirror of a class, named or the class itself."""
        call = next((node for node in reversed(path) if node.type == "call"), None)
        if call is None or call.start_byte in self._found:
            return
        arguments = call.child_by_field_name("arguments")
        first = arguments.named_children[0] if arguments and arguments.named_children else None
        if first is not None and first.type in ("string", "simple_symbol"):
            module = literal_text(first)
        elif first is not None:
            module = constant_text(first) or ""
        else:
            module = constant_text(receiver_of(call)) or full_name(nesting(path), "")[:-2]
        if module:
            around = self._guards.around(path, "name")
            # What is looked up is a whole name, in no module around the place.
            module = f"::{module.removeprefix('::')}"
            names = (method_of(call),)
            self._add(call, "lookup", module, guard=around.guard, needed=False, names=names)

    def _add(
        self,
        node: Node,
        form: Form,
        module: str,
        *,
        guard: str | None,
        needed: bool,
        is_name: bool = True,
        level: int = 0,
        names: tuple[str, ...] = (),
    ) -> None:
        place = self._lines.place(node.start_byte)
        self._found[node.start_byte] = Reference(
            line=place.line,
            column=place.column,
            form=form,
            module=module,
            names=names,
            level=level,
            guard=guard,
            needed=needed,
            is_name=is_name,
            text=place.text,
        )


def _names_statement(path: Path) -> bool:
    """Whether a node is the name of a ``module`` or ``class`` statement, which uses nothing."""
    return path[-2].type in MODULES and is_field(path[-2], "name", path[-1])


def written(name: str, scopes: tuple[str, ...]) -> str:
    """Return a constant with the modules it is written in: ``EE::License in Keygen/Account``."""
    return f"{name} in {'/'.join(scopes)}" if scopes and not name.startswith("::") else name


def read(module: str) -> tuple[str, tuple[str, ...]]:
    """Return the constant and the modules, outermost first, that ``written`` wrote down."""
    name, _, scopes = module.partition(" in ")
    return name, tuple(scopes.split("/")) if scopes else ()
