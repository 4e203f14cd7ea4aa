# SPDX-License-Identifier: Apache-2.0
"""Why a path is on its side: the claim that wins, by which line, and the claims that lost."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from coreline.manifest.claims import Claim, Tie
from coreline.manifest.parse import ParsedManifest
from coreline.manifest.problems import Position

State = Literal["claimed", "unclaimed", "tie"]


class Placed(NamedTuple):
    """A claim and where the manifest makes it."""

    claim: Claim
    position: Position | None
    """None for the manifest's claim on itself, which no line makes."""


class Explanation(NamedTuple):
    """Whose one path is."""

    path: str
    state: State
    winners: tuple[Placed, ...]
    """The claim that wins; several where they tie; none where nobody claims the path."""
    others: tuple[Placed, ...]
    """Claims that match too, and say less."""
    kind: Literal["file"] = "file"


class Group(NamedTuple):
    """Files of a folder that the same claim wins."""

    state: State
    winners: tuple[Placed, ...]
    paths: tuple[str, ...]


class Summary(NamedTuple):
    """Whose the files of a folder are."""

    path: str
    """The folder; empty for the repository's root."""
    groups: tuple[Group, ...]
    kind: Literal["folder"] = "folder"

    @property
    def files(self) -> int:
        """How many files the folder has."""
        return sum(len(group.paths) for group in self.groups)


def explain(parsed: ParsedManifest, path: str) -> Explanation:
    """Return whose a path is, and why.

    Args:
        parsed: the manifest.
        path: from the repository's root, with forward slashes.
    """
    claim = parsed.line.claim(path)
    state, winners = _state(claim)
    others = [one for one in parsed.line.matching(path) if one not in winners]
    return Explanation(
        path,
        state,
        tuple(_placed(parsed, one) for one in winners),
        tuple(_placed(parsed, one) for one in others),
    )


def summarize(parsed: ParsedManifest, folder: str, paths: Iterable[str]) -> Summary:
    """Return the files of a folder by the claim that wins them, those without one first."""
    groups: dict[tuple[Claim, ...], tuple[State, list[str]]] = {}
    for path in paths:
        state, winners = _state(parsed.line.claim(path))
        groups.setdefault(winners, (state, []))[1].append(path)
    order: tuple[State, ...] = ("unclaimed", "tie", "claimed")
    found = [
        Group(state, tuple(_placed(parsed, one) for one in winners), tuple(names))
        for winners, (state, names) in groups.items()
    ]
    found.sort(key=lambda group: (order.index(group.state), -len(group.paths)))
    return Summary(folder, tuple(found))


def _state(claim: Claim | Tie | None) -> tuple[State, tuple[Claim, ...]]:
    if claim is None:
        return "unclaimed", ()
    return ("tie", claim.claims) if isinstance(claim, Tie) else ("claimed", (claim,))


def _placed(parsed: ParsedManifest, claim: Claim) -> Placed:
    return Placed(claim, parsed.position(claim.key) if claim.key else None)
