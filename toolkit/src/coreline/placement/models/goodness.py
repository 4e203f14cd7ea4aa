# SPDX-License-Identifier: Apache-2.0
"""How well a model fits, beside no model at all and beside constants alone."""

from dataclasses import dataclass

import numpy as np

from coreline.errors import InputError
from coreline.placement.choices import Choices
from coreline.placement.models.design import Terms
from coreline.placement.models.fit import Fit
from coreline.placement.models.logit import logit


@dataclass(frozen=True)
class Goodness:
    """Measures of fit.

    Attributes:
        mcfadden: 1 − LL / LL(all alternatives alike).
        adjusted: the same, less the number of parameters (Ben-Akiva and Lerman, 1985).
        beside_constants: 1 − LL / LL(constants alone); None where alternatives have no meaning of
            their own, so constants say nothing.
        akaike, bayes: information criteria; the lower the better.
        chi_square: the likelihood ratio against all alternatives alike.
        p_value: of that ratio.
    """

    mcfadden: float
    adjusted: float
    beside_constants: float | None
    akaike: float
    bayes: float
    chi_square: float
    p_value: float


def goodness(fit: Fit, answers: Choices) -> Goodness:
    """Return how well a model fits the answers that it was estimated from."""
    parameters, height, null = len(fit.names), fit.log_likelihood, fit.null_log_likelihood
    chi_square = 2 * (height - null)
    return Goodness(
        mcfadden=fit.mcfadden,
        adjusted=1 - (height - parameters) / null,
        beside_constants=_beside_constants(height, answers),
        akaike=2 * parameters - 2 * height,
        bayes=parameters * float(np.log(fit.situations)) - 2 * height,
        chi_square=chi_square,
        p_value=chi_square_tail(chi_square, parameters),
    )


def chi_square_tail(value: float, freedom: int) -> float:
    """Return the probability that chi-square with so many degrees of freedom is above a value."""
    from scipy.special import chdtrc

    return float(chdtrc(freedom, max(0.0, value)))


def _beside_constants(height: float, answers: Choices) -> float | None:
    try:
        constants = logit(answers, Terms(constants=True))
    except InputError:  # An alternative that nobody chose, or few people: no such model.
        return None
    return 1 - height / constants.log_likelihood
