# SPDX-License-Identifier: Apache-2.0
"""What the utility of an alternative is made of, and the columns that its parameters stand for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coreline.errors import InputError
from coreline.placement.choices import Choices, Flags, Floats, Ints


@dataclass(frozen=True)
class Terms:
    """The parts of a linear utility.

    Attributes:
        generic: attributes with one coefficient for all alternatives.
        specific: attributes with a coefficient for each alternative: for all of them where the
            attribute differs between the alternatives of some situation, for all but the base
            where it never does (income, the size of a company).
        constants: the alternatives that have a constant; True for all but the base.
        base: the alternative that the others are held against; the first where empty.
    """

    generic: tuple[str, ...] = ()
    specific: tuple[str, ...] = ()
    constants: bool | tuple[str, ...] = False
    base: str = ""


@dataclass(frozen=True)
class Design:
    """One column for each parameter: names and float64 [rows, parameters]."""

    names: tuple[str, ...]
    values: Floats


def design(answers: Choices, terms: Terms | None = None) -> Design:
    """Return the columns of a linear utility; every attribute is generic where no terms are given.

    Raises:
        InputError: an attribute or an alternative is not there (``choices-attribute-unknown``,
            ``model-alternative-unknown``), or there is no term (``model-no-terms``).
    """
    terms = terms or Terms(generic=answers.names)
    base = terms.base or answers.alternatives[0]
    indicators = {
        name: (answers.alternative == index).astype(np.float64)
        for index, name in enumerate(answers.alternatives)
    }
    constants = _constants(terms, base, answers.alternatives)
    known_alternatives((base, *constants), answers.alternatives)
    columns = {f"constant:{name}": indicators[name] for name in constants}
    columns |= {name: answers.column(name) for name in terms.generic}
    for name in terms.specific:
        column = answers.column(name)
        varies = bool(varying(column[:, None], answers.situation)[0])
        columns |= {
            f"{name}:{alternative}": column * indicator
            for alternative, indicator in indicators.items()
            if varies or alternative != base
        }
    if not columns:
        raise InputError(
            "model-no-terms",
            "The utility has no attribute and no constant.",
            f"Name some of these attributes: {', '.join(answers.names)}.",
        )
    return Design(tuple(columns), np.stack(list(columns.values()), axis=1))


def _constants(terms: Terms, base: str, alternatives: Sequence[str]) -> tuple[str, ...]:
    if isinstance(terms.constants, tuple):
        return terms.constants
    return tuple(name for name in alternatives if name != base) if terms.constants else ()


def known_alternatives(names: Sequence[str], alternatives: Sequence[str]) -> None:
    """Check that alternatives exist.

    Raises:
        InputError: one does not (``model-alternative-unknown``).
    """
    for name in names:
        if name not in alternatives:
            raise InputError(
                "model-alternative-unknown",
                f"There is no alternative {name} in the answers.",
                f"There are: {', '.join(alternatives)}.",
            )


def varying(values: Floats, situation: Ints) -> Flags:
    """Return which columns differ between the alternatives of some situation."""
    same = situation[1:] == situation[:-1]
    found: Flags = ((values[1:] != values[:-1]) & same[:, None]).any(axis=0)
    return found


@dataclass(frozen=True)
class Differences:
    """Alternatives that were not chosen, held against the one that was.

    Attributes:
        values: float64 [rows not chosen, parameters].
        starts: int64 [situations], the first row of each situation.
        sizes: int64 [situations], how many rows it has.
        weight: float64 [situations].
    """

    values: Floats
    starts: Ints
    sizes: Ints
    weight: Floats


def differences(answers: Choices, made: Design) -> Differences:
    """Hold what was not chosen against what was, situation by situation."""
    chosen = made.values[answers.chosen]
    others = ~answers.chosen
    sizes = np.bincount(answers.situation) - 1
    starts = np.cumsum(sizes) - sizes
    values = made.values[others] - chosen[answers.situation[others]]
    return Differences(values, starts, sizes, answers.weight[answers.person])
