# SPDX-License-Identifier: Apache-2.0
"""Strings of JavaScript that are no part of an import statement: what the code does with them."""

import re
from typing import NamedTuple

from tree_sitter import Node

from coreline.boundary.facts import Form
from coreline.boundary.javascript.syntax import content_of, dotted, is_whole, last_name
from coreline.boundary.syntax import Path, is_field, text_of

LENGTH_MAX = 300
"""A longer string names no module."""

# Characters that stand in a specifier, in a path and in a pattern of paths.
_SPECIFIER = re.compile(r"[^\s\"'`<>;|\\]+(?:\\[./][^\s\"'`<>;|\\]*)*|<rootDir>[^\s\"'`<>;|]*")
# Nodes between a string and what is done with it.
_PASSED = frozenset(
    [
        *("parenthesized_expression", "arguments", "array", "template_substitution"),
        *("template_string", "as_expression", "satisfies_expression", "non_null_expression"),
    ]
)
# Functions of the test tools that replace a module, and those that load the true one.
_MOCKING = frozenset(
    ["mock", "unmock", "doMock", "dontMock", "doUnmock", "setMock", "unstable_mockModule"]
)
_LOADING = frozenset(
    [
        *("requireActual", "importActual", "requireMock", "importMock", "createMockFromModule"),
        *("genMockFromModule", "loadModule", "importModule", "importScripts", "jitiImport"),
    ]
)
_WORKERS = frozenset(["Worker", "SharedWorker"])
_REQUIRING = frozenset(["require", "__non_webpack_require__"])


# Lists of what a tool shall leave alone: to name the wrap there is no dependence.
_LEFT_OUT = re.compile(r"exclu|ignor|omit|skip|forbid|restrict|disallow|external", re.IGNORECASE)


# Options whose file a compiler takes in, as Angular's does.
_COMPILED_IN = frozenset(["templateUrl", "styleUrl", "styleUrls", "loadChildren"])


class Use(NamedTuple):
    """What is done with a string."""

    form: Form
    needed: bool
    """Whether the code fails where nothing has the name."""
    is_name: bool
    """Whether it is used as the name of a module, whatever it looks like."""
    node: Node
    """Where it happens."""
    is_promise: bool = False
    guard: str | None = None


def named_in(string: Node) -> str | None:
    """Return what a string may name, None where it is prose, an address or nothing."""
    content = content_of(string)
    if not content or len(content) > LENGTH_MAX or "://" in content:
        return None
    return content if _SPECIFIER.fullmatch(content) else None


def is_left_out(above: Path) -> bool:
    """Whether a string is in a list of what is left out, such as ``exclude: ["ee/**"]``."""
    for node in reversed(above):
        if node.type == "pair":
            return _LEFT_OUT.search(text_of(node.child_by_field_name("key"))) is not None
        if node.type not in ("array", "object", "parenthesized_expression", "spread_element"):
            return False
    return False


def use_of(path: Path, depth: int) -> Use:
    """Return what the code does with the string at a depth of a path."""
    string = path[depth]
    plain = Use("string", needed=False, is_name=False, node=string)
    for at in range(depth - 1, -1, -1):
        node, child = path[at], path[at + 1]
        if node.type == "binary_expression":
            operator = text_of(node.child_by_field_name("operator"))
            if operator == ">" and child.type == "parenthesized_expression":
                return _called_with_type(node, string) or plain
            # Of a sum, only the beginning says where it leads.
            if operator != "+" or is_field(node, "right", child):
                return plain
        elif node.type == "ternary_expression":
            if is_field(node, "condition", child):
                return plain
        elif node.type == "call_expression":
            return _called(node, string) or plain
        elif node.type == "new_expression":
            return _made(node, string) or plain
        elif node.type == "import_require_clause":
            return Use("static", needed=True, is_name=True, node=string)
        elif node.type == "pair":
            key = text_of(node.child_by_field_name("key"))
            return plain._replace(needed=is_field(node, "value", child) and key in _COMPILED_IN)
        elif node.type not in _PASSED:
            return plain
    return plain


def _called(call: Node, string: Node) -> Use | None:
    function = call.child_by_field_name("function")
    if function is None or not _is_first(call, string):
        return None
    return _use_by(function, call, string)


def _called_with_type(comparison: Node, string: Node) -> Use | None:
    """Return the use of ``f<T>("x")``, which the grammar may take for ``(f < T) > ("x")``."""
    left = comparison.child_by_field_name("left")
    function = None if left is None else left.child_by_field_name("left")
    return None if function is None else _use_by(function, comparison, string)


def _use_by(function: Node, call: Node, string: Node) -> Use | None:
    name, whole = last_name(function), dotted(function)
    if function.type == "import":
        # Whether it is awaited decides whether a ``catch`` around it helps.
        return Use("dynamic", needed=True, is_name=True, node=call, is_promise=True)
    if name in _REQUIRING and function.type == "identifier":
        form: Form = "static" if is_whole(string) and _is_alone(call, string) else "dynamic"
        return Use(form, needed=True, is_name=True, node=call)
    if whole in ("require.resolve", "import.meta.resolve", "require.context", "module.require"):
        return Use("dynamic", needed=True, is_name=True, node=call)
    if whole in ("import.meta.glob", "import.meta.globEager"):
        # A pattern that finds nothing is no failure.
        return Use("dynamic", needed=False, is_name=True, node=call)
    if name in _MOCKING and whole.partition(".")[0] in ("jest", "vi", "vitest", "mock", "td"):
        return Use("string", needed=True, is_name=True, node=call)
    if name in _LOADING:
        is_promise = name.startswith("import")
        return Use("dynamic", needed=True, is_name=True, node=call, is_promise=is_promise)
    return None


def _made(call: Node, string: Node) -> Use | None:
    """Return the use of ``new Worker("…")`` and ``new URL("…", import.meta.url)``."""
    name = last_name(call.child_by_field_name("constructor"))
    arguments = call.child_by_field_name("arguments")
    given = [] if arguments is None else [dotted(one) for one in arguments.named_children]
    is_own = name == "URL" and given[1:2] == ["import.meta.url"]
    if (is_own or name in _WORKERS) and _is_first(call, string):
        return Use("dynamic", needed=True, is_name=True, node=call)
    return None


def _is_first(call: Node, string: Node) -> bool:
    """Whether a string is, or is in, the first argument of a call."""
    arguments = call.child_by_field_name("arguments")
    if arguments is None:
        return False
    first = next((node for node in arguments.named_children if node.type != "comment"), None)
    return (
        first is not None
        and first.start_byte <= string.start_byte
        and string.end_byte <= first.end_byte
    )


def _is_alone(call: Node, string: Node) -> bool:
    arguments = call.child_by_field_name("arguments")
    return arguments is not None and any(node.id == string.id for node in arguments.named_children)
