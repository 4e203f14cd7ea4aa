# SPDX-License-Identifier: Apache-2.0
"""Published logits come out to the digits that were printed.

Sources: mlogit 1.1-1, vignettes (Croissant, Journal of Statistical Software 95(11), 2020);
Biogeme's examples b01 and b09 (Bierlaire).
"""

from pathlib import Path

import numpy as np
import published
import pytest

from coreline.placement.models.design import Terms
from coreline.placement.models.goodness import goodness
from coreline.placement.models.logit import logit, logit_predict
from coreline.placement.models.nested import nested, nested_predict
from coreline.placement.models.prediction import shares
from coreline.placement.models.willingness import willingness_to_pay


def test_heating(data_folder: Path) -> None:
    fit = logit(published.heating(data_folder))
    assert [f"{one:.8f}" for one in fit.estimates] == ["-0.00623187", "-0.00458008"]
    assert f"{fit.log_likelihood:.1f}" == "-1095.2"


def test_heating_with_constants(data_folder: Path) -> None:
    terms = Terms(("ic", "oc"), constants=True, base="hp")
    fit = logit(published.heating(data_folder), terms)
    assert f"{fit.log_likelihood:.1f}" == "-1008.2"
    answers = published.heating(data_folder)
    given = np.bincount(answers.alternative, answers.chosen) / answers.situations
    # With a constant for each alternative, a logit gives the shares that were observed.
    assert shares(answers, logit_predict(fit, terms)(answers)) == pytest.approx(given)


def test_train(data_folder: Path) -> None:
    fit = logit(published.train(data_folder))
    found = willingness_to_pay(fit, "price", np.random.default_rng(1), robust=False)
    # The vignette turns the attributes around: what one would pay to have less of them.
    assert {one.name: f"{-one.money:.5f}" for one in found} == {
        "time": "25.54337",
        "change": "4.84487",
        "comfort": "14.04028",
    }


def test_mode_canada(data_folder: Path) -> None:
    answers = published.mode_canada(data_folder, ("car", "train", "air"))
    terms = Terms(("cost", "freq"), ("income", "time"), constants=True, base="car")
    assert f"{logit(answers, terms).log_likelihood:.1f}" == "-1951.3"


def test_mode_canada_with_the_bus(data_folder: Path) -> None:
    answers = published.mode_canada(data_folder, ("car", "train", "air", "bus"))
    terms = Terms(("cost", "freq", "ovt"), ("income", "ivt"), constants=True, base="air")
    fit = logit(answers, terms)
    error = dict(zip(fit.names, fit.errors, strict=True))
    assert f"{fit.value('cost'):.7f}" == "-0.0333389"
    assert f"{fit.value('freq'):.7f}" == "0.0925297"
    assert f"{fit.value('ovt'):.7f}" == "-0.0430036"
    assert (f"{error['cost']:.7f}", f"{error['freq']:.7f}") == ("0.0070955", "0.0050976")


SWISSMETRO = Terms(("time", "cost"), constants=True, base="sm")


def test_swissmetro(data_folder: Path) -> None:
    answers = published.swissmetro(data_folder)
    fit = logit(answers, SWISSMETRO)
    assert (fit.situations, f"{fit.log_likelihood:.3f}") == (6768, "-5331.252")
    measures = goodness(fit, answers)
    assert measures.beside_constants is not None
    assert 0 < measures.beside_constants < measures.adjusted < measures.mcfadden
    assert measures.p_value < 1e-12


def test_swissmetro_nested(data_folder: Path) -> None:
    answers = published.swissmetro(data_folder)
    nests = {"existing": ("train", "car")}
    fit = nested(answers, SWISSMETRO, nests)
    assert f"{fit.log_likelihood:.2f}" == "-5236.90"
    probabilities = nested_predict(fit, SWISSMETRO, nests)(answers)
    assert np.log(probabilities[answers.chosen]).sum() == pytest.approx(fit.log_likelihood)
