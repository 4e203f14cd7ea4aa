# SPDX-License-Identifier: Apache-2.0
"""What a language does, imported when the first file of it asks: most runs parse nothing.

Every run loads every language. Expressions that are compiled for a language that a tree has no
file of would be the larger part of a run in which nothing has changed.
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from coreline.boundary.extension import Guard, Resolve, Source
from coreline.boundary.facts import Definition, FileFacts

if TYPE_CHECKING:
    from coreline.boundary.code.grammar import Grammar
    from coreline.boundary.syntax import Path
    from coreline.boundary.world import World


def extracting(module: str, name: str = "extract") -> Callable[[Source], FileFacts]:
    """Return the ``extract`` of a module."""

    def run(source: Source) -> FileFacts:
        function: Callable[[Source], FileFacts] = getattr(import_module(module), name)
        return function(source)

    return run


def defining(module: str) -> Callable[[bytes], Iterable[Definition]]:
    """Return the ``define`` of a module."""

    def run(data: bytes) -> Iterable[Definition]:
        function: Callable[[bytes], Iterable[Definition]] = import_module(module).define
        return function(data)

    return run


def resolving(module: str) -> "Callable[[World], Resolve]":
    """Return the ``resolver`` of a module."""

    def run(world: "World") -> Resolve:
        function: Callable[[World], Resolve] = import_module(module).resolver
        return function(world)

    return run


def naming(module: str) -> Callable[[Mapping[str, str]], Iterable[str]]:
    """Return the ``words`` of a module."""

    def run(owners: Mapping[str, str]) -> Iterable[str]:
        function: Callable[[Mapping[str, str]], Iterable[str]] = import_module(module).words
        return function(owners)

    return run


def guarding(module: str, name: str = "GRAMMAR") -> Callable[[], Guard]:
    """Return what makes, for a file, what says the guard of a place by a module's grammar."""

    def make() -> Guard:
        from coreline.boundary.code.guards import Guards

        grammar: Grammar = getattr(import_module(module), name)
        guards = Guards(grammar)
        compiled: list[Callable[[int], str | None]] = []

        def run(path: "Path") -> str | None:
            around = guards.around(path, lambda _: True)
            if grammar.directives is not None:
                if not compiled:
                    compiled.append(grammar.directives(path[0].text or b""))
                around.compiled = compiled[0](path[-1].start_byte)
            return around.compiled or around.running

        return run

    return make
