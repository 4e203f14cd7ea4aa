# SPDX-License-Identifier: Apache-2.0
"""Mistakes of shape: unknown and missing keys, wrong types, values that are not allowed.

The types of ``model`` say what is right. msgspec stops at the first mistake; this walk finds them
all, and returns the values repaired (what is wrong left out or replaced by a harmless value), so
that the rules can still look at the rest in the same run. What must hold between several values
is left to ``rules``.
"""

import datetime
import re
from typing import Any

from msgspec import inspect

from coreline.manifest.model import Manifest
from coreline.manifest.problems import Key, Mistake
from coreline.manifest.words import dotted, nearest, quoted

# Values read from TOML are of any type; this walk is where they get one.
Value = Any


def walk(data: dict[str, Value]) -> tuple[dict[str, Value], list[Mistake]]:
    """Return the data of a manifest with what is wrong repaired, and every mistake of shape."""
    walker = _Walker()
    repaired = walker.value(inspect.type_info(Manifest), data, ())
    return repaired, walker.mistakes


class _Wrong:
    """Stands for a value that is left out."""


_WRONG = _Wrong()


class _Walker:
    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def value(self, kind: inspect.Type, value: Value, key: Key) -> Value:
        """Return the value, repaired; ``_WRONG`` where nothing of it can be used."""
        kind = plain(kind)
        if isinstance(kind, inspect.StructType):
            return self._table(kind, value, key)
        if isinstance(kind, inspect.DictType):
            return self._tables(kind, value, key)
        if isinstance(kind, inspect.ListType):
            return self._list(kind, value, key)
        if isinstance(kind, inspect.UnionType):
            return self._number(kind, value, key)
        if isinstance(kind, inspect.LiteralType):
            return self._choice(kind, value, key)
        return self._scalar(kind, value, key)

    def _table(self, kind: inspect.StructType, value: Value, key: Key) -> Value:
        if not isinstance(value, dict):
            self._wrong_type(value, key, "a table", _table_hint(key))
            value, taken = {}, {field.encode_name for field in kind.fields}
        else:
            taken = self._unknown(kind, value, key)
        repaired: dict[str, Value] = {}
        for field in kind.fields:
            name = field.encode_name
            here = (*key, name)
            if name in value:
                repaired[name] = self.value(field.type, value[name], here)
            elif field.required and name not in taken:
                self._missing(field, here)
            if repaired.get(name, _WRONG) is _WRONG:
                repaired.pop(name, None)
                if field.required:
                    repaired[name] = _harmless(field.type)
        return repaired

    def _tables(self, kind: inspect.DictType, value: Value, key: Key) -> Value:
        if not isinstance(value, dict):
            self._wrong_type(value, key, "tables", _table_hint((*key, "NAME")))
            return _WRONG
        repaired = {}
        for name, item in value.items():
            item = self.value(kind.value_type, item, (*key, name))
            if self._text(kind.key_type, name, (*key, name), on_key=True) is not _WRONG:
                repaired[name] = item
        return repaired

    def _list(self, kind: inspect.ListType, value: Value, key: Key) -> Value:
        if not isinstance(value, list):
            hint = f"Write a list: [{quoted(value)}]." if isinstance(value, str) else ""
            self._wrong_type(value, key, "a list", hint or 'Write a list: ["…"].')
            return _WRONG
        items = [
            self.value(kind.item_type, item, (*key, index)) for index, item in enumerate(value)
        ]
        # A wrong item keeps its place, since the items after it are known by their number.
        return [_harmless(kind.item_type) if item is _WRONG else item for item in items]

    def _scalar(self, kind: inspect.Type, value: Value, key: Key) -> Value:
        if isinstance(kind, inspect.BoolType):
            if isinstance(value, bool):
                return value
            self._wrong_type(value, key, "true or false", "Write true or false, without quotes.")
            return _WRONG
        if isinstance(kind, inspect.StrType):
            if isinstance(value, str):
                return self._text(kind, value, key)
            if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
                hint = f"Write it without the brackets: {quoted(value[0])}."
            else:
                hint = 'Write a text in quotes: "…".'
            self._wrong_type(value, key, "a text", hint)
            return _WRONG
        return self._number(kind, value, key)

    def _text(self, kind: inspect.Type, value: str, key: Key, *, on_key: bool = False) -> Value:
        kind = plain(kind)
        assert isinstance(kind, inspect.StrType)
        if kind.min_length is not None and len(value) < kind.min_length:
            self._add(
                "empty-text", key, f"{dotted(key)} is empty.", "Write a text, or leave it out."
            )
        elif kind.max_length is not None and len(value) > kind.max_length:
            message = f"{dotted(key)} has {len(value)} characters; {kind.max_length} are allowed."
            self._add("text-too-long", key, message, "Shorten it.", on_key=on_key)
        elif kind.pattern is not None and not re.search(kind.pattern, value):
            self._add("malformed", key, *_malformed(kind.pattern, value, key), on_key=on_key)
        else:
            return value
        return _WRONG

    def _choice(self, kind: inspect.LiteralType, value: Value, key: Key) -> Value:
        choices = [str(choice) for choice in kind.values]
        if isinstance(value, str) and value in choices:
            return value
        listed = ", ".join(quoted(choice) for choice in choices)
        near = nearest(value, choices) if isinstance(value, str) else None
        hint = f"Write {quoted(near)}." if near else f"Write one of {listed}."
        message = f"{dotted(key)} is {_shown(value)}, which is not one of {listed}."
        self._add("not-a-choice", key, message, hint)
        return _WRONG

    def _number(self, kind: inspect.Type, value: Value, key: Key) -> Value:
        kinds = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
        whole = not any(isinstance(one, inspect.FloatType) for one in kinds)
        noun = "a whole number" if whole else "a number"
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            self._wrong_type(value, key, noun, f"Write {noun}, without quotes.")
            return _WRONG
        for one in kinds:
            if isinstance(one, inspect.IntType | inspect.FloatType):
                low, high = one.ge or 0, one.le or 0
                if low <= value <= high:
                    return value
        message = f"{dotted(key)} is {_shown(value)}, outside {low:.0f} to {high:.0f}."
        self._add("out-of-range", key, message, f"Write {noun} from {low:.0f} to {high:.0f}.")
        return _WRONG

    def _unknown(self, kind: inspect.StructType, value: dict[str, Value], key: Key) -> set[str]:
        """Report unknown keys; return the known ones that they were probably meant to be."""
        known = [field.encode_name for field in kind.fields]
        where = f"[{dotted(key)}]" if key else "The manifest"
        meant: set[str] = set()
        for name in value:
            if name in known:
                continue
            here = (*key, name)
            near = nearest(name, known)
            hint = f"Did you mean {near}?" if near else f"{where} knows {', '.join(known)}."
            needs = _meant(near, value, here) if near else ()
            meant.update([near] if near and near not in value else [])
            if isinstance(value[name], dict) and not key:
                message = f"Unknown table {dotted(here)}."
                self.mistakes.append(Mistake("unknown-table", here, message, hint, True, needs))
            else:
                message = f"Unknown key {dotted(here)}."
                self.mistakes.append(Mistake("unknown-key", here, message, hint, True, needs))
        return meant

    def _missing(self, field: inspect.Field, key: Key) -> None:
        kind = plain(field.type)
        if isinstance(kind, inspect.StructType):
            message = f"The table [{dotted(key)}] is missing."
            self.mistakes.append(Mistake("missing-table", key, message, _table_hint(key), True))
            return
        where = dotted(key[:-1])
        message = f"[{where}] has no {key[-1]}."
        hint = f"Add {key[-1]} = {_example(kind)} to [{where}]."
        self.mistakes.append(Mistake("missing-key", key, message, hint, True))

    def _wrong_type(self, value: Value, key: Key, wanted: str, hint: str) -> None:
        message = f"{dotted(key)} is {_kind(value)}, not {wanted}."
        self._add("wrong-type", key, message, hint)

    def _add(self, code: str, key: Key, message: str, hint: str, *, on_key: bool = False) -> None:
        self.mistakes.append(Mistake(code, key, message, hint, on_key))


