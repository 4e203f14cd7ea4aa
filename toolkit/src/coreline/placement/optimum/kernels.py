# SPDX-License-Identifier: Apache-2.0
"""The inner loops of the exact search, compiled by numba where it is installed.

One line after another in the order of Gray's code, so that from one to the next a single feature
changes sides: a person's worth of the wrap is one addition. All is in whole numbers, so that no
sum drifts and no order of work matters.
"""

import numba
import numpy as np

from coreline.placement.choices import Floats, Ints

_BLOCK = 1 << 10
_compiled = numba.njit(cache=True)


@_compiled
def _lowest_bit(number: int) -> int:
    bit = 0
    while not (number >> bit) & 1:
        bit += 1
    return bit


@_compiled
def _add(worth: Ints, row: Ints, sign: int) -> None:
    for i in range(len(worth)):
        worth[i] += np.int32(sign) * row[i]


@_compiled
def _left(worth: Ints, whole: Ints, weight: Ints) -> np.int64:
    """Return what the core is worth to all who would use it alone."""
    left = np.int64(0)
    for i in range(len(worth)):
        left += np.int64(weight[i]) * np.int64(max(whole[i] - worth[i], 0))
    return left


@_compiled
def _best_price(
    worth: Ints, whole: Ints, weight: Ints, prices: Ints, ends: Ints, always: Ints, part: Floats
) -> tuple[int, np.int64, float]:
    """Return the price that brings most, the adopters at it, and what it brings."""
    at, adopters, top = 0, np.int64(0), -1.0
    free, high = np.int64(0), len(worth)
    for k in range(len(prices)):
        low, price = ends[k], prices[k]
        more, paying = np.int32(0), np.int32(0)
        for i in range(low, high):
            more += weight[i] if worth[i] <= whole[i] else 0
        for i in range(low):
            paying += weight[i] if worth[i] >= price else 0
        free += more
        high = low
        found = price * (paying * part[always[k] + free])
        if found > top:
            at, adopters, top = k, always[k] + free, found
    return at, adopters, top


@numba.njit(cache=True, parallel=True)
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
    """Fill the last four arrays, one entry a line; bit j of its index says that j is wrapped.

    Args:
        money: int32 [features, people].
        wrap: int32 [people], what the features that are wrapped in every line are worth.
        whole: int32 [people], what all is worth, descending.
        weight: int32 [people].
        prices: int32, ascending.
        ends: int64 [prices], how many people come before the first whose whole is under the price.
        always: int64 [prices], the weight of these: they pay or use the core, whatever the line.
        part: float64 [weight of all + 1], years of use for one adopter, by the adopters.
        revenue: float64 [lines], at the best price.
        best: int64 [lines], which price that is.
        adopters: int64 [lines], at it.
        community: float64 [lines], at it.
    """
    lines = len(revenue)
    size = min(lines, _BLOCK)
    for block in numba.prange(lines // size):
        first = block * size
        code = first ^ (first >> 1)
        worth = wrap.copy()
        for feature in range(len(money)):
            if (code >> feature) & 1:
                _add(worth, money[feature], 1)
        for step in range(size):
            if step:
                code = (first + step) ^ ((first + step) >> 1)
                feature = _lowest_bit(first + step)
                _add(worth, money[feature], 1 if (code >> feature) & 1 else -1)
            k, using, top = _best_price(worth, whole, weight, prices, ends, always, part)
            best[code], adopters[code], revenue[code] = k, using, top
            community[code] = _left(worth, whole, weight) * part[using]
