# SPDX-License-Identifier: Apache-2.0
"""What the proof may take for granted about a folder without looking into it.

Written apart from ``folders``, on which the filter rests, and simpler: it knows claims of the form
``folder/**`` and the literal text that a glob begins with, nothing else. Where that does not
settle a folder, the proof reads it.
"""

from coreline.manifest.claims import Line
from coreline.manifest.model import Side


class Settled:
    """The claims, asked which folders they settle.

    Args:
        line: the claims.
    """

    def __init__(self, line: Line) -> None:
        self._known: dict[str, Side | None] = {}
        self._whole: list[tuple[str, Side]] = []
        self._other: list[tuple[str, int | None, Side]] = []
        for claim in line.claims:
            folder, slash, rest = claim.pattern.rpartition("/")
            if rest == "**" and not _has_wildcard(folder):
                self._whole.append((folder + slash, claim.side))
            else:
                # Without a ** a glob reaches as deep as it has slashes, and no deeper.
                depth = None if "**" in claim.pattern else claim.pattern.count("/")
                self._other.append((_literal_head(claim.pattern), depth, claim.side))

    def side(self, folder: str) -> Side | None:
        """Return the side whose every path below a folder is, or None where that is not settled.

        ``wrap`` says no more than that nothing below is core.

        Args:
            folder: with a slash at its end; not the root.
        """
        if folder not in self._known:
            self._known[folder] = self._side(folder)
        return self._known[folder]

    def _side(self, folder: str) -> Side | None:
        depth = folder.count("/")
        others = {
            side for where, side in self._whole if where != folder and where.startswith(folder)
        }
        others |= {
            side
            for head, deepest, side in self._other
            if (deepest is None or deepest >= depth)
            and (head.startswith(folder) or folder.startswith(head))
        }
        above = [(len(where), side) for where, side in self._whole if folder.startswith(where)]
        if not above:
            return None if "core" in others else "wrap"
        longest = max(above)[0]
        winners = {side for length, side in above if length == longest}
        return winners.pop() if len(winners) == 1 and others <= winners else None


def _has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def _literal_head(pattern: str) -> str:
    ends = [at for at in (pattern.find("*"), pattern.find("?")) if at >= 0]
    return pattern[: min(ends)] if ends else pattern
