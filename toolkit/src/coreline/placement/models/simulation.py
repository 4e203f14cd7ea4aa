# SPDX-License-Identifier: Apache-2.0
"""The simulated likelihood of panels of choices, its scores, and what it says of each person.

Against the chosen alternative, the probability of a choice is 1 / (1 + Σ exp(difference)), and
that of all choices of a person the product, averaged over draws (Revelt and Train, 1998; Train,
2009, chapter 6.7). People are taken one at a time: a matrix product for utilities, one for
scores, in memory that fits a cache and does not grow with their number.
"""

from dataclasses import dataclass

import numpy as np

from coreline.placement.choices import Choices, Floats, Ints
from coreline.placement.models.design import Differences
from coreline.placement.models.mixing import Layout

UTILITY_MAX = 600.0
"""A difference of utility above it is a probability of 0 in every use; exp() would overflow."""


@dataclass(frozen=True)
class Person:
    """The choices of one person.

    Attributes:
        moving, fixed: differences to the chosen alternative, [rows, coefficients of the kind].
        sizes: alternatives of each situation but the chosen one.
        size: that of all situations, or 0 where they differ.
    """

    moving: Floats
    fixed: Floats
    sizes: Ints
    starts: Ints
    size: int


@dataclass(frozen=True)
class Simulation:
    """A likelihood by simulation: data, layout of the parameters, draws.

    Attributes:
        draws: float64 [people, dimensions + 1, draws]; the last of the dimensions is 1.
    """

    people: tuple[Person, ...]
    layout: Layout
    draws: Floats
    weight: Floats

    def score(self, parameters: Floats) -> tuple[float, Floats]:
        """Return the log-likelihood and the scores of people."""
        linear = self.layout.linear(parameters)
        fixed = parameters[self.layout.fixed]
        logs = np.empty(len(self.people))
        pulls = np.empty((len(self.people), *linear.shape))
        pulls_fixed = np.empty((len(self.people), len(fixed)))
        for index, person in enumerate(self.people):
            draws = self.draws[index]
            values, slopes = self._coefficients(linear @ draws)
            odds, total, chance, logs[index] = _chances(person, values, fixed)
            # Shares, each weighted by how likely its draw made all choices of the person.
            _times(person, odds, chance / total)
            pull = person.moving.T @ odds
            if slopes is not None:
                of_price = np.einsum("kr,kr->r", pull, values)
                pull *= slopes
                if self.layout.price is not None:
                    pull[self.layout.price] = of_price
            pulls[index] = pull @ draws.T
            if len(fixed):
                pulls_fixed[index] = person.fixed.T @ odds.sum(axis=1)
        scores = self.layout.scores(pulls, pulls_fixed)
        scores *= -self.weight[:, None]
        return float(self.weight @ logs), scores

    def individual(self, parameters: Floats) -> tuple[Floats, Floats, Floats]:
        """Return conditional means and deviations [people, coefficients], and Σ chance² [people].

        The mean of a person's coefficients given what the person chose (Train, 2009, chapter 11).
        In willingness-to-pay space they are in money; that of the price is the coefficient.
        """
        linear = self.layout.linear(parameters)
        fixed = parameters[self.layout.fixed]
        mean = np.tile(parameters[: len(self.layout.labels)], (len(self.people), 1))
        spread = np.zeros_like(mean)
        squares = np.empty(len(self.people))
        for index, person in enumerate(self.people):
            values, _ = self._coefficients(linear @ self.draws[index])
            _, _, chance, _ = _chances(person, values, fixed)
            if self.layout.price is not None:
                price = values[self.layout.price].copy()
                values = values / -price
                values[self.layout.price] = price
            middle = values @ chance
            mean[index, self.layout.moving] = middle
            around = (values - middle[:, None]) ** 2 @ chance
            spread[index, self.layout.moving] = np.sqrt(around)
            squares[index] = chance @ chance
        return mean, spread, squares

    def _coefficients(self, values: Floats) -> tuple[Floats, Floats | None]:
        """Return coefficients [moving, draws] from their linear part, and their slopes by it."""
        layout = self.layout
        if layout.price is None and not layout.signs.any():
            return values, None
        slopes = np.ones_like(values)
        for row in np.flatnonzero(layout.signs):
            values[row] = layout.signs[row] * np.exp(values[row])
            slopes[row] = values[row]
        if layout.price is not None:
            price = values[layout.price].copy()
            values *= -price
            slopes *= -price
            values[layout.price] = price
        return values, slopes


def simulation(answers: Choices, against: Differences, layout: Layout, draws: Floats) -> Simulation:
    """Cut the answers into people."""
    rows = np.repeat(answers.person, against.sizes)
    ends = np.searchsorted(rows, np.arange(len(answers.people) + 1))
    first = np.searchsorted(answers.person, np.arange(len(answers.people) + 1))
    people = []
    for index in range(len(answers.people)):
        sizes = against.sizes[first[index] : first[index + 1]]
        table = against.values[ends[index] : ends[index + 1]]
        people.append(
            Person(
                moving=np.ascontiguousarray(table[:, layout.moving]),
                fixed=np.ascontiguousarray(table[:, layout.fixed]),
                sizes=sizes,
                starts=np.cumsum(sizes) - sizes,
                size=int(sizes[0]) if (sizes == sizes[0]).all() else 0,
            )
        )
    ones = np.ones((len(draws), 1, draws.shape[2]))
    whole = np.concatenate([draws, ones], axis=1)
    return Simulation(tuple(people), layout, whole, answers.weight)


def _chances(person: Person, values: Floats, fixed: Floats) -> tuple[Floats, Floats, Floats, float]:
    """Return odds [rows, draws], 1 + their sums [situations, draws], how likely each draw is
    given the choices [draws], and the log of the simulated probability.
    """
    odds = person.moving @ values
    if len(fixed):
        odds += (person.fixed @ fixed)[:, None]
    np.minimum(odds, UTILITY_MAX, out=odds)
    np.exp(odds, out=odds)
    if person.size == 1:
        total = odds + 1
    elif person.size:
        total = odds.reshape(-1, person.size, odds.shape[1]).sum(axis=1)
        total += 1
    else:
        total = np.add.reduceat(odds, person.starts, axis=0)
        total += 1
    # Many choices of one person may multiply to more than a number holds; logs cost more.
    if len(total) * np.log(total.max()) < 700:
        logs = -np.log(np.multiply.reduce(total, axis=0))
    else:
        logs = -np.log(total).sum(axis=0)
    top = logs.max()
    chance = np.exp(logs - top)
    whole = chance.sum()
    chance /= whole
    return odds, total, chance, float(top + np.log(whole / len(chance)))


def _times(person: Person, odds: Floats, factor: Floats) -> None:
    """Multiply the rows of each situation by the situation's factor, in place."""
    if person.size == 1:
        odds *= factor
    elif person.size:
        shaped = odds.reshape(-1, person.size, odds.shape[1])
        shaped *= factor[:, None, :]
    else:
        odds *= np.repeat(factor, person.sizes, axis=0)
