# SPDX-License-Identifier: Apache-2.0
"""Strings of Python code that name modules or paths, and what the code does with them."""

import re
from typing import NamedTuple

from tree_sitter import Node

from coreline.boundary.extension import Source
from coreline.boundary.facts import Form
from coreline.boundary.names import normalize
from coreline.boundary.python.pieces import joined_path, whole_text
from coreline.boundary.python.syntax import last_name
from coreline.boundary.syntax import Path, is_field, text_of

_DOTTED = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*)(?:\.?[{%].*|\.|:[\w.]*)?")
_COMMAND = re.compile(r"(?:^|\s)-m\s+([^\W\d][\w.]*)")
# What PEP 508 allows after the name of a distribution is not looked at.
_REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\s*[\[<>=!~;@].*)?")
_RELATIVE = re.compile(r"(\.+)([^\W\d]\w*(?:\.[^\W\d]\w*)*)")
_ENTRY_POINT = re.compile(r"\s*[\w.-]+\s*=\s*([^\W\d][\w.]*):[\w.]+\s*(?:\[[^\]]*\])?\s*")
_STATEMENT = re.compile(
    r"(?:^|.*;)\s*(?:from\s+([^\W\d][\w.]*)\s+import\b|import\s+([^\W\d][\w.]*)\s*(?:[,;#]|as\b|$)).*"
)
_WORD = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_FOLDER = re.compile(r"[^\s'\"]*/[^\s'\"]*")

# Functions that import what a string names.
_IMPORTING = re.compile(
    r"import|locate$|^resolve_name$|^run_module$|^get_app_config$|^get_model$|^importorskip$"
    r"|^(load|get)_(module|class|plugin|object|backend)$",
    re.I,
)
# Functions that read a file of a package that they are given the name of.
_READING = re.compile(
    r"(?:^|\.)(?:pkgutil\.get_data|resource_(?:filename|string|stream|listdir)"
    r"|resources\.(?:files|path|open_text|read_text|open_binary|read_binary|contents))$|^files$"
)
# Fields of Django that name a model of an application, "application.Model".
_RELATING = frozenset(["ForeignKey", "OneToOneField", "ManyToManyField"])
# Functions that only ask whether it is there.
_PROBING = frozenset(["find_spec", "is_installed", "importorskip", "find_loader"])
# Functions that import it later, or replace something in it.
_REACHING = frozenset(
    [
        *("include", "patch", "multiple", "dict", "setattr", "delattr", "url", "path"),
        "autodiscover_tasks",
    ]
)
# Functions that look for a template (Django, Flask, Jinja).
_TEMPLATING = frozenset(
    ["render", "render_template", "render_to_string", "get_template", "select_template"]
)
# Functions that run code which a string holds.
_RUNNING = frozenset(["exec", "eval", "compile", "execfile"])
_SETTING = re.compile(
    r"^([A-Z_]*(APPS|MIDDLEWARE|BACKENDS|URLCONF|PLUGINS|APPLICATION|IMPORTS|ROUTERS)"
    r"|pytest_plugins)$"
)
# Settings that name modules among other things: one word alone means nothing there.
_MIXED_SETTING = re.compile(
    r"^([A-Z_]*(BACKEND|ENGINE|DATABASES|TEMPLATES|CACHES|STORAGES)|AUTH_USER_MODEL"
    r"|template_name)$"
)
# Keyword arguments by which Celery and setuptools are told what to import and what to install.
_INCLUDING = frozenset(["include", "imports"])
_REQUIRING = frozenset(["install_requires", "setup_requires"])
# Functions of importlib.metadata and pkg_resources that ask for an installed distribution.
_METADATA = frozenset(["version", "distribution", "get_distribution", "require", "requires"])
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
        "dictionary",
        "pair",
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


class Named(NamedTuple):
    """A string and what it names."""

    string: Node
    name: str
    form: Form | None = None
    """Where the string alone decides it."""
    level: int = 0
    """The dots before the name of a module that is looked up from a package."""


def named_in(path: Path, source: Source, offset: int) -> Named | None:
    """Return the string at the end of a path, and what it names.

    None where the place is in no string, or in one that is prose or documentation.

    Args:
        path: from the root of the file to the place.
        source: the file.
        offset: the place.
    """
    depth = next((i for i in range(len(path) - 1, -1, -1) if path[i].type == "string"), None)
    if depth is None or depth + 1 >= len(path) or path[depth + 1].type != "string_content":
        return None
    string = path[depth]
    if _is_documentation(path, depth):
        return None
    content = text_of(path[depth + 1])
    if any(node.type == "type" for node in path[:depth]):
        # A type in quotes may be any expression: what stands at the hit is a name in it.
        word = _in_line(source, offset, string, is_code=True)
        return None if word is None else Named(string, word, "type-only")
    joined = joined_path(path[:depth], string)
    if joined is not None:
        return Named(string, joined, "path")
    content = whole_text(path[:depth], string) or content
    found = _DOTTED.fullmatch(content)
    if found:
        return Named(string, found[1])
    relative = _RELATIVE.fullmatch(content)
    if relative:
        return _relative(path[:depth], string, len(relative[1]), relative[2])
    required = _REQUIREMENT.fullmatch(content)
    is_package = required is not None and normalize(required[1]) in source.names.packages
    if required and is_package and _asks_for_distribution(path[:depth]):
        return Named(string, required[1], "build")
    in_line = _in_line(source, offset, string, is_code=_is_run(path[:depth]))
    if in_line is not None:
        return Named(string, in_line)
    return Named(string, content, "path") if _FOLDER.fullmatch(content) else None


def _in_line(source: Source, offset: int, string: Node, *, is_code: bool) -> str | None:
    """Return the module that one line of a longer string names, as code or as an entry point."""
    content = string.named_children[1:-1] or string.named_children
    begin, end = content[0].start_byte, content[-1].end_byte
    start = max(begin, offset - _REACH, source.data.rfind(b"\n", begin, offset) + 1)
    stop = source.data.find(b"\n", offset, min(end, offset + _REACH))
    raw = source.data[start : stop if stop >= 0 else min(end, offset + _REACH)]
    line = raw.decode("utf-8", "replace")
    at = len(source.data[start:offset].decode("utf-8", "replace"))
    if is_code:
        # Which part of the code is run is not asked: any module in it is.
        return next((one[0] for one in _WORD.finditer(line) if one.start() <= at < one.end()), None)
    for pattern in (_COMMAND, _ENTRY_POINT, _STATEMENT):
        match = pattern.search(line) if pattern is _COMMAND else pattern.fullmatch(line)
        if match is not None:
            return next(group for group in match.groups() if group).rstrip(".")
    return None


_REACH = 400
"""Characters on each side of a name that are looked at in a longer string."""


def _is_run(above: Path) -> bool:
    """Whether a string is code that a function runs."""
    call = next((node for node in reversed(above) if node.type not in _PASSED), None)
    if call is None or call.type != "call":
        return False
    return last_name(call.child_by_field_name("function")) in _RUNNING


def _asks_for_distribution(above: Path) -> bool:
    """Whether a string is used as the name of a distribution; elsewhere it may be any product's."""
    for node in reversed(above):
        if node.type == "keyword_argument":
            keyword = text_of(node.child_by_field_name("name"))
            if keyword in _REQUIRING or keyword == "extras_require":
                return True
        if node.type == "call":
            return last_name(node.child_by_field_name("function")) in _METADATA
        if node.type not in _PASSED:
            return False
    return False


def _relative(above: Path, string: Node, level: int, name: str) -> Named | None:
    """Return what a name with dots before it means: only to a function that imports."""
    call = next((node for node in reversed(above) if node.type == "call"), None)
    if call is None or not _IMPORTING.search(last_name(call.child_by_field_name("function"))):
        return None
    arguments = call.child_by_field_name("arguments")
    for node in arguments.named_children[1:] if arguments is not None else ():
        value = node.child_by_field_name("value") if node.type == "keyword_argument" else node
        if value is not None and value.type == "string":
            package = text_of(value).strip("\"'").split(".")
            return Named(string, ".".join([*package[: len(package) + 1 - level], name]))
    return Named(string, name, level=level)


def _is_documentation(path: Path, depth: int) -> bool:
    above = path[depth - 1].type if depth else ""
    if above == "concatenated_string" and depth > 1:
        above = path[depth - 2].type
    return above == "expression_statement"


def use_of(path: Path, string: Node) -> Use:
    """Return what the code does with a string on a path."""
    depth = next(i for i, node in enumerate(path) if node.id == string.id)
    in_table, is_value = False, True
    for node, child in zip(path[depth - 1 :: -1], path[depth:0:-1], strict=True):
        if node.type == "call":
            if last_name(node.child_by_field_name("function")) == "format":
                continue
            # What a function does with a table of names is not known.
            return _PLAIN if in_table else _called(node)
        if node.type in ("assignment", "augmented_assignment"):
            return _assigned(last_name(node.child_by_field_name("left")), is_value=is_value)
        if node.type == "comparison_operator":
            # A question whether something is installed; the answer may be no.
            return Use("string", needed=False, is_name="_APPS" in text_of(node), guard="probe")
        if node.type == "subscript" and _is_loaded(node, child):
            is_set = depth > 1 and is_field(path[depth - 2], "left", node)
            return Use("dynamic", needed=not is_set, is_name=True)
        if node.type == "keyword_argument":
            keyword = text_of(node.child_by_field_name("name"))
            if keyword in _REQUIRING or keyword in _INCLUDING:
                return Use("string", needed=True, is_name=False)
        if node.type == "pair":
            in_table = True
            is_value &= is_field(node, "value", child)
        if node.type not in _PASSED:
            break
    return _PLAIN


def _assigned(name: str, *, is_value: bool) -> Use:
    is_setting = _SETTING.match(name) is not None
    is_needed = is_value and (is_setting or _MIXED_SETTING.match(name) is not None)
    return Use("string", needed=is_needed, is_name=is_setting)


def _is_loaded(subscript: Node, child: Node) -> bool:
    """Whether a string is looked up in ``sys.modules``."""
    table = text_of(subscript.child_by_field_name("value"))
    return table == "sys.modules" and is_field(subscript, "subscript", child)


_PLAIN = Use("string", needed=False, is_name=False)


def _called(call: Node) -> Use:
    function = call.child_by_field_name("function")
    name = last_name(function)
    if name in _PROBING:
        return Use("dynamic", needed=False, is_name=True, guard="probe")
    if _IMPORTING.search(name) or name in _RUNNING:
        return Use("dynamic", needed=True, is_name=True)
    if _READING.search(text_of(function)):
        return Use("dynamic", needed=True, is_name=True)
    if name in _RELATING:
        return Use("string", needed=True, is_name=True)
    if name in _REACHING or name in _TEMPLATING:
        return Use("string", needed=True, is_name=False)
    if name in ("append", "extend", "insert") and function is not None:
        owner = last_name(function.child_by_field_name("object"))
        if _SETTING.match(owner):
            return Use("string", needed=True, is_name=True)
    return _PLAIN
