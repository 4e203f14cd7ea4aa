# SPDX-License-Identifier: Apache-2.0
"""What one language calls the parts of its syntax: all that the shared extractor is told of it."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct
from tree_sitter import Node

from coreline.boundary.facts import Form
from coreline.boundary.syntax import Path


class Named(NamedTuple):
    """A place in code and what it names."""

    node: Node
    module: str
    names: tuple[str, ...] = ()
    form: Form | None = None
    """None where it is decided by what surrounds the place: ``static`` or ``local``."""
    needed: bool = True
    is_name: bool = True
    guard: str | None = None
    """A guard that the place is for itself, such as a probe."""
    is_compiled: bool = False
    """Whether a compiler looks it up: then no condition and no handler at run time guards it."""


class Place(NamedTuple):
    """What a handler is shown: the nodes down to its own, and the bytes of the hit."""

    path: Path
    start: int
    end: int
    is_hit: Callable[[str], bool]
    """Whether a text holds a name of a wrap."""
    data: bytes
    """The whole file."""

    @property
    def node(self) -> Node:
        """The handler's own node."""
        return self.path[-1]


Handler = Callable[[Place], Iterable[Named] | None]
"""Returns what a statement names; None where the hit is not in the part that names anything."""

_NEVER = re.compile(r"(?!)")


class Grammar(Struct, frozen=True, kw_only=True):
    """The parts of one language's syntax, by the types of nodes of its tree-sitter grammar."""

    package: str
    """The module of the grammar."""
    function: str = "language"
    comments: frozenset[str] = frozenset(["comment", "line_comment", "block_comment"])
    strings: frozenset[str]
    statements: Mapping[str, Handler]
    """Imports and what else names modules by its syntax."""
    whole: frozenset[str] = frozenset()
    """Statements that are taken whole at their first hit, whatever part of them it is in."""
    takers: Mapping[str, Handler] = {}
    """Statements whose string is a name by their syntax: ``#include "x"``, ``require 'x'``."""
    names: frozenset[str] = frozenset()
    """Qualified names in code."""
    bare: frozenset[str] = frozenset()
    """Names alone, which mean a class of the file's own namespace where nothing else is said."""
    separator: str = "."
    is_compiled: bool = True
    """Whether a compiler looks the names in code up."""
    spaces: frozenset[str] = frozenset()
    """Statements that say which namespace the file is of."""
    calls: Mapping[str, str] = {}
    """Calls, and the field of what is called."""
    functions: frozenset[str] = frozenset()
    """What is inside runs when it is called."""
    blocks: frozenset[str] = frozenset()
    conditionals: frozenset[str] = frozenset()
    """What has a field ``condition``."""
    tries: frozenset[str] = frozenset()
    catches: frozenset[str] = frozenset()
    catching: re.Pattern[str] = _NEVER
    """Exceptions of which a handler survives a missing class or module."""
    suppressing: frozenset[str] = frozenset()
    """Functions that survive whatever the block that they are given raises."""
    leaving: frozenset[str] = frozenset(
        ["return_statement", "throw_statement", "continue_statement", "break_statement"]
    )
    importing: re.Pattern[str] = _NEVER
    """Functions and annotations that load what a string names."""
    probing: re.Pattern[str] = _NEVER
    """Those that only ask whether it is there."""
    attributes: Callable[[Node], Mapping[int, str]] | None = None
    """The guards that the children of a node have by attributes, before anything runs; by the
    offsets of their first bytes."""
    directives: Callable[[bytes], Callable[[int], str | None]] | None = None
    """Made once for a file: the guard of a place by lines such as ``#if``, before anything runs."""
    lines: re.Pattern[bytes] | None = None
    """An import as one line is written: for places that the grammar does not understand."""
    is_lenient: bool = False
    """Whether what it does not understand is mostly a macro, which refers to nothing."""
