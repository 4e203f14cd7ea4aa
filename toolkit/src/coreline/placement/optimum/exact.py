# SPDX-License-Identifier: Apache-2.0
"""The exact search: every line there could be, at every price, over every person.

With n features that may be on either side there are 2**n lines. Where choices are certain all is
counted in whole numbers: money in the smallest unit that 30 bits hold (a hundredth, where sums
allow), weights in millionths of the population. Where they are noisy it is counted in doubles.
"""

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from coreline.errors import InputError
from coreline.placement.choices import Floats, Ints
from coreline.placement.optimum.market import Market

FEATURES_MAX = 20
"""More are too many lines to look at one by one."""

_PARTS = 1 << 20
_MONEY_MAX = 1 << 30
_CHUNK = 256
# A logit of utilities that differ by more than this is certain, in doubles.
_SURE = 300.0


@dataclass(frozen=True)
class Lines:
    """Every line, at the price that brings most.

    Attributes:
        candidates: the features that may be on either side; bit j of a line's index says that
            ``candidates[j]`` is wrapped.
        wrapped: the features that are wrapped in every line.
        price: int64 [lines], an index into the prices of the market.
        revenue, adopters, community: float64 [lines], as in ``Outcome``.
    """

    candidates: tuple[str, ...]
    wrapped: tuple[str, ...]
    price: Ints
    revenue: Floats
    adopters: Floats
    community: Floats

    def features(self, line: int) -> tuple[str, ...]:
        """Return the features that a line wraps."""
        chosen = (name for bit, name in enumerate(self.candidates) if line >> bit & 1)
        return (*self.wrapped, *chosen)

    def index(self, wrapped: Sequence[str]) -> int:
        """Return the line that wraps these features, and those that are wrapped in any case."""
        return sum(1 << bit for bit, name in enumerate(self.candidates) if name in wrapped)


def every_line(
    market: Market, candidates: Sequence[str], wrapped: Sequence[str] = (), *, draw: int = 0
) -> Lines:
    """Look at every line.

    Args:
        market: who there is, and the prices.
        candidates: the features that may be on either side.
        wrapped: the features that are wrapped in every line; the others are core.
        draw: which draw of the worth.

    Raises:
        InputError: there are too many candidates (``place-too-many``).
    """
    if len(candidates) > FEATURES_MAX:
        raise InputError(
            "place-too-many",
            f"{len(candidates)} candidates make 2^{len(candidates)} lines; "
            f"the exact search looks at {FEATURES_MAX}.",
            "Leave candidate = true to the features that are really in question.",
        )
    if (market.worth.scale[draw] == 0).all():
        found = _certain(market, candidates, wrapped, draw)
    else:
        found = _noisy(market, candidates, wrapped, draw)
    return Lines(tuple(candidates), tuple(wrapped), *found)


def _columns(market: Market, names: Sequence[str], draw: int) -> Floats:
    worth = market.worth
    found: Floats = worth.money[draw][:, [worth.features.index(name) for name in names]]
    return found


_Found = tuple[Ints, Floats, Floats, Floats]


def _certain(
    market: Market, candidates: Sequence[str], wrapped: Sequence[str], draw: int
) -> _Found:
    worth = market.worth
    money = _columns(market, candidates, draw)
    fixed = _columns(market, wrapped, draw).sum(axis=1)
    whole = worth.base[draw] + worth.money[draw].sum(axis=1)
    largest = max(
        float(np.abs(worth.money[draw]).sum(axis=1).max(initial=0)),
        float(np.abs(whole).max(initial=0)),
        float(market.prices[-1]),
    )
    unit = max(0.01, 2 * largest / _MONEY_MAX)
    weight = np.rint(worth.weight / market.population * _PARTS).astype(np.int32)
    order = np.argsort(-np.rint(whole / unit), kind="stable")
    whole_units = np.rint(whole / unit).astype(np.int32)[order]
    weight = weight[order]
    price_units = np.rint(market.prices / unit).astype(np.int32)
    ends = np.searchsorted(-whole_units, -price_units, side="right").astype(np.int64)
    summed = np.concatenate(([0], np.cumsum(weight, dtype=np.int64)))
    all_of_it = int(summed[-1])
    counts = np.arange(all_of_it + 1)
    part = market.growth.years(counts / all_of_it)
    part[1:] *= all_of_it / counts[1:]
    lines = 1 << len(candidates)
    best, adopters = np.zeros(lines, dtype=np.int64), np.zeros(lines, dtype=np.int64)
    revenue, community = np.zeros(lines), np.zeros(lines)
    _search()(
        np.ascontiguousarray(np.rint(money / unit).astype(np.int32)[order].T),
        np.rint(fixed / unit).astype(np.int32)[order],
        whole_units, weight, price_units, ends, summed[ends], part,
        revenue, best, adopters, community,
    )  # fmt: skip
    people = market.population / all_of_it
    using = (adopters * people).astype(np.float64)
    return best, revenue * unit * people, using, community * unit * people


