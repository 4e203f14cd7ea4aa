# SPDX-License-Identifier: Apache-2.0
"""What people would pay for one more of an attribute, with intervals.

It is −(coefficient of the attribute) / (coefficient of the price), a ratio of two estimates: its
error comes from the delta method, and its interval from draws of both (Krinsky and Robb, 1986),
which may be lopsided as the ratio is.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from coreline.errors import InputError
from coreline.placement.choices import Floats
from coreline.placement.models.fit import Fit

PRICE_CLEAR = 1.96
"""A price that is this many standard errors below 0 is told from 0."""


@dataclass(frozen=True)
class Willingness:
    """What one more of an attribute is worth, in the unit of the price.

    Attributes:
        name: the parameter.
        money: the estimate; below 0 where people would pay to have less.
        error: its standard error, by the delta method.
        delta: the interval by the delta method.
        krinsky_robb: the interval from draws.
    """

    name: str
    money: float
    error: float
    delta: tuple[float, float]
    krinsky_robb: tuple[float, float]


def willingness_to_pay(
    fit: Fit,
    price: str,
    random: np.random.Generator,
    *,
    level: float = 0.95,
    draws: int = 10_000,
    robust: bool = True,
) -> list[Willingness]:
    """Return what every attribute but the price is worth.

    Args:
        fit: with linear utility, such as from ``logit``.
        price: the parameter of the price.
        random: where the draws come from.
        level: the probability that an interval covers.
        draws: of the coefficients.
        robust: take the covariance that is grouped by person, where the model has one.

    Raises:
        InputError: there is no such parameter (``willingness-no-price``), or it cannot be told
            from 0 or is above it, so the ratio has no meaning (``willingness-price-unclear``).
    """
    if price not in fit.names:
        raise InputError(
            "willingness-no-price",
            f"The model has no parameter {price}.",
            f"There are: {', '.join(fit.names)}.",
        )
    index = fit.names.index(price)
    covariance = fit.robust if robust and fit.robust is not None else fit.covariance
    slope, error = float(fit.estimates[index]), float(np.sqrt(covariance[index, index]))
    if slope > -PRICE_CLEAR * error:
        raise InputError(
            "willingness-price-unclear",
            f"The coefficient of {price} is {slope:.3g} ± {error:.2g}: the answers do not say that "
            "people mind a higher price, so nothing can be told in money.",
            "Ask with prices that lie farther apart, or ask more people.",
        )
    drawn = random.multivariate_normal(fit.estimates, covariance, size=draws, method="cholesky")
    tail = (1 - level) / 2
    low, high = np.quantile(-drawn / drawn[:, [index]], [tail, 1 - tail], axis=0)
    money = -fit.estimates / slope
    errors = _delta(fit.estimates, covariance, index)
    reach = _normal(level) * errors
    return [
        Willingness(
            name=name,
            money=float(money[at]),
            error=float(errors[at]),
            delta=(float(money[at] - reach[at]), float(money[at] + reach[at])),
            krinsky_robb=(float(low[at]), float(high[at])),
        )
        for at, name in enumerate(fit.names)
        if at != index
    ]


def _delta(estimates: Floats, covariance: Floats, price: int) -> Floats:
    """Return the errors of the ratios, to the first order."""
    slope = estimates[price]
    gradient = -np.eye(len(estimates)) / slope
    gradient[:, price] += estimates / slope**2
    found: Floats = np.sqrt(np.einsum("kp,pq,kq->k", gradient, covariance, gradient))
    return found


def _normal(level: float) -> float:
    """Return how many standard errors on both sides cover a level."""

    return NormalDist().inv_cdf((1 + level) / 2)
