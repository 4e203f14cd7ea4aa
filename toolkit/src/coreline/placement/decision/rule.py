# SPDX-License-Identifier: Apache-2.0
"""The rule of thumb: a side from who would buy a feature and whether contributors would build it.

It needs no data, and says so each time. Where it and evidence differ, evidence is right.
"""

from typing import NamedTuple

from coreline.manifest.model import Buyer, Feature, Manifest, Side
from coreline.placement.decision.limits import limit

CAUTION = "This is a rule of thumb, not evidence: nobody was asked, and nothing was measured."

_BUYERS: dict[Buyer, tuple[Side, str]] = {
    "individual": (
        "core",
        "An individual would choose it, and individuals bring the core to others.",
    ),
    "manager": ("wrap", "A manager would buy it, for a team that works with the core already."),
    "executive": ("wrap", "An executive would buy it, for what a whole company needs of it."),
}


class Rule(NamedTuple):
    """What the rule of thumb says of one feature.

    Attributes:
        feature: its key.
        side: None where the rule cannot say.
        reasons: why, one sentence each.
        missing: keys of the feature's table that would let it say more, as TOML would have them.
    """

    feature: str
    side: Side | None
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    caution: str = CAUTION


def rule_of_thumb(manifest: Manifest, name: str) -> Rule:
    """Return the side that the rule of thumb gives a feature.

    Raises:
        InputError: there is no such feature (``place-feature-unknown``).
    """
    pinned = limit(manifest, name)
    feature = manifest.features[name]
    if pinned is not None:
        return Rule(name, "core", (pinned.sentence,), ())
    side, reasons = _weigh(feature)
    if feature.concern == "policy":
        reasons.append("Access control by policy at scale may be sold: people sign in without it.")
    return Rule(name, side, tuple(reasons), _missing(feature))


def _weigh(feature: Feature) -> tuple[Side | None, list[str]]:
    side, reasons = _of_buyer(feature.buyer)
    if feature.contributors is True:
        reasons.append("Contributors would build it, so outside the core it would be built again.")
        if side == "wrap":
            reasons.append("The two point to different sides; the core has the doubt's benefit.")
        return "core", reasons
    if feature.contributors is False:
        reasons.append("Contributors would not build it, so it is there only where it is paid for.")
        if side is None:
            reasons.append("Who would pay for it is not said, and that decides it.")
    return side, reasons


def _of_buyer(buyer: Buyer | None) -> tuple[Side | None, list[str]]:
    if buyer is None:
        return None, []
    side, reason = _BUYERS[buyer]
    return side, [reason]


def _missing(feature: Feature) -> tuple[str, ...]:
    missing: list[str] = []
    if feature.buyer is None:
        missing.append('buyer = "individual", "manager" or "executive"')
    if feature.contributors is None:
        missing.append("contributors = true or false")
    return tuple(missing)
