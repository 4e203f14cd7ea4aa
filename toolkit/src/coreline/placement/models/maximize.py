# SPDX-License-Identifier: Apache-2.0
"""The maximum of a log-likelihood: BHHH steps while they go fast, then BFGS from where they stand.

The scores of the observations are all that it asks for. Their outer product is the information
that BHHH steps along (Berndt, Hall, Hall and Hausman, 1974), the metric in which the gradient is
held against zero, and the matrix that BFGS begins with, so no step depends on the unit of a
parameter. A search that does not end at a maximum raises; nothing is returned that only looks
like one. What the estimates mean is left to ``checks`` and ``inference``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from coreline.errors import InputError
from coreline.placement.choices import Floats

Score = Callable[[Floats], tuple[float, Floats]]
"""Parameters → log-likelihood (−inf where not allowed), scores [observations, parameters]."""

CONVERGED_AT = 1e-7
"""The norm of the gradient, in standard errors: the estimates are so near to the maximum."""
FAST = 0.1
"""BHHH goes on while a step brings the norm of the gradient below this part of what it was."""
HALVINGS_MAX = 40
ENOUGH = 1e-4
"""The part of the gain that the gradient promises which a step must bring (Armijo, 1966)."""
FLAT = 1e-12
"""Directions whose scaled information is below this part of the largest are not stepped along."""


@dataclass(frozen=True)
class Maximum:
    """Where a search ended.

    Attributes:
        estimates: float64 [parameters].
        log_likelihood: at the estimates.
        scores: float64 [observations, parameters], at the estimates.
        iterations: steps that were taken.
        gradient_norm: sqrt(g' B⁻¹ g), with B the outer product of the scores: how many standard
            errors the estimates may be off.
    """

    estimates: Floats
    log_likelihood: float
    scores: Floats
    iterations: int
    gradient_norm: float


@dataclass(frozen=True)
class _Place:
    """One point of the search."""

    at: Floats
    height: float
    scores: Floats
    gradient: Floats
    inverse: Floats
    norm: float


def maximize(
    score: Score,
    start: Floats,
    *,
    iterations_max: int = 200,
    names: Sequence[str] = (),
    metric: Floats | None = None,
    converged_at: float = CONVERGED_AT,
) -> Maximum:
    """Find the maximum of a log-likelihood.

    Args:
        score: the function; a step to where it is −inf or no number is halved.
        start: float64 [parameters], where the function is finite.
        iterations_max: steps after which the search is given up.
        names: of the parameters, for messages.
        metric: an inverse information near that of the maximum, where one is known from a coarser
            function: BFGS begins with it, and BHHH is not needed.
        converged_at: the norm of the gradient, in standard errors, at which the search ends.

    Raises:
        InputError: the function is not finite at the start (``model-start``), the search found no
            maximum (``model-not-converged``), or some parameter grows on and on
            (``model-runs-away``).
    """
    labels = tuple(names) or tuple(f"parameter {number + 1}" for number in range(len(start)))
    here = _place(score, np.array(start, dtype=np.float64))
    if here is None:
        raise InputError(
            "model-start",
            "The log-likelihood is no finite number where the search begins.",
            "Scale the attributes so that their values are near 1, such as a price in hundreds.",
        )
    begin, by_scores = here, metric is None
    metric = here.inverse if metric is None else metric
    for iteration in range(iterations_max):
        if here.norm <= converged_at:
            return Maximum(here.at, here.height, here.scores, iteration, here.norm)
        found = _step(score, here, metric)
        if found is None and not by_scores:
            # The matrix that BFGS made over many steps does not point uphill: make it anew.
            metric, by_scores = here.inverse, True
            found = _step(score, here, metric)
        if found is None:
            break
        by_scores = by_scores and found.norm <= FAST * here.norm
        metric = found.inverse if by_scores else _updated(metric, here, found)
        here = found
    if here.norm <= converged_at:
        return Maximum(here.at, here.height, here.scores, iterations_max, here.norm)
    raise _not_found(begin, here, labels, iterations_max)


def hessian(score: Score, at: Floats) -> Floats:
    """Return the second derivatives of a log-likelihood, by central differences of its gradient.

    The steps are a part of the standard error of each parameter, so they fit its unit.
    """
    _, scores = score(at)
    information = np.einsum("np,np->p", scores, scores)
    steps = 1e-3 / np.sqrt(np.where(information > 0, information, 1))
    rows = []
    for index, width in enumerate(steps):
        shift = np.zeros(len(at))
        shift[index] = width
        _, above = score(at + shift)
        _, below = score(at - shift)
        rows.append((above.sum(axis=0) - below.sum(axis=0)) / (2 * width))
    found = np.array(rows)
    symmetric: Floats = (found + found.T) / 2
    return symmetric


def inverse_of(information: Floats) -> Floats:
    """Invert a symmetric matrix in a metric without units; directions without information get 0."""
    scale = np.sqrt(np.abs(np.diag(information)))
    scale = np.where(scale > 0, scale, 1)
    size, axes = np.linalg.eigh(information / np.outer(scale, scale))
    kept = size > FLAT * max(float(size[-1]), np.finfo(np.float64).tiny)
    axes = axes[:, kept] / scale[:, None]
    found: Floats = (axes / size[kept]) @ axes.T
    return found


def _place(score: Score, at: Floats) -> _Place | None:
    """Return a point of the search, or None where the function is not finite."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        height, scores = score(at)
        information = scores.T @ scores
    if not (np.isfinite(height) and np.isfinite(information).all()):
        return None
    gradient = scores.sum(axis=0)
    inverse = inverse_of(information)
    norm = float(np.sqrt(max(0.0, gradient @ inverse @ gradient)))
    return _Place(at, float(height), scores, gradient, inverse, norm)


def _step(score: Score, here: _Place, metric: Floats) -> _Place | None:
    """Go along the metric as far as it brings enough, or return None where no length does."""
    direction = metric @ here.gradient
    slope = float(direction @ here.gradient)
    if not slope > 0:
        return None
    length = 1.0
    # Near the maximum the gain drowns in what the sum over the observations rounds to.
    slack = 1e-13 * abs(here.height)
    for _ in range(HALVINGS_MAX):
        there = _place(score, here.at + length * direction)
        if there is not None and there.height >= here.height + ENOUGH * length * slope - slack:
            return there
        length /= 2
    return None


def _updated(metric: Floats, here: _Place, there: _Place) -> Floats:
    """Return the inverse information after a step (Broyden, Fletcher, Goldfarb, Shanno, 1970)."""
    moved = there.at - here.at
    turned = here.gradient - there.gradient
    along = float(moved @ turned)
    if along <= 1e-12 * float(np.linalg.norm(moved) * np.linalg.norm(turned)):
        return metric
    bent = metric @ turned
    found: Floats = (
        metric
        + (1 + float(turned @ bent) / along) * np.outer(moved, moved) / along
        - (np.outer(bent, moved) + np.outer(moved, bent)) / along
    )
    return found


def _not_found(begin: _Place, here: _Place, names: Sequence[str], tried: int) -> InputError:
    """Say why there is no maximum: a parameter that only grows, or a search that was too short."""
    observations = len(here.scores)
    # The deviation that the information of one observation at the start gives each parameter.
    single = np.sqrt(np.maximum(np.diag(begin.inverse) * observations, 0))
    far = np.abs(here.at - begin.at) > 20 * np.where(single > 0, single, np.inf)
    if far.any() or here.height > -1e-6 * observations:
        grown = [name for name, is_far in zip(names, far, strict=True) if is_far] or list(names)
        return InputError(
            "model-runs-away",
            f"The fit gets better without end as these grow: {', '.join(grown)}. "
            "They tell what is chosen from what is not without one exception.",
            "Leave the attribute out, join rare levels of it, or ask more people.",
        )
    return InputError(
        "model-not-converged",
        f"No maximum was found in {tried} steps: the gradient is still {here.norm:.2g} standard "
        "errors from zero.",
        "Scale the attributes to values near 1, leave some out, or begin nearer to the answer.",
    )