def _meant(near: str, table: dict[str, Value], key: Key) -> tuple[Key, ...]:
    """Return the keys that a misspelled key was meant to set, so nothing is concluded of them."""
    right = (*key[:-1], near)
    if near not in table:
        return (right,)
    inner = table[str(key[-1])]
    return tuple((*right, name) for name in inner) if isinstance(inner, dict) else ()


def plain(kind: inspect.Type) -> inspect.Type:
    """Return a type without its descriptions, and without None, which TOML cannot say."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        types = [plain(one) for one in kind.types]
        types = [one for one in types if not isinstance(one, inspect.NoneType)]
        if len(types) == 1:
            return types[0]
        return inspect.UnionType(tuple(types))
    return kind


def _harmless(kind: inspect.Type) -> Value:
    """Return a right value that stands in for a wrong one; no rule finds fault with it."""
    kind = plain(kind)
    if isinstance(kind, inspect.StructType):
        required = (field for field in kind.fields if field.required)
        return {field.encode_name: _harmless(field.type) for field in required}
    if isinstance(kind, inspect.ListType):
        return []
    if isinstance(kind, inspect.LiteralType):
        return kind.values[0]
    if isinstance(kind, inspect.StrType):
        return (
            "USD" if kind.pattern and kind.min_length is None and kind.max_length is None else "x"
        )
    return 0


def _example(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.ListType):
        return '["…"]'
    if isinstance(kind, inspect.LiteralType):
        return " or ".join(quoted(str(choice)) for choice in kind.values)
    return '"…"' if isinstance(kind, inspect.StrType) else "0"


def _table_hint(key: Key) -> str:
    return f"Write a table that begins with [{dotted(key)}]."


def _malformed(pattern: str, value: str, key: Key) -> tuple[str, str]:
    if pattern.startswith("^[A-Z]{3}"):
        code = value.strip().upper()
        right = quoted(code) if re.fullmatch("[A-Z]{3}", code) else '"USD"'
        return (
            f"{dotted(key)} is {_shown(value)}, not a currency code.",
            f"Write {right} (ISO 4217).",
        )
    slug = re.sub(r"[^a-z0-9_-]+", "-", value.lower()).strip("-_")
    hint = f"Write {slug}." if slug else "Use a-z, 0-9, hyphens and underscores."
    message = f"The name {_shown(value)} may only have a-z, 0-9, hyphens and underscores."
    return message, hint


_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "true or false"),
    (str, "a text"),
    (int, "a whole number"),
    (float, "a number with a fraction"),
    (list, "a list"),
    (dict, "a table"),
    (datetime.date, "a date"),
    (datetime.time, "a time"),
)


def _kind(value: Value) -> str:
    return next((noun for kind, noun in _KINDS if isinstance(value, kind)), "something else")


def _shown(value: Value) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}" if abs(value) > 1e15 else str(value)
    return _kind(value)
