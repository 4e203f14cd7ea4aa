# SPDX-License-Identifier: Apache-2.0
"""The multinomial logit (McFadden, 1974): everybody values alike, and errors are independent.

Alternatives are held against the chosen one, so the utilities of all rows are one matrix product,
and no chosen row is computed at all.
"""

import numpy as np

from coreline.errors import InputError
from coreline.placement.choices import Choices, Floats
from coreline.placement.models.checks import check_answers, check_separation
from coreline.placement.models.design import Differences, Terms, design, differences
from coreline.placement.models.fit import Fit
from coreline.placement.models.inference import fit_of
from coreline.placement.models.maximize import Score, maximize
from coreline.placement.models.prediction import Predict


def logit(answers: Choices, terms: Terms | None = None, *, iterations_max: int = 200) -> Fit:
    """Estimate a multinomial logit.

    Args:
        answers: who chose what.
        terms: the utility; every attribute with one coefficient where None.
        iterations_max: steps after which the search is given up.

    Raises:
        InputError: the answers cannot tell the parameters; see ``checks`` and ``maximize``.
    """
    made = design(answers, terms)
    against = differences(answers, made)
    warnings = check_answers(answers, made, against)
    start = np.zeros(len(made.names))
    try:
        found = maximize(score_of(against), start, iterations_max=iterations_max, names=made.names)
        information = information_of(against, found.estimates)
        return fit_of("multinomial logit", made.names, found, information, answers, warnings)
    except InputError:
        check_separation(against, made.names)
        raise


def score_of(against: Differences) -> Score:
    """Return the log-likelihood and its scores, a row for each situation, as one function."""

    def score(parameters: Floats) -> tuple[float, Floats]:
        odds, total = _odds(against, parameters)
        shares = odds / np.repeat(total, against.sizes)
        pulls = np.add.reduceat(shares[:, None] * against.values, against.starts, axis=0)
        return -float(against.weight @ np.log(total)), -against.weight[:, None] * pulls

    return score


def information_of(against: Differences, parameters: Floats) -> Floats:
    """Return the negative Hessian: the weighted covariance of attributes within situations."""
    odds, total = _odds(against, parameters)
    weighted = odds * np.repeat(against.weight / total, against.sizes)
    pulls = np.add.reduceat(weighted[:, None] * against.values, against.starts, axis=0)
    counted = np.where(against.weight > 0, against.weight, 1)
    found: Floats = (weighted[:, None] * against.values).T @ against.values
    found -= (pulls / counted[:, None]).T @ pulls
    return found


def _odds(against: Differences, parameters: Floats) -> tuple[Floats, Floats]:
    """Return the odds of each alternative against the chosen one, and 1 more than their sum."""
    odds = np.exp(against.values @ parameters)
    return odds, 1 + np.add.reduceat(odds, against.starts)


def logit_predict(fit: Fit, terms: Terms | None = None) -> Predict:
    """Return a function that gives the probabilities of alternatives, in these or other answers.

    Args:
        fit: from ``logit`` with the same terms.
        terms: the utility.
    """

    def predict(answers: Choices) -> Floats:
        utility = utility_of(fit.names, fit.estimates, answers, terms)
        first = np.searchsorted(answers.situation, np.arange(answers.situations))
        utility = utility - np.maximum.reduceat(utility, first)[answers.situation]
        strength = np.exp(utility)
        found: Floats = strength / np.add.reduceat(strength, first)[answers.situation]
        return found

    return predict


def utility_of(
    names: tuple[str, ...], estimates: Floats, answers: Choices, terms: Terms | None
) -> Floats:
    """Return the utility of each row.

    Raises:
        InputError: the terms are of other parameters (``model-other-terms``).
    """
    made = design(answers, terms)
    if made.names != names:
        raise InputError(
            "model-other-terms",
            f"The model has the parameters {', '.join(names)}; these answers and terms give "
            f"{', '.join(made.names)}.",
            "Predict with the terms that the model was estimated with, for the same alternatives.",
        )
    found: Floats = made.values @ estimates
    return found
