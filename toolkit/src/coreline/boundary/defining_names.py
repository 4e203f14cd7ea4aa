# SPDX-License-Identifier: Apache-2.0
"""Names that a file of a wrap gives to settings, variables, tables, messages and flags.

The same for every language: call ``definitions`` from a language's ``define``. Regular expressions
and no parser, since all files of the wraps are asked. It yields candidates; ``naming`` decides
which of them are surely a wrap's alone.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from coreline.boundary.facts import Definition, DefinitionKind
from coreline.boundary.reads import ENVIRONMENT

LENGTH_MAX = 2 * 1024 * 1024
"""Larger files are data."""
DEFINITIONS_MAX = 2000
"""A file that defines more is no person's; for each the lines before it are counted."""

_NAME = rb"([A-Za-z_][\w.:/-]{2,100})"
_UPPER = rb"([A-Z][A-Z0-9_]{4,100})"
_Q = rb"[\"'`]"

# An assignment to an object of settings, as in a hook that is handed them.
_ASSIGNED = re.compile(rb"(?m)^[ \t]*settings\." + _UPPER + rb"[ \t]*(?::[^=\n]{0,80})?=(?!=)")
_SET = re.compile(rb"\bsetattr\(\s*settings\s*,\s*" + _Q + _UPPER + _Q)
# A constant at the left edge of a module of settings.
_CONSTANT = re.compile(rb"(?m)^" + _UPPER + rb"[ \t]*(?::[^=\n]{0,80})?=(?!=)")
_OF_SETTINGS = re.compile(
    rb"\bINSTALLED_APPS\b|\bMIDDLEWARE\b|^from [\w.]*settings[\w.]* import|\benviron\b|\bgetenv\b"
    rb"|^env = |\bdecouple\b",
    re.MULTILINE,
)
_SAYS_SETTINGS = (
    *(b"INSTALLED_APPS", b"MIDDLEWARE", b"environ", b"getenv", b"env = ", b"decouple"),
    b"\nfrom ",
)
_VARIABLE = re.compile(ENVIRONMENT + _UPPER)
_NEAR = re.compile(rb"[eE]nv|ENV|SERVER")
_BEFORE, _AFTER = 16, 180
_TABLES = (
    re.compile(
        rb"\b(?:db_table|__tablename__|self\.table_name|tableName)\s*[=:]\s*" + _Q + _NAME + _Q
    ),
    re.compile(rb"(?<![\w.])(?:op\.)?create_table[\s(]\s*[:\"']" + _NAME),
    re.compile(
        rb"(?i)\bcreate\s+(?:unlogged\s+|foreign\s+)?table\s+(?:if\s+not\s+exists\s+)?"
        rb"[\"`\[]?(?:\w+[\"`\]]?\.[\"`\[]?)?([a-z_]\w{2,100})"
    ),
    re.compile(rb"@(?:Table|Entity)\(\s*(?:name\s*=\s*)?[\"']" + _NAME + rb"[\"']"),
    re.compile(rb"\b(?:pg|mysql|sqlite)Table\(\s*" + _Q + _NAME + _Q),
    re.compile(rb"func \([^)]*\) TableName\(\) string \{\s*return \"" + _NAME + rb"\""),
)
# Django names a table after the application, which the path of the file shows.
_MODEL = re.compile(rb"\bmigrations\.CreateModel\(\s*name=[\"'](\w+)[\"']")
_TASK = re.compile(rb"@(?:\w+\.)?(?:shared_task|task)\([^)]{0,300}?\bname\s*=\s*" + _Q + _NAME + _Q)
_TOPIC = re.compile(
    rb"\b(?:\w*_)?(?:topic|queue|exchange|routing_key|TOPIC|QUEUE|EXCHANGE|topicName|queueName)"
    rb"(?:_name|_NAME)?\s*(?::=|=|:)\s*" + _Q + _NAME + _Q
)
_OPERATION = re.compile(
    rb"class \w+\([^)]{0,200}?(?:OperationType|PermissionType)\b[^)]{0,200}\):\s+"
    rb"(?:\"\"\"[^\"]{0,2000}\"\"\"\s+)?type\s*=\s*" + _Q + _NAME + _Q
)
_FLAG = re.compile(
    rb"\b(?:FF|FEATURE|FEATURE_FLAG|FLAG)_[A-Z0-9_]+\s*(?::[^=\n]{0,80})?=\s*" + _Q + _NAME + _Q
)

