# SPDX-License-Identifier: Apache-2.0
"""The references of one Go file: imports, directives, cgo, and strings that may name a package."""

import re
from functools import cached_property

from tree_sitter import Node

from coreline.boundary.extension import Source
from coreline.boundary.facts import Definition, FileFacts, Form, Reference
from coreline.boundary.go.constraints import left_out_by
from coreline.boundary.go.symbols import defined_at, imports_of, may_be_local, used_at
from coreline.boundary.go.syntax import STRINGS, callee, paths_in, string_text
from coreline.boundary.hits import Hits
from coreline.boundary.names import SDK_MODULE
from coreline.boundary.syntax import Path, parse, text_of

_EMBED = re.compile(rb"^//go:embed[ \t]+(.*)")
_GENERATE = re.compile(rb"^//go:generate[ \t]+(.*)")
_LINKNAME = re.compile(rb"^//go:linkname[ \t]+\S+[ \t]+(\S+)")
_INCLUDE = re.compile(rb'^\s*(?://\s*)?#\s*include\s*[<"]([^>"\n]+)[>"]')
_CGO = re.compile(rb"^\s*(?://\s*)?#cgo\b(.*)")
_SOURCE_FOLDER = "${SRCDIR}/"

_NAMES = frozenset(["identifier", "type_identifier", "field_identifier"])

# Functions that load what a string names while the program runs.
_LOADING = frozenset(["plugin.Open"])


def extract(source: Source) -> FileFacts:
    """Return the references of a file, and the first place that could not be understood."""
    return _Extractor(source).run()


class _Extractor:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._tree = parse(source.data, "tree_sitter_go", "language")
        self._hits = Hits(source, self._tree)
        self._lines = self._hits.lines
        self._guard = left_out_by(source.data)
        self._found: dict[tuple[int, str], Reference] = {}
        self._definitions: dict[str, Definition] = {}
        self._used: set[str] = set()
        self._local: dict[str, bool] = {}

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
            if kind in STRINGS:
                return self._string(path[: depth + 1], offset)
            if kind == "comment":
                return self._comment(path[depth], offset)
            if kind in _NAMES:
                return self._symbol(path[: depth + 1])
            if kind == "ERROR":
                return self._hits.confess(offset, "a syntax error around a name of a wrap")
        return None

    def _symbol(self, path: Path) -> None:
        """Take the name of a function or type that a file of a wrap gives to the package."""
        name = text_of(path[-1])
        if name not in self._source.names.namespaces:
            return
        defined = defined_at(path)
        if defined is not None:
            line = self._lines.place(path[-1].start_byte).line
            self._definitions.setdefault(defined, Definition("namespace", defined, line))
            return
        used = used_at(path, self._imports, self._may_be_local)
        if used is not None and used not in self._used:
            # One use shows that the file needs it.
            self._used.add(used)
            self._add(path[-1].start_byte, "static", used, is_name=False)

    def _may_be_local(self, name: str) -> bool:
        if name not in self._local:
            self._local[name] = may_be_local(name, self._source.data)
        return self._local[name]

    @cached_property
    def _imports(self) -> dict[str, str]:
        return imports_of(self._tree)

    def _string(self, path: Path, offset: int) -> None:
        string, text = path[-1], string_text(path[-1])
        if len(path) > 1 and path[-2].type == "import_spec":
            if text.partition("/")[0] != SDK_MODULE:
                self._add(path[-2].start_byte, "static", text)
        elif callee(path) in _LOADING:
            self._add(string.start_byte, "dynamic", text)
        elif len(text.split()) == 1:
            if path[-2].type == "binary_expression" and text.startswith("/.."):
                # The rest of a path that begins with a variable.
                text = text[1:]
            self._add(string.start_byte, "string", text.strip(), needed=False)
        elif string.type == "raw_string_literal":
            self._line_of_string(string, offset)

    def _line_of_string(self, string: Node, offset: int) -> None:
        """Take an import in a string that holds code: what a generator writes is built later."""
        begin = self._source.data.rfind(b"\n", string.start_byte, offset) + 1
        end = self._source.data.find(b"\n", offset, string.end_byte)
        stop = end if end >= 0 else string.end_byte - 1
        line = self._source.data[max(begin, string.start_byte + 1) : stop]
        match = _IMPORT_LINE.fullmatch(line)
        if match is not None:
            self._add(offset, "string", match[1].decode("utf-8", "replace"), needed=False)

    def _comment(self, comment: Node, offset: int) -> None:
        begin = max(comment.start_byte, self._source.data.rfind(b"\n", 0, offset) + 1)
        end = self._source.data.find(b"\n", offset, comment.end_byte)
        line = self._source.data[begin : end if end >= 0 else comment.end_byte]
        embed, generate = _EMBED.match(line), _GENERATE.match(line)
        if embed is not None:
            self._words(begin + embed.start(1), embed[1], "path", offset, prefix="all:")
        elif generate is not None:
            # Only a person who generates code runs it; what it wrote is in the repository.
            self._words(begin + generate.start(1), generate[1], "string", offset, needed=False)
        elif (linked := _LINKNAME.match(line)) is not None:
            self._add(begin, "dynamic", linked[1].decode("utf-8", "replace"))
        elif (included := _INCLUDE.match(line)) is not None and self._is_cgo:
            self._add(begin, "path", included[1].decode("utf-8", "replace"))
        elif (flags := _CGO.match(line)) is not None:
            self._words(begin + flags.start(1), flags[1], "path", offset)

    @cached_property
    def _is_cgo(self) -> bool:
        return _IMPORT_C.search(self._source.data) is not None

    def _words(
        self,
        begin: int,
        raw: bytes,
        form: Form,
        offset: int,
        *,
        needed: bool = True,
        prefix: str = "",
    ) -> None:
        """Take the word of a directive that holds the hit."""
        text = raw.decode("utf-8", "replace")
        at = len(self._source.data[begin:offset].decode("utf-8", "replace"))
        for start, word in paths_in(text):
            if start <= at < start + len(word):
                path = word.removeprefix(prefix).removeprefix("-L").removeprefix("-I")
                self._add(offset, form, path.removeprefix(_SOURCE_FOLDER), needed=needed)

    def _add(
        self, offset: int, form: Form, module: str, *, needed: bool = True, is_name: bool = True
    ) -> None:
        place = self._lines.place(offset)
        self._found.setdefault(
            (offset, form),
            Reference(
                line=place.line,
                column=place.column,
                form=form,
                module=module,
                guard=self._guard,
                needed=needed,
                is_name=is_name and form in ("static", "dynamic"),
                text=place.text,
            ),
        )


_IMPORT_LINE = re.compile(rb'\s*(?:import\s+)?(?:[\w.]+\s+)?"([^"\s]+)"\s*')
_IMPORT_C = re.compile(rb'^\s*import\s+"C"|^\s*"C"\s*$', re.MULTILINE)
