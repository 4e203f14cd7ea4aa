# SPDX-License-Identifier: Apache-2.0
"""The mixed logit by simulated maximum likelihood (Revelt and Train, 1998; Train, 2009, chapter 6).

People differ in what they value, and all choices of a person are made by the same values. The
search begins at the multinomial logit.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from coreline.errors import InputError
from coreline.placement.choices import Choices, Floats
from coreline.placement.models.design import Differences, Terms, design, differences
from coreline.placement.models.fit import Fit
from coreline.placement.models.halton import Draws, standard
from coreline.placement.models.inference import fit_of
from coreline.placement.models.logit import logit
from coreline.placement.models.maximize import Maximum, hessian, inverse_of, maximize
from coreline.placement.models.mixing import Layout, Mixing, layout
from coreline.placement.models.simulation import Simulation, simulation

CONVERGED_AT = 1e-5
"""In standard errors: what is left to gain is 1e-10 units of log-likelihood."""
COARSE = 8
"""The search begins with this part of the draws."""
COARSE_MIN = 20
COARSE_CONVERGED_AT = 1e-2
BIAS_WARNED = 2.0
"""Units of log-likelihood that simulation may cost before a reader is told."""


@dataclass(frozen=True)
class Mixed:
    """An estimated mixed logit.

    Attributes:
        fit: parameters, their errors, the likelihood. The sign of an ``sd.x`` has no meaning.
        coefficients: the names of the columns of what follows.
        individual: float64 [people, coefficients], conditional means given each person's choices;
            in willingness-to-pay space money, but for the price, whose coefficient it is.
        individual_deviation: how sure that is: the deviation around it.
        random: the random coefficients, in the order of ``covariance``.
        covariance: float64, of the (logarithms of the) random coefficients in the population.
        bias: units of log-likelihood that so few draws may cost, if they were independent; Halton
            draws cost less (half of the relative variance of simulated probabilities: Train,
            2009, chapter 10).
    """

    fit: Fit
    coefficients: tuple[str, ...]
    individual: Floats
    individual_deviation: Floats
    random: tuple[str, ...]
    covariance: Floats
    bias: float

    @property
    def deviations(self) -> Floats:
        """Standard deviations in the population."""
        found: Floats = np.sqrt(np.diag(self.covariance))
        return found

    @property
    def correlation(self) -> Floats:
        """Correlations in the population."""
        spread = self.deviations
        found: Floats = self.covariance / np.outer(spread, spread)
        return found


def mixed(
    answers: Choices,
    mixing: Mixing,
    terms: Terms | None = None,
    *,
    draws: Draws | None = None,
    errors: Literal["hessian", "scores"] = "hessian",
    iterations_max: int = 200,
) -> Mixed:
    """Estimate a mixed logit.

    Args:
        answers: who chose what.
        mixing: which coefficients differ between people, and how.
        terms: the utility; every attribute with one coefficient where None.
        draws: how to integrate; 500 Halton draws a person where None.
        errors: where standard errors come from. "scores" (BHHH) is two to three times faster, for
            the Hessian is made of differences of the scores, and is right if the model is.
        iterations_max: steps after which the search is given up.

    Raises:
        InputError: the answers cannot tell the parameters, also of the multinomial logit that the
            search begins with; see ``checks``, ``maximize``, ``mixing`` and ``halton``.
    """
    draws = draws or Draws()
    made = design(answers, terms)
    placed = layout(mixing, made.names)
    first = logit(answers, terms)
    against = differences(answers, made)
    points = standard(draws, len(answers.people), placed.shapes)
    simulated = simulation(answers, against, placed, points)
    begin = _start(placed, first.estimates, against)
    found = _search(simulated, begin, iterations_max)
    if errors == "hessian":
        information = -hessian(simulated.score, found.estimates)
    else:
        information = found.scores.T @ found.scores
    mean, spread, squares = simulated.individual(found.estimates)
    bias = float(answers.weight @ (squares - 1 / draws.count)) / 2
    warnings = list(first.warnings)
    if bias > BIAS_WARNED:
        warnings.append(
            f"{draws.count} draws are few: simulation may lower the log-likelihood by up to "
            f"{bias:.1f}. See whether twice as many give the same answer."
        )
    fit = fit_of("mixed logit", placed.names, found, information, answers, warnings)
    loadings = placed.linear(found.estimates)[: len(placed.shapes), :-1]
    variance = np.array(
        [{"normal": 1, "uniform": 1 / 3, "triangular": 1 / 6}[one] for one in placed.shapes]
    )
    return Mixed(
        fit=fit,
        coefficients=made.names,
        individual=mean,
        individual_deviation=spread,
        random=tuple(made.names[one] for one in placed.moving[: len(placed.shapes)]),
        covariance=(loadings * variance) @ loadings.T,
        bias=bias,
    )


def _search(simulated: Simulation, begin: Floats, iterations_max: int) -> Maximum:
    """Search with a part of the draws first: the way is long there, and cheap.

    From its end, with the second derivatives there, few steps are left for all draws.
    """
    names = simulated.layout.names
    metric = None
    few = simulated.draws.shape[2] // COARSE
    if few >= COARSE_MIN:
        rough = replace(simulated, draws=np.ascontiguousarray(simulated.draws[:, :, :few]))
        try:
            near = maximize(
                rough.score,
                begin,
                iterations_max=iterations_max,
                names=names,
                converged_at=COARSE_CONVERGED_AT,
            )
            begin, metric = near.estimates, inverse_of(-hessian(rough.score, near.estimates))
        except InputError:
            metric = None  # So few draws may have no maximum where all of them have one.
    return maximize(
        simulated.score,
        begin,
        iterations_max=iterations_max,
        names=names,
        metric=metric,
        converged_at=CONVERGED_AT,
    )


def _start(placed: Layout, estimates: Floats, against: Differences) -> Floats:
    """Begin at the multinomial logit, with deviations of half a unit of utility."""
    unit = 1 / np.sqrt(np.mean(against.values**2, axis=0))
    center, spread = estimates.copy(), unit / 2
    if placed.price is not None:
        price = placed.moving[placed.price]
        rate = max(-estimates[price], unit[price] / 10)
        center, spread = estimates / rate, spread / rate
        center[price] = np.log(rate)
        spread[price] = 0.3
    for row in np.flatnonzero(placed.signs):
        column = placed.moving[row]
        if row != placed.price:
            center[column] = np.log(max(placed.signs[row] * center[column], unit[column] / 10))
            spread[column] = 0.3
    dimension_of = placed.rows == placed.columns
    loads = np.where(dimension_of, spread[placed.moving[placed.rows]], 0.0)
    found: Floats = np.concatenate([center, loads])
    return found