def _search() -> Callable[..., None]:
    """Return the compiled search where numba is installed, else the same in numpy."""
    if importlib.util.find_spec("numba") is None:
        return certain_lines
    from coreline.placement.optimum import kernels

    found: Callable[..., None] = kernels.certain_lines
    return found


def certain_lines(
    money: Ints,
    wrap: Ints,
    whole: Ints,
    weight: Ints,
    prices: Ints,
    ends: Ints,
    always: Ints,
    part: Floats,
    revenue: Floats,
    best: Ints,
    adopters: Ints,
    community: Floats,
) -> None:
    """Do what ``kernels.certain_lines`` does, without numba: some lines at once."""
    mass = weight.astype(np.float64)
    for first in range(0, len(revenue), _CHUNK):
        codes = np.arange(first, min(first + _CHUNK, len(revenue)))
        worth = _bits(codes, len(money)) @ money.astype(np.float64) + wrap
        free = (worth <= whole) * mass
        left = np.maximum(whole - worth, 0) @ mass
        using = np.stack([always[k] + free[:, end:].sum(axis=1) for k, end in enumerate(ends)])
        paying = np.stack(
            [
                (worth[:, :end] >= price) @ mass[:end]
                for end, price in zip(ends, prices, strict=True)
            ]
        )
        at = using.astype(np.int64)
        found = prices[:, None] * (paying * part[at])
        best[codes] = found.argmax(axis=0)
        here = (best[codes], np.arange(len(codes)))
        revenue[codes], adopters[codes] = found[here], at[here]
        community[codes] = left * part[at[here]]


def _noisy(market: Market, candidates: Sequence[str], wrapped: Sequence[str], draw: int) -> _Found:
    worth, weight, everyone = market.worth, market.worth.weight, market.population
    scale = np.where(worth.scale[draw] == 0, 1e-9 * market.prices[-1], worth.scale[draw])
    money, fixed = _columns(market, candidates, draw), _columns(market, wrapped, draw).sum(axis=1)
    whole = worth.base[draw] + worth.money[draw].sum(axis=1)
    paid = np.exp(np.clip((whole[:, None] - market.prices) / scale[:, None], -_SURE, _SURE)).T
    lines = 1 << len(candidates)
    best = np.zeros(lines, dtype=np.int64)
    revenue, adopters, community = np.zeros(lines), np.zeros(lines), np.zeros(lines)
    for first in range(0, lines, _CHUNK):
        codes = np.arange(first, min(first + _CHUNK, lines))
        core = whole - (_bits(codes, len(candidates)) @ money.T + fixed)
        core_odds = np.exp(np.clip(core / scale, -_SURE, _SURE)) + 1
        found = np.empty((len(market.prices), len(codes)))
        using = np.empty_like(found)
        for k, odds in enumerate(paid):
            none = 1 / (core_odds + odds)
            using[k] = everyone - none @ weight
            found[k] = market.prices[k] * (none @ (odds * weight))
        years = market.growth.years(using / everyone) * everyone
        part = np.divide(years, using, out=np.zeros_like(years), where=using > 0)
        found *= part
        best[codes] = found.argmax(axis=0)
        here = (best[codes], np.arange(len(codes)))
        revenue[codes], adopters[codes] = found[here], using[here]
        share = 1 - 1 / (core_odds + paid[best[codes]])
        community[codes] = (share * np.maximum(core, 0)) @ weight * part[here]
    return best, revenue, adopters, community


def _bits(codes: Ints, count: int) -> Floats:
    found: Floats = (codes[:, None] >> np.arange(count) & 1).astype(np.float64)
    return found
