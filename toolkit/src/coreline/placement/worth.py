# SPDX-License-Identifier: Apache-2.0
"""What features are worth to people: what models give and what the optimum is searched over."""

from dataclasses import dataclass

import numpy as np

from coreline.placement.choices import Floats, Ints


@dataclass(frozen=True)
class Worth:
    """Willingness to pay, person by person and draw by draw.

    Attributes:
        features: the features, in the order of the last axis of ``money``.
        money: float64 [draws, people, features], in ``currency`` for one price period; one draw
            where only a point estimate is known.
        base: float64 [draws, people], what the product without any of these features is worth
            over doing without it (from the none option); its sign may be either.
        scale: float64 [draws, people], the money that one unit of utility is worth (1 / price
            coefficient): how noisy a choice is. 0 where choices are taken to be certain.
        segment: int64 [people], an index into ``segments``.
        segments: their names.
        weight: float64 [people], how many of the population a person stands for.
        currency: ISO 4217.
    """

    features: tuple[str, ...]
    money: Floats
    base: Floats
    scale: Floats
    segment: Ints
    segments: tuple[str, ...]
    weight: Floats
    currency: str

    def __post_init__(self) -> None:
        """Check the shapes: a wrong one is a bug of whoever made it."""
        draws, people, features = self.money.shape
        shapes_agree = (
            features == len(self.features)
            and self.base.shape == (draws, people)
            and self.scale.shape == (draws, people)
            and self.segment.shape == (people,)
            and self.weight.shape == (people,)
        )
        if not shapes_agree:
            raise ValueError("worth: the shapes do not agree")

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return len(self.money)

    def mean(self) -> "Worth":
        """Return the mean over the draws, as one draw."""
        return Worth(
            features=self.features,
            money=self.money.mean(axis=0, keepdims=True),
            base=self.base.mean(axis=0, keepdims=True),
            scale=self.scale.mean(axis=0, keepdims=True),
            segment=self.segment,
            segments=self.segments,
            weight=self.weight,
            currency=self.currency,
        )

    def draw(self, number: int) -> "Worth":
        """Return one draw alone."""
        one = slice(number, number + 1)
        return Worth(
            features=self.features,
            money=self.money[one],
            base=self.base[one],
            scale=self.scale[one],
            segment=self.segment,
            segments=self.segments,
            weight=self.weight,
            currency=self.currency,
        )

    def by_segment(self) -> dict[str, Floats]:
        """Return the weighted mean willingness to pay of each segment: [features]."""
        mean = self.money.mean(axis=0)
        found: dict[str, Floats] = {}
        for index, name in enumerate(self.segments):
            of_it = self.segment == index
            if self.weight[of_it].sum() > 0:
                found[name] = np.average(mean[of_it], axis=0, weights=self.weight[of_it])
        return found
