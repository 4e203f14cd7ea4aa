# SPDX-License-Identifier: Apache-2.0
"""From a maximum to a Fit: covariances, the null model, warnings; the same for every model."""

from collections.abc import Sequence

import numpy as np

from coreline.placement.choices import Choices, Floats
from coreline.placement.models.checks import check_information, too_close
from coreline.placement.models.fit import Fit
from coreline.placement.models.maximize import Maximum


def fit_of(
    model: str,
    names: Sequence[str],
    found: Maximum,
    information: Floats,
    answers: Choices,
    warnings: Sequence[str] = (),
) -> Fit:
    """Make a Fit.

    Args:
        model: its name for a reader.
        names: of the parameters.
        found: the maximum; its scores are of situations or of people.
        information: the negative Hessian at the maximum.
        answers: what the model was estimated from.
        warnings: what is known already.

    Raises:
        InputError: the information is singular (``model-not-identified``).
    """
    condition = check_information(information, names)
    scale = np.sqrt(np.diag(information))
    covariance = np.linalg.inv(information / np.outer(scale, scale)) / np.outer(scale, scale)
    return Fit(
        model=model,
        names=tuple(names),
        estimates=found.estimates,
        covariance=covariance,
        log_likelihood=found.log_likelihood,
        null_log_likelihood=null_log_likelihood(answers),
        situations=answers.situations,
        people=len(answers.people),
        iterations=found.iterations,
        gradient_norm=found.gradient_norm,
        condition=condition,
        robust=sandwich(covariance, found.scores, answers),
        warnings=[*warnings, *too_close(condition)],
    )


def sandwich(covariance: Floats, scores: Floats, answers: Choices) -> Floats:
    """Return the covariance that holds where answers of a person hang together (Huber, 1967)."""
    by_person = scores
    if len(scores) != len(answers.people):
        starts = np.searchsorted(answers.person, np.arange(len(answers.people)))
        by_person = np.add.reduceat(scores, starts, axis=0)
    found: Floats = covariance @ (by_person.T @ by_person) @ covariance
    return found


def null_log_likelihood(answers: Choices) -> float:
    """Return the log-likelihood where all alternatives on offer are alike."""
    sizes = np.bincount(answers.situation)
    return -float(answers.weight[answers.person] @ np.log(sizes))
