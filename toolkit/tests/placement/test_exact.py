# SPDX-License-Identifier: Apache-2.0
"""The exact search says of every line what the plain reference says of one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp

from coreline.errors import InputError
from coreline.placement.optimum import exact
from coreline.placement.optimum.exact import every_line
from coreline.placement.optimum.frontier import frontier, position
from coreline.placement.optimum.growth import Growth
from coreline.placement.optimum.market import Market, outcome
from coreline.placement.worth import Worth

GROWTH = Growth(innovation=0.03, imitation=0.38, horizon_years=5)
NAMES = ("apply", "fleet", "audit", "sso", "reports")


def market(seed: int, scale: float, *, growth: Growth = GROWTH) -> Market:
    """Make people whose worth is in whole cents and whose weights are alike."""
    random = np.random.default_rng(seed)
    people = 64
    worth = Worth(
        features=NAMES,
        money=np.round(random.normal(300, 400, (1, people, len(NAMES))), 2),
        base=np.round(random.normal(-200, 600, (1, people)), 2),
        scale=np.full((1, people), scale),
        segment=random.integers(0, 2, people),
        segments=("team", "enterprise"),
        weight=np.full(people, 10.0),
        currency="USD",
    )
    return Market(worth, np.array([100.0, 250.0, 700.0, 1200.0]), growth)


@pytest.mark.parametrize("scale", [0.0, 150.0])
@pytest.mark.parametrize("compiled", [True, False])
@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 10**6))
def test_every_line_is_what_the_reference_says(seed: int, scale: float, compiled: bool) -> None:
    one = market(seed, scale)
    with pytest.MonkeyPatch.context() as patch:
        if not compiled:
            patch.setattr(exact, "_search", lambda: exact.certain_lines)
        lines = every_line(one, NAMES[1:4], NAMES[4:])
    assert len(lines.revenue) == 8
    for index in range(8):
        said = [outcome(one, lines.features(index), price) for price in one.prices]
        best = max(said, key=lambda each: each.revenue)
        assert lines.revenue[index] == pytest.approx(best.revenue, rel=1e-9)
        chosen = said[lines.price[index]]
        assert chosen.revenue == pytest.approx(best.revenue, rel=1e-9)
        assert lines.adopters[index] == pytest.approx(chosen.adopters, rel=1e-9)
        assert lines.community[index] == pytest.approx(chosen.community, rel=1e-9)
        assert lines.index(lines.features(index)) == index


def test_what_leaves_the_core_costs_adoption() -> None:
    """With word of mouth, the best line is not to wrap all."""
    random = np.random.default_rng(3)
    money = np.abs(random.normal(200, 80, (1, 400, 3)))
    worth = Worth(("a", "b", "c"), money, np.full((1, 400), -500.0), np.zeros((1, 400)),
                  np.zeros(400, dtype=np.int64), ("all",), np.ones(400), "USD")  # fmt: skip
    lines = every_line(Market(worth, np.array([100.0, 200.0, 300.0]), GROWTH), "abc")
    assert lines.adopters[0] > 1.3 * lines.adopters[7]
    assert lines.revenue.argmax() not in (0, 7)


def test_the_frontier_is_what_nothing_beats() -> None:
    lines = every_line(market(5, 150.0), NAMES)
    goods = np.stack([lines.revenue, lines.adopters, lines.community], axis=1)
    slow = {
        line
        for line, one in enumerate(goods)
        if not any((other >= one).all() and (other > one).any() for other in goods)
    }
    assert set(frontier(lines).tolist()) == slow
    for line in range(len(goods)):
        here = position(lines, line)
        assert here.on_frontier == (line in slow)
        if here.beaten_by is not None:
            assert (goods[here.beaten_by] >= goods[line]).all()
            assert 0 <= here.revenue_lost <= 1


@pytest.mark.parametrize(
    ("imitation", "ceiling"), list(product((0.0, 0.38, 2.0), (0.05, 0.6, 1.0)))
)
def test_growth_is_what_its_equation_says(imitation: float, ceiling: float) -> None:
    growth = Growth(innovation=0.03, imitation=imitation, horizon_years=7)
    solved = solve_ivp(
        lambda _, n: (0.03 + imitation * n) * (ceiling - n), (0, 7), [0.0], rtol=1e-10, atol=1e-12
    )
    assert growth.share(ceiling, 7) == pytest.approx(solved.y[0, -1], rel=1e-7)
    area, _ = quad(lambda year: float(growth.share(ceiling, year)), 0, 7)
    assert growth.years(ceiling) == pytest.approx(area, rel=1e-9)


def test_a_lower_ceiling_is_reached_more_slowly() -> None:
    assert GROWTH.share(0.9, 3) / 0.9 > 1.2 * GROWTH.share(0.3, 3) / 0.3


def test_what_cannot_be_searched_is_refused() -> None:
    one = market(1, 0.0)
    with pytest.raises(InputError) as many:
        every_line(one, [f"f{number}" for number in range(21)])
    assert many.value.code == "place-too-many"
    with pytest.raises(InputError) as unknown:
        outcome(one, ["nothing"], 100)
    assert unknown.value.code == "place-feature-unknown"
    with pytest.raises(InputError) as prices:
        Market(one.worth, np.array([200.0, 100.0]), GROWTH)
    assert prices.value.code == "place-prices"
