# SPDX-License-Identifier: Apache-2.0
"""Answers of people whose preferences are known."""

import numpy as np

from coreline.placement.choices import Choices, Floats, choices


def planted(
    truth: Floats, *, seed: int = 1, people: int = 300, asked: int = 4, offered: int = 3
) -> Choices:
    """Return choices of people who value attributes a0, a1 … as the truth says."""
    random = np.random.default_rng(seed)
    count = people * asked
    values = random.normal(size=(count, offered, len(truth)))
    chosen = (values @ truth + random.gumbel(size=(count, offered))).argmax(axis=1)
    situation, alternative = np.indices((count, offered)).reshape(2, -1)
    return choices(
        [f"a{index}" for index in range(len(truth))],
        values.reshape(-1, len(truth)),
        situation=situation,
        alternative=np.array(["x", "y", "z", "w"])[alternative],
        chosen=alternative == chosen[situation],
        person=situation // asked,
    )
