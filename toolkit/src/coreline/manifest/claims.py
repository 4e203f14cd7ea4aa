# SPDX-License-Identifier: Apache-2.0
"""Which side claims a path: the line, applied.

A claim is one pattern of the manifest. The most specific claim wins: the one whose pattern is
covered by every pattern of another owner that also matches. Where no owner has such a pattern,
the claims tie, and nothing is guessed (a guess in either direction leaks or loses a file).
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from typing import NamedTuple

from coreline.manifest.globs import covers
from coreline.manifest.globset import GlobSet
from coreline.manifest.model import MANIFEST_NAME, Manifest, Side


class Claim(NamedTuple):
    """One pattern that gives paths to a side."""

    side: Side
    wrap: str | None
    feature: str | None
    pattern: str
    key: tuple[str | int, ...]
    """Where the manifest says it, such as ``("wraps", "enterprise", "paths", 0)``; empty for the
    manifest's own claim on itself."""

    @property
    def owner(self) -> tuple[Side, str | None]:
        """The side, and which wrap of that side."""
        return self.side, self.wrap


class Tie(NamedTuple):
    """Claims of different owners on one path, none more specific than the others."""

    claims: tuple[Claim, ...]


class Line:
    """The manifest's claims, compiled for many paths."""

    def __init__(self, manifest: Manifest) -> None:
        self.claims = tuple(_claims(manifest))
        self._globs = GlobSet(claim.pattern for claim in self.claims)
        # What wins depends on which claims match, and few sets of them occur.
        self._winners: dict[tuple[int, ...], Claim | Tie] = {}

    def claim(self, path: str) -> Claim | Tie | None:
        """Return the claim that wins a path, a tie, or None where no side claims it.

        Args:
            path: from the repository's root, with forward slashes.
        """
        numbers = self._globs.matches(path)
        if not numbers:
            return OWN_CLAIM if path == MANIFEST_NAME else None
        winner = self._winners.get(numbers)
        if winner is None:
            winner = _most_specific([self.claims[number] for number in numbers])
            self._winners[numbers] = winner
        return winner

    def outcome(self, path: str) -> tuple[tuple[int, ...], Claim | Tie | None]:
        """Return the claims that match a path, by number, and what wins among them."""
        return self._globs.matches(path), self.claim(path)

    def asked_of(self, met: Iterable[tuple[int, ...]]) -> "Line":
        """Return the same line, as if only paths had been asked about in which some claims met.

        Args:
            met: claims by number, as ``outcome`` gives them, of paths that were asked about.
        """
        other = copy(self)
        other._winners = {one: self._winners[one] for one in met if one}
        return other

    @property
    def outcomes(self) -> Mapping[tuple[int, ...], Claim | Tie]:
        """Which claims, by number, met on the paths asked about so far, and what won there."""
        return self._winners

    def matching(self, path: str) -> tuple[Claim, ...]:
        """Return every claim whose pattern matches a path, in the manifest's order."""
        return tuple(self.claims[number] for number in self._globs.matches(path))

    def side(self, path: str) -> Side | None:
        """Return the side of a path; None where nobody claims it or claims tie."""
        claim = self.claim(path)
        return claim.side if isinstance(claim, Claim) else None


# The manifest is published with the core unless a side claims it, so that a reader of the public
# repository can check the line too.
OWN_CLAIM = Claim("core", None, None, MANIFEST_NAME, ())


def _claims(manifest: Manifest) -> Iterator[Claim]:
    for index, pattern in enumerate(manifest.core.paths):
        yield Claim("core", None, None, pattern, ("core", "paths", index))
    for name, wrap in manifest.wraps.items():
        for index, pattern in enumerate(wrap.paths):
            yield Claim("wrap", name, None, pattern, ("wraps", name, "paths", index))
    for name, feature in manifest.features.items():
        owner = wrap_of(manifest, name) if feature.side == "wrap" else None
        for index, pattern in enumerate(feature.paths):
            yield Claim(feature.side, owner, name, pattern, ("features", name, "paths", index))


def wrap_of(manifest: Manifest, feature: str) -> str | None:
    """Return the wrap that holds a feature; the only wrap where the feature names none."""
    named = manifest.features[feature].wrap
    if named is None and len(manifest.wraps) == 1:
        return next(iter(manifest.wraps))
    return named


def _most_specific(claims: list[Claim]) -> Claim | Tie:
    """Return the claim that is narrower than every claim of the other owners, or the tie.

    Claims of one owner may be incomparable among themselves: that takes nothing from it.
    """
    winners = [
        claim
        for claim in claims
        if all(_narrower(claim, other) for other in claims if other.owner != claim.owner)
    ]
    if not winners:
        return Tie(tuple(claim for claim in claims if not _is_beaten(claim, claims)))
    # A feature's claim says more than its side's; the narrower says more than the wider.
    return max(winners, key=lambda claim: (claim.feature is not None, _depth(claim, winners)))


def _narrower(claim: Claim, other: Claim) -> bool:
    return covers(other.pattern, claim.pattern) and not covers(claim.pattern, other.pattern)


def _is_beaten(claim: Claim, claims: list[Claim]) -> bool:
    return any(other.owner != claim.owner and _narrower(other, claim) for other in claims)


def _depth(claim: Claim, claims: list[Claim]) -> int:
    """Return how many of the claims a claim is narrower than."""
    return sum(_narrower(claim, other) for other in claims)
