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
        """Remove one element of a list, and the comment beside it."""
        element = self._find("element", (*key, index))
        assert element is not None
        return self._replaced((*self._in_sequence(element, "element", (*key, index - 1)), ""))

    def remove(self, key: Key) -> str:
        """Remove a key with its value or tables, and the comments within and beside them."""
        gone: list[tuple[int, int, str]] = []
        covered = 0
        for part in self._parts:
            is_below = part.kind in ("pair", "table") and part.key[: len(key)] == key
            if not is_below or part.start < covered:
                continue
            covered = part.end
            if part.inline:
                before = [one for one in self._parts if one.kind == "pair" and one.inline]
                previous = [one for one in before if one.end < part.start]
                span = self._in_sequence(part, "pair", previous[-1].key if previous else ())
            else:
                span = self._whole_lines(part)
            gone.append((*span, ""))
        return self._replaced(*gone)

    def rename(self, key: Key, name: str) -> str:
        """Give the last name of a key another one, wherever the text names it."""
        names = (part for part in self._parts if part.kind == "name" and part.key == key)
        return self._replaced(*((part.start, part.end, written(name)) for part in names))

    def _add(self, key: Key, value: str) -> str:
        """Add a pair to the table that holds its key."""
        parent, name = key[:-1], written(str(key[-1]))
        around = self._find("value", parent) if parent else None
        if around is not None:
            return self._add_inline(around, parent, f"{name} = {value}")
        table = self._find("table", parent)
        if table is not None:
            return self._add_line(table, f"{name} = {value}")
        dotted = [
            part
            for part in self._parts
            if parent and part.kind == "pair" and part.key[: len(parent)] == parent
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
            if part.kind == "pair" and not part.inline and table.start < part.start < table.end
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
        if sibling.inline:
            return self._replaced((sibling.end, sibling.end, f", {prefix}.{pair}"))
        return self._line_behind(sibling.end, f"{self._indent(sibling)}{prefix}.{pair}")

    def _add_inline(self, table: Part, parent: Key, pair: str) -> str:
        pairs = [
            part
            for part in self._parts
            if part.kind == "pair" and part.inline and table.start < part.start < table.end
        ]
        top = [part for part in pairs if part.key[: len(parent)] == parent]
        if top:
            end = max(part.end for part in top)
            return self._replaced((end, end, f", {pair}"))
        return self._replaced((table.start, table.end, f"{{ {pair} }}"))

    def _add_table(self, key: Key, pair: str) -> str:
        """Add a table behind the last one of its kind, or at the end."""
        header = ".".join(written(str(name)) for name in key)
        kin = [part for part in self._parts if part.kind == "table" and part.key[:1] == key[:1]]
        end = kin[-1].end if kin else len(self._data.rstrip())
        lines = f"[{header}]{self._newline.decode()}{pair}"
        if end == 0:
            return self._replaced((0, 0, lines + self._newline.decode()))
        return self._line_behind(end, self._newline.decode() + lines)

    def _first_element(self, array: Part, value: str) -> str:
        inside = self._data[array.start + 1 : array.end - 1]
        if b"\n" not in inside:
            return self._replaced((array.start, array.end, f"[{value}]"))
        closing = array.end - 1
        line = self._data.rfind(b"\n", 0, closing) + 1
        indent = self._data[line:closing].decode() + "    "
        return self._replaced((line, line, f"{indent}{value},{self._newline.decode()}"))

    def _in_sequence(self, part: Part, kind: PartKind, before: Key) -> tuple[int, int]:
        """Return the bytes of an element or an inline pair, with the comma that goes with it."""
        comma = _TO_COMMA.match(self._data, part.end)
        end = comma.end() if comma else part.end
        rest = _REST_OF_LINE.match(self._data, end)
        if self._begins_line(part) and rest is not None:
            return self._data.rfind(b"\n", 0, part.start) + 1, rest.end()
        if comma:
            while self._data[end : end + 1] in (b" ", b"\t"):
                end += 1
            return part.start, end
        previous = self._find(kind, before)
        if previous is not None:
            between = self._data[previous.end : part.start]
            if re.fullmatch(rb"[ \t]*,[ \t]*", between):
                return previous.end, end
        return part.start, end

    def _whole_lines(self, part: Part) -> tuple[int, int]:
        start = self._data.rfind(b"\n", 0, part.start) + 1
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
        start = self._data.rfind(b"\n", 0, part.start) + 1
        return start > 0 and not self._data[start : part.start].strip()

    def _indent(self, part: Part) -> str:
        start = self._data.rfind(b"\n", 0, part.start) + 1
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
