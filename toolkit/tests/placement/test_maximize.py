# SPDX-License-Identifier: Apache-2.0
"""The search ends at the maximum, or says that there is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreline.errors import InputError
from coreline.placement.choices import Floats
from coreline.placement.models.maximize import hessian, inverse_of, maximize

RANDOM = np.random.default_rng(5)
SAMPLE = RANDOM.normal([2.0, -300.0], [1.0, 50.0], size=(400, 2))


def normal(at: Floats) -> tuple[float, Floats]:
    """Return the likelihood of means and log deviations of the sample."""
    mean, log_deviation = at[:2], at[2:]
    off = (SAMPLE - mean) / np.exp(log_deviation)
    scores = np.hstack([off / np.exp(log_deviation), off**2 - 1])
    return float((-0.5 * off**2 - log_deviation).sum()), scores


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.tuples(st.floats(-3, 6), st.floats(-400, 0), st.floats(-1, 3), st.floats(2, 6)))
def test_the_known_maximum_is_found_from_anywhere_near(start: tuple[float, ...]) -> None:
    found = maximize(normal, np.array(start))
    known = np.concatenate([SAMPLE.mean(axis=0), np.log(SAMPLE.std(axis=0))])
    assert found.estimates == pytest.approx(known, abs=1e-5)
    assert found.gradient_norm <= 1e-7
    # At the maximum, means have the information n / variance, and log deviations 2n.
    information = np.diag(-hessian(normal, found.estimates))
    assert information == pytest.approx([*(400 / SAMPLE.var(axis=0)), 800, 800], rel=1e-3)


def always_yes(at: Floats) -> tuple[float, Floats]:
    """Return the likelihood of 50 people who all said yes."""
    no = 1 / (1 + np.exp(at[0]))
    return 50 * float(np.log1p(-no)), np.full((50, 1), no)


def test_a_parameter_that_grows_without_end_is_named() -> None:
    with pytest.raises(InputError) as caught:
        maximize(always_yes, np.zeros(1), iterations_max=100, names=["taste"])
    assert caught.value.code == "model-runs-away"
    assert "taste" in caught.value.sentence


def test_a_step_to_where_there_is_no_likelihood_is_halved() -> None:
    def inside(at: Floats) -> tuple[float, Floats]:
        if at[0] <= 0:
            return -np.inf, np.zeros((100, 1))
        return float(100 * (np.log(at[0]) - at[0] / 0.01)), np.full((100, 1), 1 / at[0] - 100)

    # All scores are alike, so their outer product is no information; the gain decides.
    assert maximize(inside, np.array([5.0])).estimates == pytest.approx([0.01], rel=1e-3)


def test_directions_without_information_are_left_alone() -> None:
    assert inverse_of(np.diag([4.0, 0.0])) == pytest.approx(np.diag([0.25, 0.0]))
