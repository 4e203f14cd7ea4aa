# SPDX-License-Identifier: Apache-2.0
"""What data cannot tell is refused, by name: a number that means nothing misleads.

Each check raises an InputError that names the attributes and says what to do. They are made
before a search where the data alone decide, and after it where the estimates do.
"""

from collections.abc import Sequence

import numpy as np

from coreline.errors import InputError
from coreline.placement.choices import Choices, Floats
from coreline.placement.models.design import Design, Differences, varying

CONDITION_MAX = 1e10
"""Above it, the information matrix (scaled to a unit diagonal) is singular in double precision."""
CONDITION_WARNED = 1e5
"""Above it, estimates hang together: a small change of the answers moves them far."""
FEW_PEOPLE = 30


def check_answers(answers: Choices, made: Design, against: Differences) -> list[str]:
    """Check that a model's parameters can be told from the answers at all.

    Returns:
        Sentences that a reader should know though the model can be estimated.

    Raises:
        InputError: an attribute is the same for all alternatives of each situation
            (``model-no-variation``), there are as many parameters as people or choices
            (``model-too-few``), or attributes cannot be told apart (``model-not-identified``).
    """
    still = ~varying(made.values, answers.situation)
    if still.any():
        names = [name for name, is_still in zip(made.names, still, strict=True) if is_still]
        raise InputError(
            "model-no-variation",
            f"{', '.join(names)}: no situation has alternatives that differ in it, so no choice "
            "tells what it is worth.",
            "Leave it out, or make it specific to alternatives.",
        )
    people, parameters = int((answers.weight > 0).sum()), len(made.names)
    if people <= parameters:
        raise InputError(
            "model-too-few",
            f"{people} people answered, and there are {parameters} parameters.",
            "Ask more people than there are parameters, by far, or estimate fewer.",
        )
    weighted = against.values * np.repeat(against.weight > 0, against.sizes)[:, None]
    check_information(weighted.T @ weighted, made.names)
    found = []
    if people < FEW_PEOPLE:
        found.append(f"Only {people} people answered: standard errors are rough.")
    if np.ptp(answers.weight) > 0:
        found.append("People are weighted: the robust standard errors are the ones to read.")
    return found


def check_information(information: Floats, names: Sequence[str]) -> float:
    """Return the condition number of an information matrix, scaled to a unit diagonal.

    The scaling makes it a matter of the data alone: no unit of an attribute changes it.

    Raises:
        InputError: it is singular or no maximum (``model-not-identified``).
    """
    diagonal = np.diag(information)
    if not np.isfinite(information).all() or (diagonal <= 0).any():
        dead = [name for name, size in zip(names, diagonal, strict=True) if not size > 0]
        raise _not_identified(dead or names)
    scale = np.sqrt(diagonal)
    sizes, axes = np.linalg.eigh(information / np.outer(scale, scale))
    if sizes[0] * CONDITION_MAX <= sizes[-1]:
        part = np.abs(axes[:, 0])
        raise _not_identified(
            [name for name, size in zip(names, part, strict=True) if size > part.max() / 10]
        )
    return float(sizes[-1] / sizes[0])


def _not_identified(names: Sequence[str]) -> InputError:
    return InputError(
        "model-not-identified",
        f"The answers cannot tell these apart, or say nothing of them: {', '.join(names)}.",
        "Leave one of them out; a constant or a level must be the base that others are held to.",
    )


def check_separation(against: Differences, names: Sequence[str]) -> None:
    """Check that no combination of attributes always points to what was chosen.

    Where one does, the likelihood has no maximum (Albert and Anderson, 1984). It is a linear
    program (Konis, 2007): some b with (other − chosen)·b ≤ 0 everywhere and < 0 somewhere. It
    needs no place where a search succeeded: there, B being the outer product of the scores,
    g'B⁻¹g < 1, while scores that all point the same way have g'B⁻¹g ≥ 1 (Cauchy and Schwarz).

    Raises:
        InputError: such a combination exists (``model-separated``).
    """
    from scipy.optimize import linprog  # It takes long to import, and few runs need it.

    counted = np.repeat(against.weight > 0, against.sizes)
    scale = np.abs(against.values).max(axis=0)
    rows = against.values[counted] / np.where(scale > 0, scale, 1)
    answer = linprog(rows.sum(axis=0), A_ub=rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1))
    if answer.x is None or answer.fun is None or answer.fun > -1e-6:
        return
    part = np.abs(answer.x)
    guilty = [name for name, size in zip(names, part, strict=True) if size > 1e-6]
    raise InputError(
        "model-separated",
        f"{', '.join(guilty)}: whoever chose never chose against it, so its worth has no upper "
        "bound in these answers.",
        "Leave it out, join it with another attribute or alternative, or ask more people.",
    )


def too_close(condition: float) -> list[str]:
    """Return what a reader should know of a condition number."""
    if condition <= CONDITION_WARNED:
        return []
    return [f"Attributes go together (condition number {condition:.1e}): estimates may be far off."]
