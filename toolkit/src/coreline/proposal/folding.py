# SPDX-License-Identifier: Apache-2.0
"""Fewer patterns for the same paths: many names become one glob where it matches nothing else."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from coreline.manifest.globset import GlobSet
from coreline.proposal.model import Owner
from coreline.proposal.patterns import Pattern

# From this many files on, a common ending is easier to read than the list.
ALIKE_MIN = 3
# Endings that say what a file is; a root file with another ending is named.
_ENDING = re.compile(r"[^/*?]+(\.(?:md|rst|go|ya?ml|toml|json|js|cjs|mjs|ts))$")


def fold(
    patterns: Iterable[Pattern], owners: Mapping[str, Owner], anywhere: frozenset[str]
) -> list[Pattern]:
    """Return patterns with those replaced that a wider one can stand for.

    A wider one is taken only where every path it matches is its owner's.
    """
    folded = list(patterns)
    for group in (_by_mark(anywhere), _by_folder(anywhere), _by_ending):
        folded = _replace(folded, owners, group)
    return folded


Group = Callable[[Pattern], tuple[str, int] | None]
"""Which wider glob could stand for a pattern, and for how many it must at least."""


def _replace(patterns: list[Pattern], owners: Mapping[str, Owner], group: Group) -> list[Pattern]:
    members: dict[Pattern, list[Pattern]] = defaultdict(list)
    least: dict[Pattern, int] = {}
    for pattern in patterns:
        if wide := group(pattern):
            candidate = Pattern(pattern.owner, wide[0], pattern.base)
            members[candidate].append(pattern)
            least[candidate] = wide[1]
    candidates = [wide for wide, narrow in members.items() if len(narrow) >= least[wide]]
    good = _only_own(candidates, owners)
    replaced = {narrow for wide in good for narrow in members[wide]}
    return [*good, *(pattern for pattern in patterns if pattern not in replaced)]


def _only_own(candidates: list[Pattern], owners: Mapping[str, Owner]) -> list[Pattern]:
    globs = GlobSet(candidate.glob for candidate in candidates)
    bad = {
        number
        for path, owner in owners.items()
        for number in globs.matches(path)
        if candidates[number].owner != owner
    }
    return [candidate for number, candidate in enumerate(candidates) if number not in bad]


def marks_of(anywhere: frozenset[str]) -> tuple[str, ...]:
    """Return the marks in files' names among the names that mean a wrap, the longest first."""
    marks = (name for name in anywhere if name[0] in "._-")
    return tuple(sorted(marks, key=len, reverse=True))


def _by_mark(anywhere: frozenset[str]) -> Group:
    """``web/**/*.ee.*`` for files whose names hold a mark, in new folders too."""
    marks = marks_of(anywhere)

    def group(pattern: Pattern) -> tuple[str, int] | None:
        if not pattern.base or pattern.owner is None or "*" in pattern.glob:
            return None
        name = pattern.glob.rsplit("/", 1)[-1]
        mark = next((mark for mark in marks if mark in name), None)
        return None if mark is None else (f"{pattern.base}**/*{mark}*", 1)

    return group


def _by_folder(anywhere: frozenset[str]) -> Group:
    """``backend/**/ee/**`` for folders of one name, at any depth."""

    def group(pattern: Pattern) -> tuple[str, int] | None:
        if not pattern.base or pattern.owner is None or not pattern.glob.endswith("/**"):
            return None
        name = pattern.glob[:-3].rsplit("/", 1)[-1]
        return f"{pattern.base}**/{name}/**", 1 if name in anywhere else ALIKE_MIN

    return group


def _by_ending(pattern: Pattern) -> tuple[str, int] | None:
    """``*.md`` for files of one kind at the root."""
    if "/" in pattern.glob:
        return None
    ending = _ENDING.fullmatch(pattern.glob)
    return None if ending is None else (f"*{ending.group(1)}", ALIKE_MIN)
