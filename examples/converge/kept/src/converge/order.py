# SPDX-License-Identifier: Apache-2.0
"""The order in which resources are applied: what others need comes first, else as written."""

from collections.abc import Sequence
from pathlib import Path

from converge.model import Resource
from converge.resources.directory import Directory


class Cycle(Exception):  # noqa: N818 - a finding of the declaration, reported as a problem.
    """Resources that each wait for the next; ``ids`` ends with its first."""

    def __init__(self, ids: list[str]) -> None:
        super().__init__(" → ".join(ids))
        self.ids = ids


def ordered(resources: Sequence[Resource]) -> tuple[Resource, ...]:
    """Return resources so that each follows what it is tied to.

    A directory comes before everything below it without being asked.

    Raises:
        Cycle: some wait for each other.
    """
    by_id = {resource.id: resource for resource in resources}
    needs = {resource.id: _needs(resource, resources) for resource in resources}
    done: dict[str, Resource] = {}
    trail: list[str] = []

    def visit(name: str) -> None:
        if name in trail:
            raise Cycle([*trail[trail.index(name) :], name])
        if name in done:
            return
        trail.append(name)
        for need in needs[name]:
            visit(need)
        trail.pop()
        done[name] = by_id[name]

    for resource in resources:
        visit(resource.id)
    return tuple(done.values())


def _needs(resource: Resource, resources: Sequence[Resource]) -> list[str]:
    known = {other.id for other in resources}
    named = [name for name in resource.ties.all if name in known]
    path = resource.path
    return named if path is None else [*named, *_above(path, resource, resources)]


def _above(path: Path, resource: Resource, resources: Sequence[Resource]) -> list[str]:
    """Return the declared directories that a path lies in."""
    return [
        other.id
        for other in resources
        if isinstance(other, Directory)
        and not other.absent
        and other is not resource
        and other.path in path.parents
    ]
