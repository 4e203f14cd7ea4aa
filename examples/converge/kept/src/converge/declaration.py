# SPDX-License-Identifier: Apache-2.0
"""Reading ``converge.toml``: every mistake in one run, each with its line."""

import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from converge.errors import ConvergeError, DeclarationError, Problem
from converge.model import Declaration, Resource
from converge.order import Cycle, ordered
from converge.places import Places
from converge.resources import KINDS
from converge.resources.line import Line
from converge.table import Table


def read_declaration(source: Path) -> Declaration:
    """Read a declaration from disk.

    Raises:
        DeclarationError: it has mistakes.
        ConvergeError: it cannot be read.
    """
    try:
        text = source.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        hint = "Name the declaration with --file, or write one: see docs/declaration.md."
        raise ConvergeError(f"{source} cannot be read: {error}", hint) from error
    return parse_declaration(text, source)


def parse_declaration(text: str, source: Path) -> Declaration:
    """Parse a declaration; ``source`` is named in messages and anchors relative paths."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DeclarationError(str(source), [Problem(0, str(error))]) from error
    places = Places(text)
    problems: list[Problem] = []
    folder = source.absolute().parent
    resources = [_read(table) for table in _tables(document, folder, places, problems)]
    problems += _unknown_ties(resources, places)
    problems += _claimed_twice(resources, places)
    result: tuple[Resource, ...] = ()
    try:
        result = ordered(resources)
    except Cycle as cycle:
        problems.append(Problem(_line(places, cycle.ids[0]), f"waits for itself: {cycle}."))
    if problems:
        raise DeclarationError(str(source), problems)
    return Declaration(source, result)


def _tables(
    document: dict[str, object], folder: Path, places: Places, problems: list[Problem]
) -> Iterator[Table]:
    for kind, named in document.items():
        if kind not in KINDS:
            near = get_close_matches(kind, KINDS, 1)
            instead = f"did you mean {near[0]}?" if near else f"known are {', '.join(KINDS)}."
            problems.append(Problem(0, f'unknown kind of resource "{kind}"; {instead}'))
        elif not isinstance(named, dict):
            problems.append(Problem(0, f"{kind} must be tables: [{kind}.NAME]."))
        else:
            for name, values in named.items():
                if isinstance(values, dict):
                    yield Table(kind, name, values, folder, places, problems)
                else:
                    problems.append(Problem(0, f"give it a name: [{kind}.NAME], then {name}."))


def _read(table: Table) -> Resource:
    resource = KINDS[table.kind](table)
    table.finish()
    return resource


def _unknown_ties(resources: list[Resource], places: Places) -> Iterator[Problem]:
    known = [resource.id for resource in resources]
    for resource in resources:
        for name in resource.ties.all:
            if name not in known:
                near = get_close_matches(name, known, 1)
                instead = f"; did you mean {near[0]}?" if near else "."
                text = f"{resource.id}: {name} is not declared{instead}"
                yield Problem(_line(places, resource.id), text)


def _claimed_twice(resources: list[Resource], places: Places) -> Iterator[Problem]:
    """Yield paths that two resources would fight over; several lines of one file may share."""
    owners: dict[Path, Resource] = {}
    for resource in resources:
        if resource.path is None:
            continue
        owner = owners.setdefault(resource.path, resource)
        lines = isinstance(owner, Line) and isinstance(resource, Line)
        if owner is not resource and not lines:
            text = f"{resource.id}: {owner.id} already declares {resource.path}."
            yield Problem(_line(places, resource.id), text)


def _line(places: Places, resource: str) -> int:
    kind, _, name = resource.partition(".")
    return places.line(kind, name)
