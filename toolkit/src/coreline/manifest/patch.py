# SPDX-License-Identifier: Apache-2.0
"""Small changes to a TOML text that leave every other byte as it is.

A document model that is written out again moves comments and loses spacing where tables are out
of order; inserting and removing bytes at known places cannot. ``edit`` says what to change and
reads back that it came out as intended.
"""

import json
import re
from collections.abc import Mapping

from coreline.manifest.problems import Key
from coreline.manifest.syntax import Part, PartKind, find_parts

Value = str | bool | int | float | list[str] | Mapping[str, "str | bool | int | float"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
# What may stand between an element and its comma.
_TO_COMMA = re.compile(rb"(?:\s|#[^\n]*\n)*,")
_REST_OF_LINE = re.compile(rb"[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)")


class Patch:
    """A TOML text, taken apart, and the changes to it.

    Each method returns the changed text; the object itself stays as it is.
    """

    def __init__(self, text: str) -> None:
        self._data = text.encode()
        self._parts = find_parts(self._data)
        self._newline = b"\r\n" if b"\r\n" in self._data else b"\n"

    def set_value(self, key: Key, value: Value) -> str:
        """Set a key or an element, adding the key and its table where there is none."""
        part = self._find("value", key) or self._find("element", key)
        if part is not None:
            return self._replaced((part.start, part.end, literal(value)))
        return self._add(key, literal(value))

    def append(self, key: Key, index: int, value: str) -> str:
        """Add an element behind the others of a list that has ``index`` elements."""
        array = self._find("value", key)
        if array is None:
            return self._add(key, literal([value]))
        last = self._find("element", (*key, index - 1))
        if last is None:
            return self._first_element(array, literal(value))
        comma = _TO_COMMA.match(self._data, last.end)
        behind = comma.end() if comma else last.end
        if not self._begins_line(last):
            return self._replaced((last.end, last.end, f", {literal(value)}"))
        line = f"{self._newline.decode()}{self._indent(last)}{literal(value)}"
        rest = _REST_OF_LINE.match(self._data, behind)
        if rest is None:
            return self._replaced((behind, behind, line if comma else f",{line}"))
        # The comment of the last element stays beside it.
        end = len(self._data[behind : rest.end()].rstrip(b"\r\n")) + behind
        if comma:
            return self._replaced((end, end, f"{line},"))
        return self._replaced((last.end, last.end, ","), (end, end, line))

    def remove_element(self, key: Key, index: int) -> str:
        """Remove one element of a list, with its comma and the comment beside it."""
        element = self._find("element", (*key, index))
        assert element is not None
        comma = _TO_COMMA.match(self._data, element.end)
        end = comma.end() if comma else element.end
        rest = _REST_OF_LINE.match(self._data, end)
        if self._begins_line(element) and rest is not None:
            return self._replaced((self._line_start(element.start), rest.end(), ""))
        if comma:
            while self._data[end : end + 1] in (b" ", b"\t"):
                end += 1
            return self._replaced((element.start, end, ""))
        previous = self._find("element", (*key, index - 1))
        start = previous.end if previous else element.start
        # A comma with a comment stays: a list may end in a comma.
        if previous and not re.fullmatch(rb"[ \t]*,[ \t]*", self._data[start : element.start]):
            start = element.start
        return self._replaced((start, end, ""))

    def remove(self, key: Key) -> str:
        """Remove a key with its value or tables, and the comments within and beside them."""
        gone: list[Part] = []
        for part in self._parts:
            is_below = part.kind in ("pair", "table") and part.key[: len(key)] == key
            if is_below and not (gone and part.start < gone[-1].end):
                gone.append(part)
        spans = [self._whole_lines(part) for part in gone if part.inside is None]
        for inside in {part.inside for part in gone if part.inside is not None}:
            spans += self._inline_spans(inside, gone)
        return self._replaced(*((start, end, "") for start, end in spans))

    def _inline_spans(self, inside: int, gone: list[Part]) -> list[tuple[int, int]]:
        """Return the bytes of the pairs that go from an inline table, each with one comma."""
        pairs = [part for part in self._parts if part.kind == "pair" and part.inside == inside]
        spans: list[tuple[int, int]] = []
        is_first = True
        for index, pair in enumerate(pairs):
            if pair not in gone:
                is_first = False
            elif not is_first:
                spans.append((pairs[index - 1].end, pair.end))
            else:
                following = pairs[index + 1].start if index + 1 < len(pairs) else pair.end
                spans.append((pair.start, following))
        return spans

    def rename(self, key: Key, name: str) -> str:
        """Give the last name of a key another one, wherever the text names it."""
        names = (part for part in self._parts if part.kind == "name" and part.key == key)
        return self._replaced(*((part.start, part.end, written(name)) for part in names))

    def _add(self, key: Key, value: str) -> str:
        """Add a pair to the table that holds its key."""
        parent, name = key[:-1], written(str(key[-1]))
        around = self._find("value", parent) if parent else None
        if around is not None:
            return self._add_inline(around, f"{name} = {value}")
        table = self._find("table", parent)
        if table is not None:
            return self._add_line(table, f"{name} = {value}")
        dotted = [
            part
            for name_part in self._parts
            if parent and name_part.kind == "name" and name_part.key == parent
            for part in self._parts
            if part.kind == "pair" and part.start <= name_part.start < part.end
        ]
        if dotted:
            return self._add_dotted(dotted[-1], parent, f"{name} = {value}")
        if len(parent) > 1 and self._find("value", parent[:-1]) is not None:
            return self._add(parent, f"{{ {name} = {value} }}")
        return self._add_table(parent, f"{name} = {value}")

    def _add_line(self, table: Part, pair: str) -> str:
        pairs = [
            part
            for part in self._parts
            if part.kind == "pair" and part.inside is None and table.start < part.start < table.end
        ]
        indent = self._indent(pairs[-1]) if pairs else ""
        return self._line_behind(table.end, f"{indent}{pair}")

    def _add_dotted(self, sibling: Part, parent: Key, pair: str) -> str:
        """Add ``a.new = …`` beside ``a.old = …``, spelled from the same table."""
        names = [
            part
            for part in self._parts
            if part.kind == "name"
            and sibling.start <= part.start < sibling.end
            and len(part.key) <= len(parent)
        ]
        first, last = names[0], names[-1]
        prefix = self._data[first.start : last.end].decode()
        if sibling.inside is not None:
            return self._replaced((sibling.end, sibling.end, f", {prefix}.{pair}"))
        return self._line_behind(sibling.end, f"{self._indent(sibling)}{prefix}.{pair}")

    def _add_inline(self, table: Part, pair: str) -> str:
        pairs = [part for part in self._parts if part.inside == table.start]
        if pairs:
            return self._replaced((pairs[-1].end, pairs[-1].end, f", {pair}"))
        return self._replaced((table.start, table.end, f"{{ {pair} }}"))

    def _add_table(self, key: Key, pair: str) -> str:
        """Add a table behind the last one of its kind, or at the end."""
        header = ".".join(written(str(name)) for name in key)
        kin = [part for part in self._parts if part.kind == "table" and part.key[:1] == key[:1]]
        end = kin[-1].end if kin else len(self._data.rstrip())
        lines = f"[{header}]{self._newline.decode()}{pair}"
        return self._line_behind(end, self._newline.decode() + lines)

    def _first_element(self, array: Part, value: str) -> str:
        inside = self._data[array.start + 1 : array.end - 1]
        if b"\n" not in inside:
            return self._replaced((array.start, array.end, f"[{value}]"))
        closing = array.end - 1
        line = self._line_start(closing)
        indent = self._data[line:closing].decode() + "    "
        return self._replaced((line, line, f"{indent}{value},{self._newline.decode()}"))

    def _whole_lines(self, part: Part) -> tuple[int, int]:
        start = self._line_start(part.start)
        rest = _REST_OF_LINE.match(self._data, part.end)
        end = rest.end() if rest else part.end
        blank_before = start == 0 or self._data[:start].endswith((b"\n\n", b"\n\r\n"))
        following = re.compile(rb"[ \t]*\r?\n").match(self._data, end)
        # Of the blank lines on both sides of a table, one is enough.
        if part.kind == "table" and blank_before and following:
            end = following.end()
        return start, end

    def _line_behind(self, offset: int, line: str) -> str:
        """Add a line behind the one that an offset is on."""
        rest = _REST_OF_LINE.match(self._data, offset)
        end = rest.end() if rest else offset
        newline = self._newline.decode()
        if self._data[:end].endswith(b"\n"):
            return self._replaced((end, end, line + newline))
        return self._replaced((end, end, newline + line + newline))

    def _begins_line(self, part: Part) -> bool:
        start = self._line_start(part.start)
        return start > 0 and not self._data[start : part.start].strip()

    def _line_start(self, offset: int) -> int:
        return self._data.rfind(b"\n", 0, offset) + 1

    def _indent(self, part: Part) -> str:
        start = self._line_start(part.start)
        before = self._data[start : part.start].decode()
        return before[: len(before) - len(before.lstrip())]

    def _find(self, kind: PartKind, key: Key) -> Part | None:
        found = (part for part in self._parts if part.kind == kind and part.key == key)
        return next(found, None)

    def _replaced(self, *changes: tuple[int, int, str]) -> str:
        data = self._data
        # From the end, so that offsets hold; at one offset, what is named first comes first.
        for start, end, text in sorted(changes, key=lambda change: change[0])[::-1]:
            data = data[:start] + text.encode() + data[end:]
        return data.decode()


def literal(value: Value) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, str):
        # JSON's escapes are TOML's; TOML also wants DEL escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(literal(one) for one in value) + "]"
    if isinstance(value, Mapping):
        pairs = (f"{written(name)} = {literal(one)}" for name, one in value.items())
        return "{ " + ", ".join(pairs) + " }"
    return repr(value)


def written(name: str) -> str:
    """Return a single name as TOML writes it, bare where it may be."""
    return name if _BARE.fullmatch(name) else literal(name)
