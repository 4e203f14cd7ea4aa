# SPDX-License-Identifier: Apache-2.0
"""The frontier: the lines that no other line beats, and where today's line is beside them.

There is not one answer. A line is beaten where another brings at least as much revenue, as many
adopters and as much to the community, and more of one of them.
"""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from coreline.placement.choices import Flags, Floats, Ints
from coreline.placement.optimum.exact import Lines

_ROUND = 8192


@dataclass(frozen=True)
class Position:
    """Where one line is.

    Attributes:
        line: its index.
        on_frontier: whether none beats it.
        beaten_by: the line with most revenue among those that beat it, or None.
        revenue_lost: how much more that one brings, 0 or more; of its revenue, as a share.
    """

    line: int
    on_frontier: bool
    beaten_by: int | None
    revenue_lost: float


def frontier(lines: Lines) -> Ints:
    """Return the lines that none beats, most revenue first; those that are alike are all there."""
    goods = _goods(lines)
    order = np.lexsort((-goods[:, 2], -goods[:, 1], -goods[:, 0]))
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(goods[order], axis=0) != 0).any(axis=1)
    asked, stairs = order[first], _Stairs()
    on_it = np.zeros(len(asked), dtype=np.bool_)
    # What comes earlier has no less revenue, so a line is beaten where an earlier one has no less
    # of the two other goods.
    for start in range(0, len(asked), _ROUND):
        some = goods[asked[start : start + _ROUND]]
        for place in np.flatnonzero(stairs.are_above(some[:, 1], some[:, 2])):
            on_it[start + place] = stairs.climb(float(some[place, 1]), float(some[place, 2]))
    found: Ints = order[on_it[np.cumsum(first) - 1]].astype(np.int64)
    return found


class _Stairs:
    """The pairs of adopters and community that none so far beats: one ascends, one descends."""

    def __init__(self) -> None:
        self._adopters: list[float] = []
        self._community: list[float] = []

    def are_above(self, adopters: Floats, community: Floats) -> Flags:
        """Return which pairs none on the stairs reaches."""
        at = np.searchsorted(np.asarray(self._adopters), adopters)
        found: Flags = np.asarray([*self._community, -np.inf])[at] < community
        return found

    def climb(self, adopters: float, community: float) -> bool:
        """Take a pair where none reaches it, in place of those that it reaches."""
        at = bisect_left(self._adopters, adopters)
        if at < len(self._community) and self._community[at] >= community:
            return False
        low = at
        while low and self._community[low - 1] <= community:
            low -= 1
        high = at + (at < len(self._adopters) and self._adopters[at] == adopters)
        self._adopters[low:high] = [adopters]
        self._community[low:high] = [community]
        return True


def position(lines: Lines, line: int) -> Position:
    """Say where a line is, today's for one."""
    goods = _goods(lines)
    better = (goods >= goods[line]).all(axis=1) & (goods > goods[line]).any(axis=1)
    if not better.any():
        return Position(line, on_frontier=True, beaten_by=None, revenue_lost=0.0)
    found = np.flatnonzero(better)
    best = int(found[np.argmax(goods[found, 0])])
    lost = 1 - goods[line, 0] / goods[best, 0] if goods[best, 0] > 0 else 0.0
    return Position(line, on_frontier=False, beaten_by=best, revenue_lost=float(lost))


def _goods(lines: Lines) -> Floats:
    return np.stack([lines.revenue, lines.adopters, lines.community], axis=1)
