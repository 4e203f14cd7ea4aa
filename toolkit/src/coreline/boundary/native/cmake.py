# SPDX-License-Identifier: Apache-2.0
"""CMake: which files and folders of a wrap a build takes, and under which options.

Commands are read as cmake-language(7) has them; variables are not expanded: a path that begins
with one is looked up from the file's folder and every folder above it.
"""

import posixpath
import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from coreline.boundary.extension import Resolve, Source
from coreline.boundary.facts import Definition, FileFacts, Reference
from coreline.boundary.flag_names import is_constant
from coreline.boundary.names import normalize
from coreline.boundary.resolve import Meant
from coreline.boundary.text import Lines
from coreline.boundary.world import World

COMMANDS_MAX = 20_000
"""More commands in one file are not looked at: no file that people wrote has as many."""

_COMMAND = re.compile(rb"(?m)^[ \t]*([A-Za-z_]\w*)[ \t]*\(|\#\[(=*)\[|\#[^\n]*")
_ARGUMENT = re.compile(
    rb"\#\[(=*)\[.*?\]\1\]|\#[^\n]*|\"((?:\\.|[^\"\\])*)\"|\[(=*)\[.*?\]\3\]|([()])|([^\s()\"#]+)",
    re.DOTALL,
)
_TARGET = re.compile(rb"(?mi)^[ \t]*(?:add_library|add_executable|project)\s*\(\s*([\w.-]+)")
_VARIABLE = re.compile(r"^\$(?:ENV|CACHE)?\{(\w+)\}/?")
_EXPRESSION = re.compile(r"^\$<[A-Z_]+:(.*)>$")
_LIBRARY = re.compile(r"^.*/(lib)?")
_REST = re.compile(r"[-_.]*\$\{.*|\.(so|dll|dylib|a|lib)$")
# What CMake sets by itself: code for one system is no option of whoever builds the product.
_GIVEN = re.compile(
    r"^(CMAKE_\w+|WIN32|UNIX|APPLE|MSVC\w*|MINGW|CYGWIN|LINUX|BSD|XCODE|ANDROID|IOS|\w*VERSION\w*)$"
)
_OPERATORS = frozenset(
    [
        "NOT",
        "AND",
        "OR",
        "DEFINED",
        "STREQUAL",
        "EQUAL",
        "MATCHES",
        "IN_LIST",
        "ON",
        "OFF",
        "TRUE",
        "FALSE",
        "COMMAND",
        "POLICY",
        "TEST",
        "EXISTS",
        "TARGET",
        "IS_DIRECTORY",
        "LESS",
        "GREATER",
    ]
)
# Without the wrap's files these fail; other commands only mention them.
_NEEDING = frozenset(
    [
        "add_subdirectory",
        "include",
        "install",
        "configure_file",
        "add_library",
        "add_executable",
        "target_sources",
        "target_link_libraries",
        "link_libraries",
    ]
)


class _Argument(NamedTuple):
    text: str
    start: int
    end: int


class _Command(NamedTuple):
    name: str
    arguments: list[_Argument]
    guard: str | None


def extract(source: Source) -> FileFacts:
    """Return the references of a CMake file."""
    lines = Lines(source.data)
    found: dict[tuple[int, str], Reference] = {}
    for command in _commands(source):
        for one in _taken(command, source):
            place = lines.place(one.start)
            text, level = _path(one.text)
            is_folder = command.name == "add_subdirectory"
            found.setdefault(
                (one.start, text),
                Reference(
                    line=place.line,
                    column=place.column,
                    form="build",
                    module=text if "/" in text or not is_folder else f"{text}/",
                    level=1 if is_folder and level is None else 0,
                    guard=command.guard,
                    needed=_needs(command),
                    text=place.text,
                ),
            )
    return FileFacts(references=tuple(found.values()))


def _taken(command: _Command, source: Source) -> Iterator[_Argument]:
    """Yield the arguments that may name a wrap."""
    if command.name == "add_subdirectory":
        # The name of a folder alone is no hit of the search.
        yield from command.arguments[:1]
    elif command.name not in ("message", "if", "elseif", "option", "project"):
        for one in command.arguments:
            if any(one.start <= start and end <= one.end for start, end in _near(source, one)):
                yield one


