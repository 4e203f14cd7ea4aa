# SPDX-License-Identifier: Apache-2.0
"""Strings of Python code that name modules or paths, and what the code does with them."""

import re
from typing import NamedTuple

from tree_sitter import Node

from coreline.boundary.facts import Form
from coreline.boundary.python.syntax import Path, last_name, text_of

_DOTTED = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*)(?:\.?[{%].*|\.|:[\w.]*)?")
_COMMAND = re.compile(r"(?:^|\s)-m\s+([^\W\d][\w.]*)")
_FOLDER = re.compile(r"[^\s'\"]*/[^\s'\"]*")

# Functions that import what a string names.
_IMPORTING = re.compile(
    r"import|locate$|^resolve_name$|^run_module$|^get_app_config$|^get_model$|^importorskip$"
    r"|^(load|get)_(module|class|plugin|object|backend)$",
    re.I,
)
# Functions that only ask whether it is there.
_PROBING = frozenset(["find_spec", "is_installed", "importorskip", "find_loader"])
# Functions that import it later, or replace something in it.
_REACHING = frozenset(["include", "patch", "multiple", "dict", "setattr", "delattr", "url", "path"])
_SETTING = re.compile(r"^[A-Z_]*(APPS|MIDDLEWARE|BACKENDS|URLCONF|PLUGINS|APPLICATION)$")
# Nodes between a string and what is done with it.
_PASSED = frozenset(
    [
        "concatenated_string",
        "binary_operator",
        "parenthesized_expression",
        "list",
        "tuple",
        "set",
        "argument_list",
        "attribute",
        "keyword_argument",
        "list_splat",
        "conditional_expression",
        "expression_list",
    ]
)


class Use(NamedTuple):
    """What is done with a string."""

    form: Form
    needed: bool
    """Whether the code fails where nothing has the name."""
    is_name: bool
    """Whether it is used as the name of a module, whatever it looks like."""
    guard: str | None = None


def named_in(path: Path) -> tuple[Node, str, bool] | None:
    """Return the string at the end of a path, what it names, and whether that is a path.

    None where the place is in no string, or in one that is prose or documentation.
    """
    depth = next((i for i in range(len(path) - 1, -1, -1) if path[i].type == "string"), None)
    if depth is None or depth + 1 >= len(path) or path[depth + 1].type != "string_content":
        return None
    string = path[depth]
    if _is_documentation(path, depth):
        return None
    content = text_of(path[depth + 1])
    found = _DOTTED.fullmatch(content)
    if found:
        return string, found[1], False
    command = _COMMAND.search(content)
    if command:
        return string, command[1].rstrip("."), False
    return (string, content, True) if _FOLDER.fullmatch(content) else None


def _is_documentation(path: Path, depth: int) -> bool:
    above = path[depth - 1].type if depth else ""
    if above == "concatenated_string" and depth > 1:
        above = path[depth - 2].type
    return above == "expression_statement"


def use_of(path: Path, string: Node) -> Use:
    """Return what the code does with a string on a path."""
    depth = next(i for i, node in enumerate(path) if node.id == string.id)
    for node in path[depth - 1 :: -1]:
        if node.type == "call":
            if last_name(node.child_by_field_name("function")) == "format":
                continue
            return _called(node)
        if node.type in ("assignment", "augmented_assignment"):
            name = last_name(node.child_by_field_name("left"))
            is_setting = _SETTING.match(name) is not None
            return Use("string", needed=is_setting, is_name=is_setting)
        if node.type == "comparison_operator":
            # A question whether something is installed; the answer may be no.
            return Use("string", needed=False, is_name="_APPS" in text_of(node), guard="probe")
        if node.type not in _PASSED:
            break
    return _PLAIN


_PLAIN = Use("string", needed=False, is_name=False)


def _called(call: Node) -> Use:
    function = call.child_by_field_name("function")
    name = last_name(function)
    if name in _PROBING:
        return Use("dynamic", needed=False, is_name=True, guard="probe")
    if _IMPORTING.search(name):
        return Use("dynamic", needed=True, is_name=True)
    if name in _REACHING:
        return Use("string", needed=True, is_name=False)
    if name in ("append", "extend", "insert") and function is not None:
        owner = last_name(function.child_by_field_name("object"))
        if _SETTING.match(owner):
            return Use("string", needed=True, is_name=True)
    return _PLAIN