_TOPICS = (b"opic", b"ueue", b"xchange", b"routing_key", b"TOPIC", b"QUEUE", b"EXCHANGE")
_PATTERNS: tuple[tuple[DefinitionKind, tuple[bytes, ...], re.Pattern[bytes]], ...] = (
    ("setting", (b"settings.",), _ASSIGNED),
    ("setting", (b"setattr",), _SET),
    ("table", (b"db_table", b"__tablename__", b"table_name", b"tableName"), _TABLES[0]),
    ("table", (b"create_table",), _TABLES[1]),
    ("table", (b"able", b"ABLE", b"Able"), _TABLES[2]),
    ("table", (b"@Table", b"@Entity"), _TABLES[3]),
    ("table", (b"Table(",), _TABLES[4]),
    ("table", (b"TableName",), _TABLES[5]),
    ("message", (b"task",), _TASK),
    ("message", _TOPICS, _TOPIC),
    ("message", (b"Type",), _OPERATION),
    ("flag", (b"FF_", b"FEATURE", b"FLAG_"), _FLAG),
)
"""Each expression with words of which a file has one where it matches: most files have none."""


def definitions(data: bytes) -> Iterator[Definition]:
    """Yield the names that a file of a wrap defines.

    A table whose name begins with a dot is a model of Django: before it belongs what the
    application is called, which is not said in the file.

    Args:
        data: the file, in any language.
    """
    if len(data) <= LENGTH_MAX:
        yield from islice(_found(data), DEFINITIONS_MAX)


def _found(data: bytes) -> Iterator[Definition]:
    line_of = _counter(data)
    seen: set[tuple[str, bytes]] = set()
    for start, name in _variables(data).items():
        if ("environment", name) not in seen:
            seen.add(("environment", name))
            yield Definition("environment", name.decode(), line_of(start))
    for kind, literals, regex in _PATTERNS:
        if not any(literal in data for literal in literals):
            continue
        for match in regex.finditer(data):
            if (kind, match[1]) not in seen:
                seen.add((kind, match[1]))
                yield Definition(kind, match[1].decode(), line_of(match.start(1)))
    is_told = data.startswith(b"from ") or any(word in data for word in _SAYS_SETTINGS)
    if is_told and _OF_SETTINGS.search(data):
        for match in _CONSTANT.finditer(data):
            yield Definition("setting", match[1].decode(), line_of(match.start(1)))
    if b"CreateModel" in data:
        for match in _MODEL.finditer(data):
            yield Definition("table", f".{match[1].decode().lower()}", line_of(match.start(1)))


def _variables(data: bytes) -> dict[int, bytes]:
    """Return the environment variables that are read, by the offsets of their names.

    The expression begins in so many ways that it is tried around the words alone that all its
    ways have.
    """
    parts: list[tuple[int, int]] = []
    for near in _NEAR.finditer(data):
        start, end = max(0, near.start() - _BEFORE), near.end() + _AFTER
        if parts and start <= parts[-1][1]:
            # Parts that meet are one, so that no byte is looked at twice.
            start, _ = parts.pop()
        parts.append((start, end))
    return {
        match.start(1): match[1]
        for start, end in parts
        for match in _VARIABLE.finditer(data, start, end)
    }


def _counter(data: bytes) -> Callable[[int], int]:
    """Return what counts lines; few are asked for, so nothing is counted in advance."""
    return lambda offset: data.count(b"\n", 0, offset) + 1
