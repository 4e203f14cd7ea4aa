# SPDX-License-Identifier: Apache-2.0
"""Whether a condition in Python asks for a flag, and which; ``flag_names`` says what is one."""

import re
from collections.abc import Callable

from tree_sitter import Node

from coreline.boundary.flag_names import asks, holds_settings, is_constant, is_stage
from coreline.boundary.python.syntax import last_name
from coreline.boundary.syntax import text_of

_LITERALS = frozenset(
    ["string", "concatenated_string", "integer", "true", "false", "none", "tuple", "list", "set"]
)
_LENGTH_MAX = 60
About = Callable[[str], bool]
PROBES = frozenset(["find_spec", "is_installed", "importorskip", "find_loader"])
"""Functions that only ask whether a module is there."""
_LISTED = re.compile(r"\b(?:not )?in\s[^\n]{0,80}(?:APPS|PLUGINS|MIDDLEWARE|sys\.modules)\b")
_NODES_MAX = 200
# Questions whether a file is there; ``exists`` alone may be asked of anything.
_PATH_PROBE = re.compile(r"(?:^|\.)(?:is_?dir|is_?file)$|(?i:path)[^\n]{0,200}\.exists$")
_QUOTED = re.compile(r"""["'][^"'\n]+["']""")


def flag_of(condition: Node | None, about: About = lambda _: True) -> str | None:
    """Return ``flag NAME`` where a condition asks for one, else None.

    Args:
        condition: what is asked.
        about: whether a text is about what is guarded: whether another module is there says
            nothing of it.
    """
    waiting = [] if condition is None else [condition]
    for _ in range(_NODES_MAX):
        if not waiting:
            return None
        node = waiting.pop()
        if _is_about_other(node, about):
            continue
        name = _name(node)
        if name is not None:
            return f"flag {' '.join(name.split())[:_LENGTH_MAX]}"
        if node.type != "comparison_operator" or _compares_constants(node):
            waiting.extend(reversed(node.named_children))
    return None


def _is_about_other(node: Node, about: About) -> bool:
    """Whether a module is probed for by its name, and it is another one's."""
    if node.type == "call" and last_name(node.child_by_field_name("function")) in PROBES:
        arguments = node.child_by_field_name("arguments")
        named = arguments.named_children[:1] if arguments is not None else []
    elif _probes_path(node):
        return not about(text_of(node))
    elif node.type == "comparison_operator" and _LISTED.search(text_of(node)):
        named = node.named_children
    else:
        return False
    strings = [text_of(one).strip(_QUOTES) for one in named if one.type == "string"]
    return bool(strings) and not any(map(about, strings))


def _probes_path(node: Node) -> bool:
    """Whether a node asks for a file by a path of which a part is written there."""
    if node.type != "call" or not _QUOTED.search(text_of(node)):
        return False
    return _PATH_PROBE.search(text_of(node.child_by_field_name("function"))) is not None


def _compares_constants(comparison: Node) -> bool:
    """Whether nothing of the moment is compared: ``plan == FREE_PLAN`` asks for no flag."""
    return all(
        node.type in _LITERALS or _name(node) is not None for node in comparison.named_children
    )


def _name(node: Node) -> str | None:
    if node.type == "call":
        return _asked(node)
    if node.type == "subscript" and last_name(node.child_by_field_name("value")) == "environ":
        return _environment(node.child_by_field_name("subscript"))
    if node.type == "attribute":
        if text_of(node) == "sys.modules":
            return "sys.modules"
        parts = text_of(node).split(".")
        if any(holds_settings(part) for part in parts[:-1]) and not is_stage(parts[-1]):
            return text_of(node)
    if node.type == "identifier":
        name = text_of(node)
        if name != "TYPE_CHECKING" and is_constant(name):
            return name
    return None


def _asked(call: Node) -> str | None:
    """Return the flag that a call asks for, such as ``apps.is_installed("ee")``."""
    function = call.child_by_field_name("function")
    name = last_name(function)
    arguments = call.child_by_field_name("arguments")
    first = arguments.named_children[0] if arguments and arguments.named_children else None
    if name == "getenv" or (name == "get" and "environ" in text_of(function)):
        return _environment(first)
    if name == "getattr" and first is not None and holds_settings(text_of(first)):
        named = (
            arguments.named_children[1] if arguments and arguments.named_child_count > 1 else None
        )
        return f"{text_of(first)}.{text_of(named).strip(_QUOTES)}"
    return text_of(call) if asks(name) or _probes_path(call) else None


def _environment(name: Node | None) -> str | None:
    return None if name is None else f"env {text_of(name).strip(_QUOTES)}"


_QUOTES = "\"'"
