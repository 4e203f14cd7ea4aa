# SPDX-License-Identifier: Apache-2.0
"""What no study may move, and what the rule of thumb says of the rest."""

from itertools import product

import pytest

from coreline.errors import InputError
from coreline.manifest.model import Buyer, Concern, Core, Feature, Manifest, Product, Side
from coreline.placement.decision.limits import candidates, limit, limits
from coreline.placement.decision.rule import CAUTION, rule_of_thumb


def line(**features: Feature) -> Manifest:
    """Return a manifest with some features."""
    return Manifest(
        product=Product(name="acme", primary="Keep notes"),
        core=Core(spdx="MIT", paths=["**"]),
        features={name.replace("_", "-"): feature for name, feature in features.items()},
    )


def code(feature: Feature, name: str = "thing") -> str | None:
    """Return the code of what keeps a feature from being placed."""
    refusal = limit(line(**{name: feature}), name.replace("_", "-"))
    return None if refusal is None else refusal.code


def test_what_is_primary_or_critical_never_leaves_the_core() -> None:
    assert code(Feature(side="core", primary=True, candidate=True)) == "place-primary"
    assert code(Feature(side="core", critical=True, candidate=True)) == "place-critical"


@pytest.mark.parametrize("side", ["core", "wrap"])
@pytest.mark.parametrize("concern", ["sign-in", "authorization", "security-fixes", "data-export"])
def test_four_concerns_are_never_placed(side: Side, concern: Concern) -> None:
    feature = Feature(side=side, candidate=True, concern=concern)
    assert code(feature) == "place-concern"
    assert rule_of_thumb(line(thing=feature), "thing").side == "core"


@pytest.mark.parametrize(
    "name",
    ["login", "user_login", "sign_in", "signin", "sso", "saml_sso", "authentication", "mfa"],
)
def test_a_name_that_says_sign_in_is_refused_until_the_manifest_says_more(name: str) -> None:
    assert code(Feature(side="wrap", candidate=True), name) == "place-sign-in"
    assert code(Feature(side="wrap", candidate=True, concern="policy"), name) is None


def test_a_title_counts_as_a_name_does() -> None:
    assert code(Feature(side="wrap", title="Single sign-on for all")) == "place-sign-in"


@pytest.mark.parametrize("name", ["blogging", "assign_in_bulk", "authors", "catalog_in_bulk"])
def test_parts_of_other_words_are_no_sign_in(name: str) -> None:
    assert code(Feature(side="wrap", candidate=True), name) is None


def test_what_is_core_stays_core_unless_it_is_asked_about() -> None:
    assert code(Feature(side="core")) == "place-core-stays"
    assert code(Feature(side="core", candidate=True)) is None
    assert code(Feature(side="wrap")) is None


def test_each_refusal_explains_loose_and_tight_and_what_to_do() -> None:
    refused = limits(
        line(
            a=Feature(side="core", primary=True),
            b=Feature(side="core", critical=True),
            c=Feature(side="wrap", concern="data-export"),
            login=Feature(side="wrap"),
            d=Feature(side="core"),
            free=Feature(side="wrap"),
        )
    )
    assert list(refused) == ["a", "b", "c", "login", "d"]
    for refusal in refused.values():
        assert "tight" in refusal.sentence
        assert "loose" in refusal.sentence
        assert refusal.hint.endswith(".")


def test_an_unknown_feature_is_named_with_the_one_that_was_meant() -> None:
    with pytest.raises(InputError) as caught:
        limit(line(fleet=Feature(side="wrap")), "fleat")
    assert (caught.value.code, caught.value.hint) == (
        "place-feature-unknown",
        "Did you mean fleet?",
    )


def test_candidates_are_what_the_manifest_asks_about() -> None:
    asked = line(a=Feature(side="core", candidate=True), b=Feature(side="wrap"))
    assert candidates(asked) == ("a",)


@pytest.mark.parametrize(
    ("buyer", "contributors", "side"),
    [
        ("individual", None, "core"),
        ("individual", False, "core"),
        ("manager", None, "wrap"),
        ("manager", False, "wrap"),
        ("executive", False, "wrap"),
        ("executive", True, "core"),
        (None, True, "core"),
        (None, False, None),
        (None, None, None),
    ],
)
def test_the_rule_of_thumb(
    buyer: Buyer | None, contributors: bool | None, side: Side | None
) -> None:
    feature = Feature(side="wrap", buyer=buyer, contributors=contributors)
    assert rule_of_thumb(line(thing=feature), "thing").side == side


def test_the_rule_says_what_is_missing_and_always_that_it_is_no_evidence() -> None:
    buyers: list[Buyer | None] = ["individual", "manager", "executive", None]
    for buyer, contributors in product(buyers, [True, False, None]):
        feature = Feature(side="wrap", buyer=buyer, contributors=contributors)
        said = rule_of_thumb(line(thing=feature), "thing")
        assert said.caution == CAUTION
        assert len(said.missing) == (buyer is None) + (contributors is None)
        assert len(said.reasons) >= (buyer is not None) + (contributors is not None)


def test_policy_is_said_to_be_one_that_may_be_sold() -> None:
    feature = Feature(side="wrap", concern="policy", buyer="executive", contributors=False)
    said = rule_of_thumb(line(rules=feature), "rules")
    assert said.side == "wrap"
    assert "policy" in said.reasons[-1]
