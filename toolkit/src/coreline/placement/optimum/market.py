# SPDX-License-Identifier: Apache-2.0
"""What a line and a price come to: adopters, payers, revenue, what the community has for free.

This is the plain reference: one line, one price, in doubles. ``exact`` looks at all of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from coreline.errors import InputError
from coreline.placement.choices import Floats
from coreline.placement.optimum.growth import Growth
from coreline.placement.worth import Worth


@dataclass(frozen=True)
class Market:
    """Who there is, and at which prices a paid edition may be sold.

    Attributes:
        worth: what features are worth to people; its weights add up to the population.
        prices: above 0 and ascending, in the currency of ``worth``.
        growth: how the core spreads.
    """

    worth: Worth
    prices: Floats
    growth: Growth

    def __post_init__(self) -> None:
        """Refuse prices that are none.

        Raises:
            InputError: there is none, or not all are above 0 and different (``place-prices``).
        """
        if not len(self.prices) or self.prices[0] <= 0 or (np.diff(self.prices) <= 0).any():
            raise InputError(
                "place-prices",
                "The prices to look at are none, not above 0, or not in ascending order.",
                "Write placement.prices = [500, 1000, 2000, …], each once.",
            )

    @property
    def population(self) -> float:
        """How many could use the product."""
        return float(self.worth.weight.sum())


@dataclass(frozen=True)
class Outcome:
    """What one line comes to at one price.

    Attributes:
        wrapped: the features in the wrap.
        price: of the paid edition, for one period.
        payers, adopters: how many would pay, and would use the core or the product, in the end.
        revenue: over the horizon, undiscounted, where one period is a year.
        community: the worth of the core, over the horizon, to those who use it.
        by_segment: payers and adopters of each segment.
    """

    wrapped: tuple[str, ...]
    price: float
    payers: float
    adopters: float
    revenue: float
    community: float
    by_segment: dict[str, tuple[float, float]]


def outcome(market: Market, wrapped: Iterable[str], price: float, *, draw: int = 0) -> Outcome:
    """Say what a line comes to.

    Everyone does without (worth 0), uses the core (its base and its core features), or pays (all
    features, less the price), whichever is worth most; where choices are noisy, with the shares
    of a logit of these three.

    Raises:
        InputError: a feature is not among those of the market (``place-feature-unknown``).
    """
    worth = market.worth
    names = tuple(wrapped)
    _known(names, worth.features)
    inside = np.isin(worth.features, names)
    wrap = worth.money[draw][:, inside].sum(axis=1)
    whole = worth.base[draw] + worth.money[draw].sum(axis=1)
    paying, using = shares(whole - wrap, whole - price, worth.scale[draw])
    weight = worth.weight
    adopters, payers = float(weight @ using), float(weight @ paying)
    years = float(market.growth.years(adopters / market.population)) * market.population
    part = years / adopters if adopters else 0.0
    of_core = float(weight @ (using * np.maximum(whole - wrap, 0)))
    return Outcome(
        wrapped=names,
        price=price,
        payers=payers,
        adopters=adopters,
        revenue=price * payers * part,
        community=of_core * part,
        by_segment={
            name: (float(weight[of_it] @ paying[of_it]), float(weight[of_it] @ using[of_it]))
            for number, name in enumerate(worth.segments)
            for of_it in (worth.segment == number,)
        },
    )


def shares(core: Floats, paid: Floats, scale: Floats) -> tuple[Floats, Floats]:
    """Return how likely each person pays, and uses the core or the product.

    Args:
        core: what the core is worth to each, over doing without.
        paid: what all of it is worth, less its price.
        scale: the money of one unit of utility; 0 where a choice is certain. Who is indifferent
            pays rather than not, and uses rather than not.
    """
    best = np.maximum(np.maximum(core, paid), 0.0)
    certain = scale == 0
    unit = np.where(certain, 1.0, scale)
    up, down, none = (np.exp((one - best) / unit) for one in (paid, core, np.zeros_like(core)))
    total = up + down + none
    paying = np.where(certain, (paid >= core) & (paid >= 0), up / total)
    using = np.where(certain, (core >= 0) | (paid >= 0), (up + down) / total)
    return paying, using


def _known(names: Sequence[str], features: Sequence[str]) -> None:
    for name in names:
        if name not in features:
            raise InputError(
                "place-feature-unknown",
                f"Nothing is known of what {name} is worth.",
                f"Known are: {', '.join(features)}.",
            )