def _near(source: Source, one: _Argument) -> Iterator[tuple[int, int]]:
    first = bisect_left(source.hits, (one.start, 0))
    last = bisect_left(source.hits, (one.end, 0))
    return iter(source.hits[first:last])


def _needs(command: _Command) -> bool:
    if command.name == "install":
        return "OPTIONAL" not in (one.text for one in command.arguments)
    if command.name == "include":
        return "OPTIONAL" not in (one.text for one in command.arguments[1:])
    return command.name in _NEEDING


def _path(text: str) -> tuple[str, int | None]:
    """Return a path without the variable that it begins with, and 0 where there was one."""
    inner = _EXPRESSION.match(text)
    text = inner[1] if inner else text
    match = _VARIABLE.match(text)
    if match is None:
        return text, None
    rest = text[match.end() :]
    return (f"./{rest}" if "CURRENT" in match[1] else rest), 0


def _commands(source: Source) -> Iterator[_Command]:
    """Yield the commands of a file, each with the guard that holds where it stands."""
    data, at = source.data, 0
    stack: list[str | None] = []
    for _ in range(COMMANDS_MAX):
        match = _COMMAND.search(data, at)
        if match is None:
            return
        if match[1] is None:
            closing = b"]" + (match[2] or b"") + b"]"
            end = data.find(closing, match.end()) if match[2] is not None else match.end()
            at = len(data) if end < 0 else end + (len(closing) if match[2] is not None else 0)
            continue
        arguments, at = _arguments(data, match.end())
        name = match[1].decode().lower()
        if name == "if":
            stack.append(_flag(arguments, source))
        elif name == "elseif" and stack:
            stack[-1] = _flag(arguments, source) or stack[-1]
        elif name == "endif" and stack:
            stack.pop()
        guard = next((one for one in reversed(stack) if one is not None), None)
        yield _Command(name, arguments, guard)


def _arguments(data: bytes, start: int) -> tuple[list[_Argument], int]:
    """Return the arguments up to the bracket that closes a command, and where it stands."""
    found: list[_Argument] = []
    depth, at = 1, start
    while depth:
        match = _ARGUMENT.search(data, at)
        if match is None:
            return found, len(data)
        at = match.end()
        if match[4]:
            depth += 1 if match[4] == b"(" else -1
        for group in (2, 5):
            if match[group]:
                text = match[group].decode("utf-8", "replace")
                found.append(_Argument(text, match.start(group), match.end(group)))
    return found, at


def _flag(arguments: list[_Argument], source: Source) -> str | None:
    words = [one.text for one in arguments]
    if words and any(word in ("EXISTS", "TARGET", "IS_DIRECTORY") for word in words):
        # A probe for something else guards nothing.
        is_about = any(source.names.search(word.encode("utf-8", "replace")) for word in words)
        return "probe" if is_about else None
    for word in words:
        name = word.removeprefix("${").rstrip("}")
        if name not in _OPERATORS and not _GIVEN.match(name) and is_constant(name):
            return f"flag {name[:60]}"
    return None


def define(data: bytes) -> Iterator[Definition]:
    """Yield the targets of a wrap; one word may be anybody's."""
    for match in _TARGET.finditer(data):
        name = match[1].decode()
        if "_" in name or "-" in name:
            line = data.count(b"\n", 0, match.start()) + 1
            yield Definition("package", name, line)
            # As a linker writes it: dlopen("libacme_ee.so").
            yield Definition("package", f"lib{name}", line)


def resolver(world: World) -> Resolve:
    """Make what resolves the paths and targets of CMake."""

    def meant(reference: Reference, path: str) -> Meant | None:
        if reference.form != "build" or not reference.level:
            name = _LIBRARY.sub("", _REST.sub("", reference.module))
            wrap = world.names.packages.get(normalize(name))
            if wrap is not None:
                return Meant(wrap, name)
            return world.common.meant(reference, path)
        folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), reference.module))
        wrap = world.wrap_of(folder)
        return None if wrap is None else Meant(wrap, reference.module)

    return meant
