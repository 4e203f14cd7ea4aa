# SPDX-License-Identifier: Apache-2.0
"""The words of a proposal: what was seen, what a signal says of it, what was decided."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from coreline.proposal.survey import Survey

# How much a clue weighs. Clues of different signals on one path add up, at most to STATED.
DOUBTFUL = 1
"""A name that often means something else, such as ``cloud/``."""
NAMED = 2
"""A name that says it, such as ``ee/``."""
STATED = 3
"""A license text, a header or package metadata says it."""
LETTER = 4
"""A sentence or an SPDX tag says it of exactly this place: it holds inside a wrap too."""

Owner = str | None
"""Who owns a path: the name of a wrap, or None for the core."""


class Evidence(NamedTuple):
    """Where something was seen. ``line`` begins at 1; 0 is the path itself."""

    path: str
    line: int
    says: str

    @property
    def where(self) -> str:
        """The place as people write it."""
        return f"{self.path}:{self.line}" if self.line else self.path


REASONS_MAX = 3


def told(reasons: Iterable[Evidence]) -> list[str]:
    """Return the first reasons as sentences, those that say the same of many places as one."""
    places: dict[str, list[Evidence]] = {}
    for one in reasons:
        places.setdefault(one.says, []).append(one)
    said = [
        f"{found[0].where}: {says}" + (f" (and {len(found) - 1:,} more)" if found[1:] else "")
        for says, found in places.items()
    ]
    more = len(said) - REASONS_MAX
    return [*said[:REASONS_MAX], f"… and {more:,} more"] if more > 0 else said


class Clue(NamedTuple):
    """What one signal says of one folder (ending in a slash) or file.

    ``wrap`` is the wrap's name, empty where the signal cannot tell which, None for the core.
    ``anywhere`` marks a rule about names, which holds for such folders that do not exist yet.
    ``assumed`` is what a doubtful clue comes to when nobody is asked: True for the wrap.
    """

    path: str
    wrap: str | None
    weight: int
    evidence: Evidence
    anywhere: bool = False
    assumed: bool = False


class Example(NamedTuple):
    """A small repository and what the signal says of it: a path and its wrap, or "core"."""

    files: Mapping[str, str]
    says: Mapping[str, str]


@dataclass(frozen=True)
class Signal:
    """One kind of sign by which repositories show where their line is."""

    name: str
    sentence: str
    example: Example
    find: Callable[[Survey], Iterator[Clue]]


class Doubt(NamedTuple):
    """A place whose side was assumed, with the reason; a person may decide otherwise."""

    path: str
    wrap: str
    assumed: bool
    reasons: tuple[Evidence, ...]


DOUBTS_MAX = 10
"""A person is asked about so many places, and told of so many."""


class Claimed(NamedTuple):
    """One pattern of the proposed manifest, with what it claims and why."""

    owner: Owner
    pattern: str
    files: int
    reasons: tuple[Evidence, ...]
