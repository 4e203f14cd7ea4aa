# SPDX-License-Identifier: Apache-2.0
"""How coefficients differ between people, and which parameters say so.

Each random coefficient is linear in standard draws, and bent where its sign is restricted. That
linear part is one matrix, so a person's coefficients are one matrix product.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from coreline.errors import InputError
from coreline.placement.choices import Floats, Ints
from coreline.placement.models.halton import Shape

Distribution = Literal["normal", "log-normal", "negative log-normal", "uniform", "triangular"]
SIGNS = {"log-normal": 1.0, "negative log-normal": -1.0}


@dataclass(frozen=True)
class Mixing:
    """How coefficients differ between people.

    Attributes:
        random: the distribution of each coefficient that is not the same for all. "log-normal"
            is positive for everybody and "negative log-normal" negative: their parameters are the
            mean and deviation of the logarithm. "uniform" and "triangular" are symmetric; their
            parameters are the center and half the span.
        correlated: random coefficients (normal or log-normal) that have a full covariance.
        price: where given, the model is in willingness-to-pay space (Train and Weeks, 2005): the
            coefficient of price is −exp(its parameter), so nobody likes a higher price, and every
            other parameter is money. The price itself may be random as "log-normal".
    """

    random: Mapping[str, Distribution]
    correlated: tuple[str, ...] = ()
    price: str | None = None


@dataclass(frozen=True)
class Layout:
    """Where each parameter stands.

    Attributes:
        names: all parameters: those of the coefficients, ``sd.x`` and ``chol.x:y``.
        moving: columns of the design whose coefficient differs between draws; fixed: the others.
        shapes: of the standard draws, a dimension each.
        signs: of the moving coefficients: 1 or −1 where exp() restricts it, else 0.
        rows, columns: for each parameter after the coefficients, the moving coefficient and the
            dimension that it joins.
        price: the moving coefficient that scales the others, or None.
    """

    names: tuple[str, ...]
    moving: Ints
    fixed: Ints
    shapes: tuple[Shape, ...]
    signs: Floats
    rows: Ints
    columns: Ints
    price: int | None
    labels: tuple[str, ...] = field(default=())

    def linear(self, parameters: Floats) -> Floats:
        """Return [moving, dimensions + 1]: loadings on the draws, and the constant at the end."""
        count = len(self.moving) + len(self.fixed)
        found = np.zeros((len(self.moving), len(self.shapes) + 1))
        found[:, -1] = parameters[self.moving]
        found[self.rows, self.columns] = parameters[count:]
        return found

    def scores(self, pulls: Floats, fixed: Floats) -> Floats:
        """Return the scores of people from what pulls at ``linear`` and at fixed coefficients."""
        count = len(self.moving) + len(self.fixed)
        found = np.empty((len(pulls), len(self.names)))
        found[:, self.moving] = pulls[:, :, -1]
        found[:, self.fixed] = fixed
        found[:, count:] = pulls[:, self.rows, self.columns]
        return found


def layout(mixing: Mixing, names: tuple[str, ...]) -> Layout:
    """Lay parameters out as mlogit does: independent ones have the first primes.

    Raises:
        InputError: a coefficient is not there (``model-mixing-unknown``), or the distributions
            do not go together (``model-mixing``).
    """
    _check(mixing, names)
    alone = [one for one in names if one in mixing.random and one not in mixing.correlated]
    joint = [one for one in names if one in mixing.correlated]
    dimensions = alone + joint
    movers = dimensions + [one for one in names if one not in dimensions and mixing.price]
    loads = [(one, one, f"sd.{one}") for one in alone] + [
        (row, column, f"chol.{column}:{row}")
        for place, column in enumerate(joint)
        for row in joint[place:]
    ]
    kinds = {one: str(mixing.random.get(one, "")) for one in movers}
    if mixing.price:
        kinds[mixing.price] = "negative log-normal"
    return Layout(
        names=(*names, *(label for _, _, label in loads)),
        moving=np.array([names.index(one) for one in movers], dtype=np.int64),
        fixed=np.array([names.index(one) for one in names if one not in movers], dtype=np.int64),
        shapes=tuple(_shape(mixing.random[one]) for one in dimensions),
        signs=np.array([SIGNS.get(kinds[one], 0.0) for one in movers]),
        rows=np.array([movers.index(row) for row, _, _ in loads], dtype=np.int64),
        columns=np.array([dimensions.index(column) for _, column, _ in loads], dtype=np.int64),
        price=movers.index(mixing.price) if mixing.price else None,
        labels=names,
    )


def _shape(distribution: Distribution) -> Shape:
    if distribution == "uniform" or distribution == "triangular":
        return distribution
    return "normal"


def _check(mixing: Mixing, names: tuple[str, ...]) -> None:
    asked = [*mixing.random, *mixing.correlated, *([mixing.price] if mixing.price else [])]
    unknown = [one for one in asked if one not in names]
    if unknown:
        raise InputError(
            "model-mixing-unknown",
            f"There is no coefficient {', '.join(unknown)}.",
            f"There are: {', '.join(names)}.",
        )
    wrong = ""
    if not mixing.random:
        wrong = "No coefficient is random, so this is no mixed logit"
    elif any("normal" not in mixing.random.get(one, "") for one in mixing.correlated):
        wrong = "Only normal and log-normal coefficients can be correlated"
    elif mixing.price and mixing.random.get(mixing.price, "log-normal") != "log-normal":
        wrong = f"The price {mixing.price} can only be log-normal in willingness-to-pay space"
    if wrong:
        raise InputError("model-mixing", f"{wrong}.", "Say otherwise which coefficients differ.")
