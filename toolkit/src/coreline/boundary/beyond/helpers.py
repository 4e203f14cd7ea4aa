# SPDX-License-Identifier: Apache-2.0
"""Look-up helpers: functions that are handed a core module's name and import a wrap's mirror of it.

Found by what their bodies do: a module path is prefixed or swapped with a wrap's name, and
something is imported. The same for every language with a grammar.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from coreline.boundary.flag_names import asks, is_constant
from coreline.boundary.syntax import Path, text_of

_FUNCTION = re.compile(
    r"^(function_definition|function_declaration|function_item|method|singleton_method"
    r"|method_declaration|method_definition|function_expression|arrow_function|variable_declarator"
    r"|lexical_declaration|generator_function_declaration)$"
)
_SPAN_MAX = 10_000
_NODES_MAX = 3000

_IMPORTING = re.compile(
    r"\b(?:import_module|__import__|resolve_name|locate|require|const_get|safe_constantize"
    r"|constantize|loadClass|class_exists|loadModule|importlib)\b|\bimport\s*\(|Class\.forName"
)
_MODULE = r"[\w./:@\\-]"
# A prefix before what is handed over: f"ee.{module}", "../ee/" + name, `ee/${name}`, "EE::#{name}".
_PREFIXED = (
    re.compile(rf"""\bf["'](?P<into>{_MODULE}+)\{{(?P<param>\w+)[^}}]*\}}["']"""),
    re.compile(rf"""["'`](?P<into>{_MODULE}+)["'`]\s*(?:\+|\.|<<)\s*(?P<param>\w+)"""),
    re.compile(rf"""`(?P<into>{_MODULE}+)\$\{{\s*(?P<param>\w+)[^}}]*\}}`"""),
    re.compile(rf"""["'](?P<into>{_MODULE}+)\#\{{\s*(?P<param>\w+)[^}}]*\}}["']"""),
    re.compile(
        rf"""["'](?P<into>{_MODULE}+)(?:\{{\}}["']\.format\(|%s["']\s*%\s*\(?)\s*(?P<param>\w+)"""
    ),
)
_SWAPPED = re.compile(
    rf"""\b(?P<param>\w+)\.(?:replace|sub|gsub|replaceFirst|removeprefix)\(\s*["'/^]*(?P<core>{_MODULE}*?)["'/]"""
    rf"""\s*,\s*["'](?P<into>{_MODULE}+)["']"""
)


class Helper(NamedTuple):
    """A look-up helper, by its definition."""

    call: str
    core: str
    into: str
    guard: str | None
    """What lets it do without the wrap, None where nothing does."""
    start: int
    """The offset of its name."""


def defined_at(path: Path) -> Helper | None:
    """Return the helper that is defined around the end of a path, None where none is."""
    for function, name in functions_around(path):
        helper = _read(function, name)
        if helper is not None:
            return helper
    return None


def handing_at(path: Path, param: str, helper: str) -> Helper | None:
    """Return the function around a call of a helper that hands on what it was handed itself.

    Args:
        path: the nodes from the root down to the call.
        param: the variable that the helper is called with.
        helper: the helper's name.
    """
    for function, name in functions_around(path):
        if name != helper and param in _handed(text_of(function)):
            return Helper(name, "", "", guard_of(function), _start(function))
    return None


def passes_on(helper: Helper, root: Node) -> Iterator[Helper]:
    """Yield the functions beside a helper that call it with what they are handed themselves."""
    call = re.compile(rf"(?<!\w){re.escape(helper.call)}\(\s*(?:\w+\s*=\s*)?(\w+)\s*[,)]")
    for node in root.named_children[:_NODES_MAX]:
        name = _name(node) if _FUNCTION.match(node.type) else ""
        if not name or name == helper.call or node.end_byte - node.start_byte > _SPAN_MAX:
            continue
        text = text_of(node)
        if any(match[1] in _handed(text) for match in call.finditer(text)):
            guard = guard_of(node) or helper.guard
            yield Helper(name, helper.core, helper.into, guard, _start(node))


def functions_around(path: Path) -> Iterator[tuple[Node, str]]:
    """Yield the functions that a path leads through, the innermost first, with their names."""
    for node in reversed(path):
        if _FUNCTION.match(node.type) and node.end_byte - node.start_byte <= _SPAN_MAX:
            name = _name(node)
            if name:
                yield node, name


def _start(function: Node) -> int:
    """Return the offset of a function's name, or of the function where it has none."""
    named = function.child_by_field_name("name")
    return function.start_byte if named is None else named.start_byte


def _name(function: Node) -> str:
    named = function.child_by_field_name("name")
    if named is None and function.type in ("function_declaration", "lexical_declaration"):
        named = next((c for c in function.named_children if "identifier" in c.type), None)
    return text_of(named) if named is not None else ""


def _read(function: Node, name: str) -> Helper | None:
    text = text_of(function)
    if not _IMPORTING.search(text):
        return None
    handed = _handed(text)
    for core, into, param in _changes(text):
        # What is looked up must come from outside, else it is one module and no helper.
        if param in handed:
            return Helper(name, core, into.rstrip(".:"), guard_of(function), _start(function))
    return None


def _handed(text: str) -> set[str]:
    """Return the words in the head of a function, of which its parameters are some."""
    head = _HEAD_END.split(text[:_HEAD_MAX], maxsplit=1)[0]
    return set(re.findall(r"\w+", head))


_HEAD_MAX = 1000
_HEAD_END = re.compile(r"\)\s{0,40}(?:->[^:{]{0,200})?(?:[:{]|=>|\n)|=>")


def _changes(text: str) -> Iterator[tuple[str, str, str]]:
    for regex in _PREFIXED:
        for match in regex.finditer(text):
            yield "", match["into"], match["param"]
    for match in _SWAPPED.finditer(text):
        yield match["core"].rstrip("."), match["into"].rstrip("."), match["param"]


def guard_of(function: Node) -> str | None:
    """Return what in a function lets it do without a wrap: a handler, or a condition on a flag."""
    waiting = [function]
    for _ in range(_NODES_MAX):
        if not waiting:
            return None
        node = waiting.pop()
        if re.match(r"try|begin$|rescue_modifier", node.type) and _survives(text_of(node)):
            return "try"
        condition = node.child_by_field_name("condition")
        if condition is None and node.type == "conditional_expression" and node.named_children[1:]:
            # Python's has no name for its parts.
            condition = node.named_children[1]
        flag = "" if condition is None else _flag(text_of(condition))
        if flag:
            return f"flag {flag}"
        waiting.extend(reversed(node.named_children))
    return None


def _survives(text: str) -> bool:
    """Whether a handler of errors ends in something else than another error."""
    handler = re.split(r"\b(?:except|rescue|catch)\b", text, maxsplit=1)
    if len(handler) < 2:
        return False
    return bool(re.search(r"\breturn\b", handler[1])) or not re.search(
        r"\b(?:raise|throw)\b", handler[1]
    )


def _flag(condition: str) -> str:
    words = re.findall(r"\w+\??", condition)
    is_flag = any(asks(word.rstrip("?")) or is_constant(word) for word in words)
    return " ".join(condition.split())[:60] if is_flag else ""
