# SPDX-License-Identifier: Apache-2.0
"""What a Gemfile or a gemspec asks for: gems, folders of gems, and the files that a gem takes."""

import re
from collections.abc import Iterator
from itertools import islice

from tree_sitter import Node, Tree

from coreline.boundary.extension import Source
from coreline.boundary.facts import Declared, Definition, FileFacts, Form, Reference, Trouble
from coreline.boundary.ruby.guards import Guards
from coreline.boundary.ruby.strings import LITERALS
from coreline.boundary.ruby.syntax import FUNCTION, PACKAGE, literal_text, method_of
from coreline.boundary.ruby.taken import taken
from coreline.boundary.syntax import Path, is_field, parse, path_to, text_of
from coreline.boundary.text import Lines

HITS_MAX = 5000

_ASKING = frozenset(["gem", "add_dependency", "add_runtime_dependency", "plugin"])
_FOR_DEVELOPERS = frozenset(["add_development_dependency"])
# What a Gemfile cannot be read without.
_READING = frozenset(["path", "gemspec", "eval_gemfile", "load", "require", "require_relative"])
_GROUPING = frozenset(["group", "install_if"])
_LEAVING_OUT = frozenset(["reject", "grep_v", "start_with?", "match?", "delete", "delete_if"])
_LICENSE = re.compile(rb"^[ \t]*\w+\.licenses?[ \t]*=[ \t]*(.+)$", re.MULTILINE)
_NAME = re.compile(rb"^[ \t]*\w+\.name[ \t]*=[ \t]*['\"]([\w.-]+)['\"]", re.MULTILINE)
_QUOTED = re.compile(r"['\"]([^'\"]+)['\"]")


def extract(source: Source) -> FileFacts:
    """Return what a file asks for of a wrap, and the license that a gemspec declares."""
    declared = tuple(_licenses(source.data))
    patterns = tuple(taken(source.data, lambda text: bool(source.names.search(text.encode()))))
    if not source.hits:
        return FileFacts(declared=declared, references=patterns)
    tree = parse(source.data, PACKAGE, FUNCTION)
    lines = Lines(source.data)
    guards = Guards(lambda text: bool(source.names.search(text.encode("utf-8", "replace"))))
    found: dict[int, Reference] = {}
    trouble = None
    for path, offset in _paths(tree, source):
        if path is None:
            trouble = Trouble(lines.place(offset).line, "nested too deeply around a wrap's name")
            continue
        literal = path[-1]
        if literal.start_byte not in found:
            reference = _reference(path, lines, guards)
            if reference is not None:
                found[literal.start_byte] = reference
    references = (*found.values(), *patterns)
    return FileFacts(references=references, declared=declared, trouble=trouble)


def _paths(tree: Tree, source: Source) -> Iterator[tuple[Path | None, int]]:
    """Yield the way to each string that holds a hit."""
    for start, end in islice(source.hits, HITS_MAX):
        path = path_to(tree, start, end)
        if path is None:
            yield None, start
            continue
        for depth in range(len(path) - 1, -1, -1):
            if path[depth].type in LITERALS:
                yield path[: depth + 1], start
                break


def _reference(path: Path, lines: Lines, guards: Guards) -> Reference | None:
    text = literal_text(path[-1])
    use = _use(path)
    if use is None:
        return None
    form, needed, guard = use
    around = guards.around(path, "load")
    place = lines.place(path[-1].start_byte)
    return Reference(
        line=place.line,
        column=place.column,
        form=form,
        module=text,
        needed=needed,
        guard=around.guard or guard,
        text=place.text,
    )


def _use(path: Path) -> tuple[Form, bool, str | None] | None:
    """Return the form of what a string asks for, whether it is needed, and its guard."""
    key, child, is_out = "", path[-1], False
    for depth in range(len(path) - 2, -1, -1):
        node = path[depth]
        if node.type == "pair" and is_field(node, "value", child):
            key = text_of(node.child_by_field_name("key")).strip("\"':=> ")
        if node.type == "binary":
            operator = text_of(node.child_by_field_name("operator"))
            is_out |= is_field(node, "right", child) and operator == "-"
        if node.type == "call":
            method = method_of(node)
            if method in _LEAVING_OUT:
                return ("path", False, None)
            if method in (*_ASKING, *_FOR_DEVELOPERS, *_READING):
                return _asked(path[: depth + 1], method, key)
        if node.type == "assignment":
            # A gemspec's list of files: what it matches is put into the gem.
            return ("path", not is_out, None) if "/" in literal_text(path[-1]) else None
        child = node
    return ("path", False, None) if "/" in literal_text(path[-1]) else None


def _asked(path: Path, method: str, key: str) -> tuple[Form, bool, str | None] | None:
    if key and key not in ("path", "require", "glob"):
        return None
    if method in _READING or key in ("path", "glob"):
        return ("path", True, None)
    is_optional = method in _FOR_DEVELOPERS or _is_grouped(path)
    return ("build", not is_optional, "extra" if is_optional else None)


def _is_grouped(path: Path) -> bool:
    """Whether a gem is only for a group: by an option, or in a block of ``group``."""
    if any(node.type == "call" and method_of(node) in _GROUPING for node in path[:-1]):
        return True
    arguments = path[-1].child_by_field_name("arguments")
    return arguments is not None and any(_names_group(one) for one in arguments.named_children)


def _names_group(argument: Node) -> bool:
    if argument.type != "pair":
        return False
    return text_of(argument.child_by_field_name("key")).strip("\"':=> ") in ("group", "groups")


def _licenses(data: bytes) -> Iterator[Declared]:
    lines = Lines(data)
    for match in islice(_LICENSE.finditer(data), 10):
        place = lines.place(match.start(1))
        for value in _QUOTED.findall(match[1].decode("utf-8", "replace")):
            yield Declared(place.line, "license", value, place.text)


def define(data: bytes) -> Iterator[Definition]:
    """Yield the name of the gem that a gemspec makes."""
    for match in islice(_NAME.finditer(data), 1):
        line = data.count(b"\n", 0, match.start()) + 1
        yield Definition("package", match[1].decode("utf-8", "replace"), line)
