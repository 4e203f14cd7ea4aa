# SPDX-License-Identifier: Apache-2.0
"""What Ruby code does with a string or a symbol that names a file, a constant or a gem."""

import re
from typing import NamedTuple

from tree_sitter import Node

from coreline.boundary.facts import Form
from coreline.boundary.ruby.flags import EXISTING, PROBING
from coreline.boundary.ruby.syntax import constant_text, literal_text, method_of, receiver_of
from coreline.boundary.syntax import Path, is_field, text_of

LITERALS = frozenset(
    ["string", "bare_string", "simple_symbol", "bare_symbol", "hash_key_symbol", "subshell"]
)

# What runs at once, by the name of a file or of a gem.
_LOADING = frozenset(["require", "require_dependency", "load", "require_all", "gem", "import"])
_CONSTANTS = frozenset(["const_get", "constantize", "qualified_const_get", "const_missing"])
# Helpers that find a wrap's mirror of a module of the core (GitLab, Chatwoot).
MIRRORING = frozenset(
    [
        *("prepend_mod_with", "include_mod_with", "extend_mod_with", "prepend_mod", "include_mod"),
        *("extend_mod", "prepend_ee_mod_with", "prepend_if_ee", "include_if_ee", "extend_if_ee"),
    ]
)
_RENDERING = frozenset(["render", "render_to_string", "render_partial", "layout", "template"])
_JOINING = frozenset(
    ["join", "expand_path", "freeze", "to_s", "new", "Pathname", "path_for", "glob"]
)
# Options of Rails by which a class is found when it is used.
_CLASS_KEYS = frozenset(["class_name", "serializer", "source_type", "job_class", "anonymous_class"])
_VIEW_KEYS = frozenset(["partial", "template", "layout"])
# Methods and tables that are asked whether a gem is there.
_ASKING = frozenset(["loaded_specs", *PROBING])
_ASKING_METHOD = re.compile(r"installed\?$|^(gem|plugin)_\w+\?$|^find_(all_)?by_name$")
_PASSED = frozenset(
    [
        *("argument_list", "array", "pair", "hash", "binary", "parenthesized_statements"),
        *("conditional", "string_array", "symbol_array", "splat_argument", "then", "else"),
        "chained_string",
    ]
)


class Use(NamedTuple):
    """What is done with a string."""

    form: Form
    module: str
    needed: bool = True
    is_name: bool = True
    """Whether it can only be a name, of a constant, a view or a gem, whatever it looks like."""
    level: int = 0
    """1 where a path is looked up from the file's own folder."""
    guard: str | None = None
    is_load: bool = False
    """Whether a file is loaded, and loaded at the place itself."""


def use_of(path: Path) -> Use:
    """Return what the code does with the string or symbol at the end of a path."""
    literal, child = path[-1], path[-1]
    text = literal_text(literal)
    key = ""
    for node in reversed(path[:-1]):
        if node.type == "pair" and is_field(node, "value", child):
            key = text_of(node.child_by_field_name("key")).strip("\"':=> ")
        if node.type in ("call", "element_reference"):
            use = _called(node, child, literal, text, key)
            if use is not None:
                return use
        elif node.type not in _PASSED:
            break
        child = node
    return _plain(text, key)


def _plain(text: str, key: str) -> Use:
    if key in _CLASS_KEYS:
        return Use("string", text)
    if key in _VIEW_KEYS:
        return Use("string", text)
    return Use("string", text, needed=False, is_name=False)


def _called(node: Node, child: Node, literal: Node, text: str, key: str) -> Use | None:
    """Return the use by a call; None where the call only passes on what it is given."""
    if node.type == "element_reference":
        is_asked = method_of(node.child_by_field_name("object")) in _ASKING
        return Use("string", text, needed=False, guard="probe") if is_asked else _plain(text, key)
    method = method_of(node)
    if method in EXISTING:
        return Use("string", text, needed=False, is_name=False, guard="probe")
    if is_field(node, "receiver", child):
        if method in _CONSTANTS:
            return Use("dynamic", text)
        if method in PROBING:
            return Use("dynamic", text, needed=False, guard="probe")
        return None
    loaded = _loaded(node, method, text)
    if loaded is not None:
        return loaded
    if method in _CONSTANTS or method in PROBING:
        name = _within(node, text)
        is_probe = method in PROBING
        return Use("dynamic", name, needed=not is_probe, guard="probe" if is_probe else None)
    if method in MIRRORING:
        return Use("lookup", text, needed=False)
    if _ASKING_METHOD.search(method) or method_of(receiver_of(node)) in _ASKING:
        return Use("string", text, needed=False, guard="probe")
    if method in _RENDERING:
        return Use("string", text)
    if method in _JOINING:
        return None
    return _plain(text, key)


def _loaded(call: Node, method: str, text: str) -> Use | None:
    """Return the use by a call that loads a file or a gem."""
    if method == "require_relative":
        return Use("static", text, level=1, is_load=True)
    if method in _LOADING and receiver_of(call) is None:
        return Use("static", text, is_load=True)
    return Use("dynamic", text, is_load=True) if method == "autoload" else None


def _within(call: Node, text: str) -> str:
    """Return a constant with the module that it is got from."""
    owner = constant_text(receiver_of(call))
    if owner is None or owner.removeprefix("::") in ("Object", "Module", "Kernel"):
        return text
    return f"{owner}::{text}"
