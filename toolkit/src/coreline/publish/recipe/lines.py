# SPDX-License-Identifier: Apache-2.0
"""Which line holds for which commit: today's, the commit's own, or one for a range of old commits.

Always a pure function of the commit and of what the manifest says today, so whoever publishes gets
the same ids.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from coreline.errors import InputError
from coreline.manifest.claims import Line
from coreline.manifest.model import MANIFEST_NAME
from coreline.sources.objects import CommitParts, parse_row, tree_rows

Read = Callable[[Iterable[bytes]], Iterator[bytes]]

# Part of the rule: raised when what is published for the same claims changes.
_RULE_VERSION = 2


class Held(NamedTuple):
    """A line that holds for some commits, and the digest of its claims."""

    line: Line
    digest: str

    @classmethod
    def by(cls, line: Line) -> "Held":
        """Return a line with its digest."""
        return cls(line, claims_digest(line))


def claims_digest(line: Line) -> str:
    """Return 16 hexadecimal digits that stand for what the claims say, in whatever order."""
    claims = sorted([claim.side, claim.wrap or "", claim.pattern] for claim in line.claims)
    text = json.dumps([_RULE_VERSION, claims])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Lines(Protocol):
    """Says which line holds."""

    def of(
        self, commits: Sequence[bytes], parts: Sequence[CommitParts], read: Read
    ) -> Sequence[Held]:
        """Return the line of each commit."""
        ...


class Today:
    """Today's line, for every commit."""

    def __init__(self, line: Line) -> None:
        self._held = Held.by(line)

    def of(
        self, commits: Sequence[bytes], parts: Sequence[CommitParts], read: Read
    ) -> Sequence[Held]:
        """Return the line of each commit."""
        return [self._held] * len(commits)


class Own:
    """The line of the commit's own manifest; today's where it has none, or one with mistakes."""

    def __init__(self, today: Line) -> None:
        self._today = Held.by(today)
        self._by_tree: dict[bytes, Held] = {}
        self._by_manifest: dict[bytes, Held] = {}

    def of(
        self, commits: Sequence[bytes], parts: Sequence[CommitParts], read: Read
    ) -> Sequence[Held]:
        """Return the line of each commit."""
        new = [tree for tree in dict.fromkeys(p.tree for p in parts) if tree not in self._by_tree]
        named: dict[bytes, bytes | None] = dict(zip(new, map(_manifest_in, read(new)), strict=True))
        unread = [
            blob
            for blob in dict.fromkeys(named.values())
            if blob is not None and blob not in self._by_manifest
        ]
        for blob, data in zip(unread, read(unread), strict=True):
            self._by_manifest[blob] = self._parsed(data)
        for tree, found in named.items():
            self._by_tree[tree] = self._today if found is None else self._by_manifest[found]
        return [self._by_tree[part.tree] for part in parts]

    def _parsed(self, data: bytes) -> Held:
        from coreline.manifest.parse import parse_manifest

        try:
            return Held.by(parse_manifest(data.decode("utf-8", "replace")).line)
        except InputError:
            return self._today


class Ranged:
    """Lines of their own for the oldest commits, another rule for the rest.

    Args:
        ranges: sets of commits and the line of each; the first that holds a commit decides.
        rest: decides about every other commit.
    """

    def __init__(self, ranges: Sequence[tuple[frozenset[bytes], Line]], rest: Lines) -> None:
        self._ranges = [(commits, Held.by(line)) for commits, line in ranges]
        self._rest = rest

    def of(
        self, commits: Sequence[bytes], parts: Sequence[CommitParts], read: Read
    ) -> Sequence[Held]:
        """Return the line of each commit."""
        found: Mapping[bytes, Held] = {
            name: held
            for name in commits
            for held in [next((h for range_, h in self._ranges if name in range_), None)]
            if held is not None
        }
        left = [(n, p) for n, p in zip(commits, parts, strict=True) if n not in found]
        others = self._rest.of([n for n, _ in left], [p for _, p in left], read)
        rest = dict(zip((n for n, _ in left), others, strict=True))
        return [found.get(name) or rest[name] for name in commits]


def _manifest_in(tree: bytes) -> bytes | None:
    """Return the id of the manifest at the top of a tree."""
    for row in tree_rows(tree):
        entry = parse_row(row)
        if entry.name == MANIFEST_NAME and not (entry.is_folder or entry.is_submodule):
            return None if entry.is_link else entry.target
    return None
