# SPDX-License-Identifier: Apache-2.0
"""What a model says would be chosen: shares, and how they answer to a change.

It takes a function from answers to probabilities, as ``logit_predict``, so it serves every model.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from coreline.placement.choices import Choices, Floats

STEP = 1e-4

Predict = Callable[[Choices], Floats]
"""Answers → the probability of each row; what was chosen is not looked at."""


def shares(answers: Choices, probabilities: Floats) -> Floats:
    """Return the weighted share of each alternative: [alternatives], 1 in sum."""
    weight = answers.weight[answers.person][answers.situation]
    found = np.bincount(
        answers.alternative, weight * probabilities, minlength=len(answers.alternatives)
    )
    total: Floats = found / found.sum()
    return total


def elasticities(predict: Predict, answers: Choices, attribute: str) -> Floats:
    """Return by how many percent shares change when an attribute of one alternative grows by 1 %.

    Central differences of the logarithm, so any model and any use of the attribute is counted.

    Returns:
        float64 [alternatives that change, alternatives]: own elasticities on the diagonal, cross
        elasticities beside it.

    Raises:
        InputError: there is no such attribute (``choices-attribute-unknown``).
    """
    answers.column(attribute)  # Said there if there is none.
    column = answers.names.index(attribute)
    rows = []
    for index in range(len(answers.alternatives)):
        sides = []
        for factor in (1 + STEP, 1 - STEP):
            values = answers.values.copy()
            values[answers.alternative == index, column] *= factor
            changed = replace(answers, values=values)
            sides.append(np.log(shares(answers, predict(changed))))
        rows.append((sides[0] - sides[1]) / (2 * STEP))
    return np.array(rows)


def hit_rate(answers: Choices, probabilities: Floats) -> float:
    """Return the part of the choices that the model finds likeliest, ties shared evenly."""
    first = np.searchsorted(answers.situation, np.arange(answers.situations))
    best = probabilities == np.maximum.reduceat(probabilities, first)[answers.situation]
    ties = np.add.reduceat(best.astype(np.float64), first)
    weight = answers.weight[answers.person]
    return float(weight @ (best[answers.chosen] / ties) / weight.sum())
