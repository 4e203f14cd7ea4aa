# SPDX-License-Identifier: Apache-2.0
"""Many globs matched against many paths in one compiled pass.

All patterns run side by side through the folders of a path, as one automaton whose states are
made when a path first needs them. What a folder leads to is remembered, so a file costs one
look-up of its folder and one of its name, however many patterns there are.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from coreline.manifest.globs import canonical, segment_regex

# A place in a pattern: the pattern's number, and which of its segments comes next.
_Place = tuple[int, int]


class GlobSet:
    """Patterns compiled once, for one pass over many paths."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._segments = [canonical(pattern).split("/") for pattern in patterns]
        self._groups: dict[frozenset[_Place], _Group] = {}
        nothing = self._group(frozenset())
        places = [(number, 0) for number in range(len(self._segments))]
        self._folders = {"": self._enter(_State(nothing, nothing, ()), places)}
        # A state and the name of a folder in it lead to the next state.
        self._next: dict[tuple[_State, str], _State] = {}

    def matches(self, path: str) -> tuple[int, ...]:
        """Return the numbers of the patterns that match a path, in order.

        Args:
            path: from the repository's root, with forward slashes.
        """
        folder, _, name = path.rpartition("/")
        state = self._folders.get(folder)
        return (state or self._find(folder)).matches(name)

    def _find(self, folder: str) -> "_State":
        """Return the state of a folder, remembering those on the way to it."""
        state = self._folders[""]
        end = -1
        while end < len(folder):
            start = end + 1
            end = folder.find("/", start)
            end = len(folder) if end < 0 else end
            known = self._folders.get(folder[:end])
            if known is None:
                known = self._folders[folder[:end]] = self._step(state, folder[start:end])
            state = known
        return state

    def _step(self, state: "_State", name: str) -> "_State":
        key = (state, name)
        known = self._next.get(key)
        if known is None:
            reached = state.staying.step(name) + state.here.step(name)
            known = self._next[key] = self._enter(state, reached)
        return known

    def _enter(self, state: "_State", reached: list[_Place]) -> "_State":
        """Return the state below another one where some places were reached."""
        here, staying, every = [], list[_Place](), list[int]()
        for number, index in reached:
            segments = self._segments[number]
            if segments[index] != "**":
                here.append((number, index))
            elif index + 1 < len(segments):
                staying.append((number, index))
            else:
                every.append(number)
        return _State(
            self._group(state.staying.places.union(staying)) if staying else state.staying,
            self._group(frozenset(here)),
            tuple(sorted({*state.every, *every})) if every else state.every,
        )

    def _group(self, places: frozenset[_Place]) -> "_Group":
        if places not in self._groups:
            self._groups[places] = _Group(places, self._segments)
        return self._groups[places]


class _State(NamedTuple):
    """Where all patterns are after some folders."""

    staying: "_Group"
    """Patterns at a ``**``: they stay in every folder below."""
    here: "_Group"
    """Patterns that go on with the next name."""
    every: tuple[int, ...]
    """Patterns that have reached a ``**`` at their end: they match whatever is below."""

    def matches(self, name: str) -> tuple[int, ...]:
        """Return the patterns that the name of a file completes."""
        staying, here = self.staying.matches(name), self.here.matches(name)
        if not staying and not here:
            return self.every
        # A pattern may be at several places; it is counted once.
        return tuple(sorted({*self.every, *staying, *here}))


class _Group:
    """Places in patterns: what the name of a folder, or of a file, does next at any of them."""

    def __init__(self, places: frozenset[_Place], segments: list[list[str]]) -> None:
        self.places = places
        self._literal: dict[str, list[_Place]] = defaultdict(list)
        self._wild: list[tuple[re.Pattern[str], _Place]] = []
        self._exact: dict[str, list[int]] = defaultdict(list)
        # Most globs end in *.py or the like: only those of the name's own suffix are tried.
        self._suffix: dict[str, list[tuple[re.Pattern[str], int]]] = defaultdict(list)
        self._other: list[tuple[re.Pattern[str], int]] = []
        for number, index in places:
            # A ** takes any number of folders; none of them leads to what follows it.
            index += segments[number][index] == "**"
            segment = segments[number][index]
            if index + 1 < len(segments[number]):
                self._add_folder(segment, (number, index + 1))
            else:
                self._add_name(segment, number)

    def _add_folder(self, segment: str, after: _Place) -> None:
        if _is_literal(segment):
            self._literal[segment].append(after)
        else:
            self._wild.append((_compiled(segment), after))

    def _add_name(self, segment: str, number: int) -> None:
        tail = re.split(r"[*?]", segment)[-1]
        if _is_literal(segment):
            self._exact[segment].append(number)
        elif "." in tail:
            self._suffix[tail.rpartition(".")[2]].append((_compiled(segment), number))
        else:
            self._other.append((_compiled(segment), number))

    def step(self, name: str) -> list[_Place]:
        """Return the places that the name of a folder leads to."""
        found = self._literal.get(name, [])
        if self._wild:
            return found + [place for regex, place in self._wild if regex.fullmatch(name)]
        return found

    def matches(self, name: str) -> list[int]:
        """Return the patterns that the name of a file completes."""
        found = self._exact.get(name, [])
        tried = self._suffix.get(name.rpartition(".")[2], []) if self._suffix else []
        for entries in (tried, self._other):
            if entries:
                found = found + [number for regex, number in entries if regex.fullmatch(name)]
        return found


def _is_literal(segment: str) -> bool:
    return "*" not in segment and "?" not in segment


@lru_cache(maxsize=4096)
def _compiled(segment: str) -> re.Pattern[str]:
    return re.compile(segment_regex(segment))
