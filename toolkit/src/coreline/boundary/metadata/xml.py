# SPDX-License-Identifier: Apache-2.0
"""XML as a tree, from files that nobody trusts: no document types, so no entities, and bounds.

A document type is refused rather than ignored: it is where entities come from that stand for
gigabytes, or for files of whoever reads them (CWE-776, CWE-611).
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from pyexpat import ExpatError, ParserCreate

from msgspec import Struct, field

from coreline.boundary.extension import Source

SIZE_MAX = 8 * 1024 * 1024
NODES_MAX = 200_000
DEPTH_MAX = 200


class XmlError(Exception):
    """A document that is not read; the text says why."""


class Node(Struct):
    """An element: its name without a prefix, and where it stands in the bytes."""

    name: str
    offset: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node]" = field(default_factory=list)
    text: str = ""
    text_offset: int = 0

    def all(self, *names: str) -> Iterator["Node"]:
        """Yield the elements at the end of a path of names."""
        found = [self]
        for name in names:
            found = [child for one in found for child in one.children if child.name == name]
        yield from found

    def value(self, *names: str) -> str:
        """Return the text of the first element at the end of a path, empty where there is none."""
        return next((one.text.strip() for one in self.all(*names)), "")

    def walk(self) -> Iterator["Node"]:
        """Yield this element and every one below it, in the order of the document."""
        waiting = [self]
        while waiting:
            one = waiting.pop()
            yield one
            waiting += reversed(one.children)


class _Builder:
    def __init__(self) -> None:
        self.root: Node | None = None
        self._stack: list[Node] = []
        self._count = 0
        self.parser = ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > NODES_MAX or len(self._stack) > DEPTH_MAX:
            raise XmlError("more XML elements, or deeper ones, than people write")
        node = Node(_local(name), self.parser.CurrentByteIndex, attributes)
        if self._stack:
            self._stack[-1].children.append(node)
        else:
            self.root = node
        self._stack.append(node)

    def _end(self, _name: str) -> None:
        self._stack.pop()

    def _text(self, text: str) -> None:
        node = self._stack[-1]
        if not node.text.strip():
            space = len(text) - len(text.lstrip())
            node.text_offset = self.parser.CurrentByteIndex + len(text[:space].encode())
        node.text += text

    def _refuse(self, *_: object) -> None:
        raise XmlError("an XML document type, which may hold entities, is not read")


def read(data: bytes) -> Node:
    """Return the root element of a document.

    Raises:
        XmlError: it is no XML, has a document type, or is larger than people write.
    """
    if len(data) > SIZE_MAX:
        raise XmlError(f"XML of more than {SIZE_MAX:,} bytes")
    builder = _Builder()
    try:
        builder.parser.Parse(data, True)
    except (ExpatError, UnicodeError, ValueError, LookupError) as error:
        raise XmlError("no valid XML") from error
    if builder.root is None:
        raise XmlError("no valid XML")
    return builder.root


def uncommented(source: Source) -> Source:
    """Return a file as it is, less the hits in its comments."""
    spans = [match.span() for match in _COMMENT.finditer(source.data)]
    starts = [start for start, _ in spans]
    kept = []
    for start, end in source.hits:
        at = bisect_right(starts, start) - 1
        if at < 0 or spans[at][1] <= start:
            kept.append((start, end))
    return Source(source.data, source.names, kept)


_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)


def _local(name: str) -> str:
    return name.rpartition(":")[2]
