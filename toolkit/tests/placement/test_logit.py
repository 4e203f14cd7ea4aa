# SPDX-License-Identifier: Apache-2.0
"""The logits find what was planted, in any unit and order, and refuse what they cannot tell."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import planted

from coreline.errors import InputError
from coreline.placement.choices import Choices, Floats
from coreline.placement.models.design import Terms, design, differences
from coreline.placement.models.logit import information_of, logit, logit_predict, score_of
from coreline.placement.models.maximize import hessian, maximize
from coreline.placement.models.nested import nested, nested_predict
from coreline.placement.models.prediction import elasticities, hit_rate, shares
from coreline.placement.models.willingness import willingness_to_pay

TRUTH = np.array([1.0, -0.5, 0.25])
coefficient = st.floats(-1.5, 1.5)
few = settings(max_examples=20, deadline=None, derandomize=True)


@few
@given(st.lists(coefficient, min_size=1, max_size=4), st.integers(0, 1000))
def test_what_was_planted_is_found(truth: list[float], seed: int) -> None:
    fit = logit(planted(np.array(truth), seed=seed))
    assert (np.abs(fit.estimates - truth) < 5 * fit.errors).all()


@few
@given(st.lists(st.floats(-6, 6), min_size=3, max_size=3))
def test_units_change_nothing_but_units(powers: list[float]) -> None:
    answers, scale = planted(TRUTH), 10.0 ** np.array(powers)
    one, other = logit(answers), logit(replace(answers, values=answers.values * scale))
    assert other.estimates * scale == pytest.approx(one.estimates, rel=1e-5)
    assert other.log_likelihood == pytest.approx(one.log_likelihood)
    assert other.condition == pytest.approx(one.condition, rel=1e-4)


@few
@given(st.permutations(range(3)))
def test_the_order_of_attributes_says_nothing(order: list[int]) -> None:
    answers = planted(TRUTH)
    names = tuple(answers.names[index] for index in order)
    other = logit(replace(answers, names=names, values=answers.values[:, order]))
    assert other.estimates == pytest.approx(logit(answers).estimates[order], rel=1e-5)


@few
@given(st.lists(coefficient, min_size=3, max_size=3))
def test_scores_and_information_are_the_derivatives(parameters: list[float]) -> None:
    answers = planted(TRUTH)
    answers = replace(answers, weight=np.linspace(0.5, 1.5, len(answers.people)))
    against = differences(answers, design(answers))
    score, at = score_of(against), np.array(parameters)
    steps = np.eye(3) * 1e-5
    numeric = [(score(at + step)[0] - score(at - step)[0]) / 2e-5 for step in steps]
    assert score(at)[1].sum(axis=0) == pytest.approx(numeric, abs=1e-4)
    assert -hessian(score, at) == pytest.approx(information_of(against, at), rel=1e-4, abs=1e-2)


def test_a_weight_of_two_is_the_same_answer_twice() -> None:
    answers = planted(TRUTH, people=60)
    weight = np.ones(60)
    weight[:30] = 0
    half = replace(answers, weight=2 - 2 * weight)
    assert logit(half).log_likelihood == pytest.approx(
        2 * logit(planted_part(answers, 30)).log_likelihood
    )


def planted_part(answers: Choices, people: int) -> Choices:
    """Return the answers of the first people."""
    situations = int((answers.person < people).sum())
    rows = answers.situation < situations
    return replace(
        answers,
        values=answers.values[rows],
        situation=answers.situation[rows],
        alternative=answers.alternative[rows],
        chosen=answers.chosen[rows],
        person=answers.person[:situations],
        people=answers.people[:people],
        segment=answers.segment[:people],
        weight=answers.weight[:people],
    )


def with_column(answers: Choices, column: Floats) -> Choices:
    names = (*answers.names, "extra")
    return replace(answers, names=names, values=np.column_stack([answers.values, column]))


def refused(answers: Choices) -> InputError:
    with pytest.raises(InputError) as caught:
        logit(answers)
    assert caught.value.hint
    return caught.value


def test_an_attribute_that_never_differs_is_refused_by_name() -> None:
    answers = planted(TRUTH)
    trouble = refused(with_column(answers, answers.situation.astype(float)))
    assert trouble.code == "model-no-variation"
    assert trouble.sentence.startswith("extra")


def test_an_attribute_that_others_add_up_to_is_refused() -> None:
    answers = planted(TRUTH)
    trouble = refused(with_column(answers, answers.values[:, 0] - 3 * answers.values[:, 1]))
    assert trouble.code == "model-not-identified"
    assert "extra" in trouble.sentence
    assert "a2" not in trouble.sentence


def test_a_constant_for_every_alternative_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        logit(planted(TRUTH), Terms(("a0",), constants=("x", "y", "z")))
    assert caught.value.code == "model-not-identified"


@pytest.mark.parametrize("sign", [1, -1])
def test_an_attribute_that_was_never_chosen_against_is_refused(sign: int) -> None:
    answers = planted(TRUTH)
    some = answers.chosen & (np.arange(len(answers.chosen)) % 7 == 0)
    trouble = refused(with_column(answers, sign * some.astype(float)))
    assert trouble.code == "model-separated"
    assert trouble.sentence.startswith("extra:")


def test_people_without_one_exception_are_refused() -> None:
    answers = planted(TRUTH)
    best = answers.values @ TRUTH
    top = np.maximum.reduceat(best, np.arange(0, len(best), 3))[answers.situation]
    assert refused(replace(answers, chosen=best == top)).code == "model-separated"


def test_too_few_people_are_refused_and_few_are_said() -> None:
    assert refused(planted(TRUTH, people=3, asked=50)).code == "model-too-few"
    assert "Only 20 people" in logit(planted(TRUTH, people=20)).warnings[0]


def test_a_search_that_was_cut_short_gives_nothing() -> None:
    with pytest.raises(InputError) as caught:
        logit(planted(TRUTH), iterations_max=1)
    assert caught.value.code == "model-not-converged"


def test_a_start_without_a_value_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        maximize(lambda at: (-np.inf, np.zeros((1, 1))), np.zeros(1))
    assert caught.value.code == "model-start"


def test_elasticities_are_those_of_the_logit() -> None:
    answers = planted(TRUTH)
    fit = logit(answers)
    predict = logit_predict(fit)
    by_row = predict(answers)
    found = elasticities(predict, answers, "a0")
    own = answers.alternative == 0
    slope = fit.value("a0") * answers.values[own, 0] * by_row[own] * (1 - by_row[own])
    assert found[0, 0] == pytest.approx(slope.sum() / by_row[own].sum(), rel=1e-5)
    # What one alternative loses, the others win.
    assert found @ shares(answers, by_row) == pytest.approx(np.zeros(3), abs=1e-6)
    assert 0.4 < hit_rate(answers, by_row) < 1


def test_both_intervals_hold_the_planted_willingness() -> None:
    fit = logit(planted(TRUTH))
    for one in willingness_to_pay(fit, "a1", np.random.default_rng(1)):
        truth = {"a0": 2.0, "a2": 0.5}[one.name]
        assert one.delta[0] < truth < one.delta[1]
        assert one.krinsky_robb[0] < truth < one.krinsky_robb[1]
        assert one.krinsky_robb == pytest.approx(one.delta, rel=0.3)


def test_money_is_not_told_from_a_price_that_nobody_minds() -> None:
    fit = logit(planted(TRUTH))
    with pytest.raises(InputError, match="do not say that people mind"):
        willingness_to_pay(fit, "a0", np.random.default_rng(1))


NESTS = {"alike": ("x", "y")}


def nested_answers(alike: float, seed: int = 3) -> Choices:
    """Return choices where x and y are alike, drawn from the model's own probabilities."""
    answers = planted(TRUTH, seed=seed, people=600)
    fit = replace(
        logit(answers),
        names=(*answers.names, "nest:alike"),
        estimates=np.append(TRUTH, alike),
    )
    chances = nested_predict(fit, None, NESTS)(answers).reshape(-1, 3)
    assert chances.sum(axis=1) == pytest.approx(np.ones(len(chances)))
    drawn = np.random.default_rng(seed).uniform(size=(len(chances), 1))
    which = (chances.cumsum(axis=1) < drawn).sum(axis=1)
    return replace(answers, chosen=(which[:, None] == np.arange(3)).reshape(-1))


@pytest.mark.parametrize("alike", [0.3, 0.6])
def test_a_planted_nest_is_found(alike: float) -> None:
    fit = nested(nested_answers(alike), None, NESTS)
    assert (np.abs(fit.estimates - [*TRUTH, alike]) < 4 * fit.errors).all()
    assert not fit.warnings


def test_no_nest_is_said_to_be_none() -> None:
    fit = nested(nested_answers(1.0), None, NESTS)
    assert "no nest is needed" in fit.warnings[0]


def test_a_nest_that_no_maximized_utility_gives_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        nested(nested_answers(1.8), None, NESTS)
    assert caught.value.code == "model-nest-outside"


@pytest.mark.parametrize(
    ("code", "nests"),
    [
        ("model-nest-alone", {"alike": ("x",)}),
        ("model-nest-twice", {"alike": ("x", "y"), "other": ("y", "z")}),
        ("model-alternative-unknown", {"alike": ("x", "q")}),
    ],
)
def test_nests_that_are_none_are_refused(code: str, nests: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(InputError) as caught:
        nested(planted(TRUTH), None, nests)
    assert caught.value.code == code
