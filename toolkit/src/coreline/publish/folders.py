# SPDX-License-Identifier: Apache-2.0
"""What the line says about whole folders, so a history can be filtered without reading it all.

A folder is ``core`` where every path that could ever be below it is core, ``wrap`` where wraps
claim every one, ``closed`` where none is core (some may be nobody's), and ``mixed`` where only its
entries can say. The proof does not use this: it has its own, simpler reasoning (``settled``).
"""

import re
from functools import lru_cache
from typing import Literal

from coreline.manifest.claims import Claim, Line
from coreline.manifest.globs import canonical, covers, segment_regex

Extent = Literal["core", "wrap", "closed", "mixed"]


class Folders:
    """The line, asked about folders.

    Args:
        line: the claims.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._claims = [
            (claim, tuple(canonical(claim.pattern).split("/"))) for claim in line.claims
        ]
        self._known: dict[str, Extent] = {"": self._decide("")}

    def extent(self, folder: str) -> Extent:
        """Return what a folder holds, at any time and whatever its entries are.

        Args:
            folder: from the repository's root, without a slash at its end; empty for the root.
        """
        known = self._known.get(folder)
        if known is None:
            above = self.extent(folder.rpartition("/")[0])
            # What one side has whole, it has at any depth.
            known = above if above in ("core", "wrap") else self._decide(folder)
            self._known[folder] = known
        return known

    def _decide(self, folder: str) -> Extent:
        if not folder:
            # The manifest's own claim on itself lies at the root.
            return "mixed"
        names = tuple(folder.split("/"))
        reaching = [claim for claim, parts in self._claims if _reaches(parts, names)]
        holding = [claim for claim in reaching if covers(claim.pattern, f"{folder}/**")]
        held = self._decide_held(folder, reaching, holding) if holding else "mixed"
        if held == "mixed" and all(claim.side != "core" for claim in reaching):
            return "closed"
        return held

    def _decide_held(self, folder: str, reaching: list[Claim], holding: list[Claim]) -> Extent:
        """Decide a folder of which some claims hold every path and others may hold some.

        What wins where only the first ones match still wins against further claims of its own
        side, whichever of them match.
        """
        # No path of git holds a NUL, so only a claim on everything below matches this one.
        probe = folder + "/\0" * self._depth + "/\0"
        if set(self._line.matching(probe)) != set(holding):
            return "mixed"
        winner = self._line.claim(probe)
        others = [claim for claim in reaching if claim not in holding]
        if isinstance(winner, Claim) and all(claim.owner == winner.owner for claim in others):
            return winner.side
        if self._line.side(probe) != "core" and all(claim.side == "wrap" for claim in others):
            return "closed"
        return "mixed"

    @property
    def _depth(self) -> int:
        return max(len(parts) for _, parts in self._claims)


def _reaches(parts: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Whether a glob, in segments, can match any path below a folder."""
    for index, name in enumerate(names):
        if index >= len(parts):
            return False
        if parts[index] == "**":
            return True
        if not _fits(parts[index], name):
            return False
    return len(parts) > len(names)


@lru_cache(maxsize=65536)
def _fits(segment: str, name: str) -> bool:
    if "*" not in segment and "?" not in segment:
        return segment == name
    return re.fullmatch(segment_regex(segment), name) is not None
