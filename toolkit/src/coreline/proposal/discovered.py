# SPDX-License-Identifier: Apache-2.0
"""What reading a repository with a first manifest shows that paths do not: gates, look-ups, names.

The line must name them where the wrap does not exist any more: a public copy of the core has no
wrap to learn its names from, and the calls of an undeclared helper are not looked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from coreline.boundary.beyond.resolving import Beyond
from coreline.boundary.subject import Subject, is_test
from coreline.proposal.model import Evidence
from coreline.proposal.product import Said

_One = TypeVar("_One")

NAMES_MAX = 12
GATES_MAX = 8


class SaidLookup(NamedTuple):
    """A look-up helper, as a manifest declares it."""

    call: str
    core: str
    into: str
    evidence: Evidence


class Discovered(NamedTuple):
    """What is proposed beside paths, modules and packages."""

    gates: tuple[Said, ...]
    lookups: Mapping[str, tuple[SaidLookup, ...]]
    """By wrap."""
    names: Mapping[str, tuple[Said, ...]]
    """By wrap: what only it defines and the core names."""

    def __bool__(self) -> bool:
        """Whether there is anything to propose."""
        return bool(self.gates or self.lookups or self.names)


def discover(subject: Subject) -> Discovered:
    """Return what a tree shows that the manifest it was read with does not declare."""
    return Discovered(
        gates=tuple(_gates(subject)),
        lookups=_by_wrap(_lookups(subject)),
        names={wrap: some[:NAMES_MAX] for wrap, some in _by_wrap(_names(subject)).items()},
    )


def _by_wrap(found: Iterable[tuple[str, _One]]) -> Mapping[str, tuple[_One, ...]]:
    sorted_: dict[str, list[_One]] = defaultdict(list)
    for wrap, one in found:
        sorted_[wrap].append(one)
    return {wrap: tuple(some) for wrap, some in sorted_.items()}


def _gates(subject: Subject) -> Iterator[Said]:
    known = set(subject.manifest.core.gates)
    for one in subject.own_gates:
        name = one.definition.name
        if subject.is_core(one.path) and name not in known and len(known) < GATES_MAX:
            known.add(name)
            yield Said(name, Evidence(one.path, one.definition.line, "looks like a license check"))


def _lookups(subject: Subject) -> Iterator[tuple[str, SaidLookup]]:
    known: set[str] = set()
    for helper in Beyond(subject.world).helpers:
        is_new = not helper.is_declared and helper.call not in known
        if is_new and subject.is_core(helper.path) and not is_test(helper.path):
            known.add(helper.call)
            says = "puts it before the name of a module" if not helper.core else "swaps them"
            place = Evidence(helper.path, helper.reference.line, says)
            yield helper.wrap, SaidLookup(helper.call, helper.core, helper.into, place)


def _names(subject: Subject) -> Iterator[tuple[str, Said]]:
    known: set[str] = set()
    for one in subject.references:
        name = one.meant.name
        kind = subject.world.names.defined.get(name, ("", "declared"))[1]
        is_new = one.reference.form == "name" and kind != "declared" and name not in known
        if is_new and subject.is_core(one.path):
            known.add(name)
            says = f"names this {'variable' if kind == 'environment' else kind}"
            yield one.meant.wrap, Said(name, Evidence(one.path, one.reference.line, says))
