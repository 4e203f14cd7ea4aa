# SPDX-License-Identifier: Apache-2.0
"""The nested logit: alternatives of a nest are more alike than those of different nests.

The utility of an alternative is as in the multinomial logit; each nest has an inclusive-value
parameter λ beside it (Williams, 1977; McFadden, 1978). λ = 1 is the multinomial logit, and the
nearer to 0, the more alike are the alternatives of the nest. Above 1, nobody who maximizes utility
would choose so, and the model is refused. (Biogeme's nest parameter is 1/λ.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from coreline.errors import InputError
from coreline.placement.choices import Choices, Floats, Ints
from coreline.placement.models.checks import check_answers
from coreline.placement.models.design import (
    Terms,
    design,
    differences,
    known_alternatives,
)
from coreline.placement.models.fit import Fit
from coreline.placement.models.inference import fit_of
from coreline.placement.models.logit import logit, utility_of
from coreline.placement.models.maximize import Score, hessian, maximize
from coreline.placement.models.prediction import Predict

ABOVE_ONE = 1.645
"""λ this many standard errors above 1 is above it (one-sided, 95 %)."""

Nests = Mapping[str, Sequence[str]]
"""The name of each nest → its alternatives; an alternative of no nest stands alone."""


@dataclass(frozen=True)
class _Groups:
    """Rows ordered by situation and nest.

    Attributes:
        order: int64 [rows], the rows of the answers in this order.
        group: int64 [rows], the group (a nest within a situation) of each row, ascending.
        starts: int64 [groups], its first row.
        nest: int64 [groups], which nest it is; those beyond the named nests stand alone.
        situation: int64 [groups].
        first: int64 [situations], the first group of each situation.
    """

    order: Ints
    group: Ints
    starts: Ints
    nest: Ints
    situation: Ints
    first: Ints


def nested(
    answers: Choices, terms: Terms | None, nests: Nests, *, iterations_max: int = 200
) -> Fit:
    """Estimate a nested logit with two levels; λ of a nest has the name ``nest:NAME``.

    Args:
        answers: who chose what.
        terms: the utility; every attribute with one coefficient where None.
        nests: which alternatives are alike; each in one nest at most.
        iterations_max: steps after which the search is given up.

    Raises:
        InputError: the nests are none (``model-nest-alone``, ``model-nest-twice``,
            ``model-alternative-unknown``), λ of a nest is above 1 (``model-nest-outside``), or
            the answers cannot tell the parameters; see ``checks`` and ``maximize``.
    """
    made = design(answers, terms)
    groups = _groups(answers, nests)
    warnings = check_answers(answers, made, differences(answers, made))
    # Without nests first: a good start, and what is wrong with the attributes is said there.
    start = np.concatenate([logit(answers, terms).estimates, np.ones(len(nests))])
    names = (*made.names, *(f"nest:{name}" for name in nests))
    against = made.values - made.values[answers.chosen][answers.situation]
    score = _score(against[groups.order], answers, groups, len(nests))
    found = maximize(score, start, iterations_max=iterations_max, names=names)
    information = -hessian(score, found.estimates)
    fit = fit_of("nested logit", names, found, information, answers, warnings)
    _check_bounds(fit, len(nests))
    return fit


def nested_predict(fit: Fit, terms: Terms | None, nests: Nests) -> Predict:
    """Return a function that gives the probabilities of alternatives, in these or other answers."""
    count = len(nests)

    def predict(answers: Choices) -> Floats:
        own = fit.names[: len(fit.names) - count]
        utility = utility_of(own, fit.estimates[: len(own)], answers, terms)
        starts = np.searchsorted(answers.situation, np.arange(answers.situations))
        utility = utility - np.maximum.reduceat(utility, starts)[answers.situation]
        groups = _groups(answers, nests)
        alike = np.append(fit.estimates[len(own) :], 1.0)
        level = _levels(utility[groups.order], alike[groups.nest], groups)
        found = np.empty(len(utility))
        found[groups.order] = level.within * level.between[groups.group]
        return found

    return predict


def _groups(answers: Choices, nests: Nests) -> _Groups:
    """Order the rows of each situation by nest; an alternative of no nest is a group by itself."""
    members = [name for nest in nests.values() for name in nest]
    known_alternatives(members, answers.alternatives)
    for nest, inside in nests.items():
        if len(set(inside)) < 2:
            raise InputError(
                "model-nest-alone",
                f"The nest {nest} has one alternative or none, so nothing in it is alike.",
                "Name two alternatives or more, or leave the nest out.",
            )
    if len(set(members)) != len(members):
        twice = sorted({name for name in members if members.count(name) > 1})
        raise InputError(
            "model-nest-twice",
            f"In more than one place of the nests: {', '.join(twice)}.",
            "Put each alternative into one nest at most.",
        )
    of_name = {name: index for index, nest in enumerate(nests.values()) for name in nest}
    kind = np.array(
        [of_name.get(name, len(nests) + index) for index, name in enumerate(answers.alternatives)]
    )
    of_row = kind[answers.alternative]
    order = np.lexsort((of_row, answers.situation))
    situation, of_row = answers.situation[order], of_row[order]
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = (np.diff(situation) != 0) | (np.diff(of_row) != 0)
    starts = np.flatnonzero(begins)
    return _Groups(
        order=order,
        group=np.cumsum(begins) - 1,
        starts=starts,
        nest=np.minimum(of_row[starts], len(nests)),
        situation=situation[starts],
        first=np.searchsorted(situation[starts], np.arange(answers.situations)),
    )


@dataclass(frozen=True)
class _Levels:
    """Shares within and between nests, and what they are made from.

    Attributes:
        within: float64 [rows], the probability of an alternative, given its nest.
        log_sum: float64 [groups], log Σ exp(V/λ) within a nest.
        between: float64 [groups], the probability of a nest.
        total: float64 [situations], log Σ exp(λ log_sum).
    """

    within: Floats
    log_sum: Floats
    between: Floats
    total: Floats


def _levels(utility: Floats, alike: Floats, groups: _Groups) -> _Levels:
    strength = np.exp(utility / alike[groups.group])
    sums = np.add.reduceat(strength, groups.starts)
    log_sum = np.log(sums)
    worth = np.exp(alike * log_sum)
    total = np.add.reduceat(worth, groups.first)
    return _Levels(
        within=strength / sums[groups.group],
        log_sum=log_sum,
        between=worth / total[groups.situation],
        total=np.log(total),
    )


def _score(against: Floats, answers: Choices, groups: _Groups, nests: int) -> Score:
    """Return the log-likelihood and its analytic scores, a row for each situation.

    Args:
        against: [rows in the order of the groups, attributes], less the chosen row's, so that the
            utility of what was chosen is 0.
    """
    chosen = groups.group[answers.chosen[groups.order]]
    weight = answers.weight[answers.person]
    own = against.shape[1]

    def score(parameters: Floats) -> tuple[float, Floats]:
        alike = np.append(parameters[own:], 1.0)[groups.nest]
        if (alike <= 0).any():
            return -np.inf, np.zeros((len(chosen), len(parameters)))
        utility = against @ parameters[:own]
        level = _levels(utility, alike, groups)
        there = alike[chosen]
        height = (there - 1) * level.log_sum[chosen] - level.total
        middle = np.add.reduceat(level.within[:, None] * against, groups.starts, axis=0)
        pulls = np.add.reduceat(level.between[:, None] * middle, groups.first, axis=0)
        scores = np.empty((len(chosen), len(parameters)))
        scores[:, :own] = (1 - 1 / there)[:, None] * middle[chosen] - pulls
        mean = np.add.reduceat(level.within * utility, groups.starts)
        slope = level.log_sum - mean / alike
        by_group = -level.between * slope
        by_group[chosen] += slope[chosen] + mean[chosen] / there**2
        for index in range(nests):
            part = np.where(groups.nest == index, by_group, 0)
            scores[:, own + index] = np.add.reduceat(part, groups.first)
        return float(weight @ height), weight[:, None] * scores

    return score


def _check_bounds(fit: Fit, nests: int) -> None:
    """Refuse a λ above 1, and warn where it may be 1."""
    for name, alike, error in list(zip(fit.names, fit.estimates, fit.errors, strict=True))[-nests:]:
        if alike - ABOVE_ONE * error > 1:
            raise InputError(
                "model-nest-outside",
                f"{name} is {alike:.3g} ± {error:.2g}: above 1, so its alternatives are less "
                "alike than those of different nests, and no maximized utility says so.",
                "Nest other alternatives, or use the multinomial logit.",
            )
        if abs(alike - 1) <= ABOVE_ONE * error:
            fit.warnings.append(f"{name} may be 1 ({alike:.3g} ± {error:.2g}): no nest is needed.")
