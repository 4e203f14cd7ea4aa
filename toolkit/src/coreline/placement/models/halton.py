# SPDX-License-Identifier: Apache-2.0
"""Draws that fill a space evenly: Halton sequences, and modified latin hypercubes.

With them an integral needs far fewer points than with independent draws (Bhat, 2001; Train, 2009,
chapter 9.3). A dimension has a prime of its own; each person has the next stretch of the sequence,
so the errors of people offset each other.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from coreline.errors import InputError
from coreline.placement.choices import Floats

Shape = Literal["normal", "uniform", "triangular"]

PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71)
BYTES_MAX = 2**31
"""Draws are held in memory; more than these are refused."""


@dataclass(frozen=True)
class Draws:
    """How to integrate.

    Attributes:
        count: draws for each person.
        kind: "halton", or "mlhs": modified latin hypercube draws (Hess, Train and Polak, 2006),
            which suit more than about ten dimensions, where Halton sequences go together.
        drop: elements at the beginning of a Halton sequence that are left out, the first being 0.
        seed: of the permutations of "mlhs"; a Halton sequence has no chance in it.
    """

    count: int = 500
    kind: Literal["halton", "mlhs"] = "halton"
    drop: int = 100
    seed: int = 0


def halton(prime: int, count: int, drop: int = 100) -> Floats:
    """Return elements of a Halton sequence, in (0, 1); the one before the first dropped is 0.

    Element i is i written in the base of the prime and mirrored at the point (Halton, 1960).
    """
    left = np.arange(drop, drop + count, dtype=np.int64)
    found = np.zeros(count)
    unit = 1.0
    while left.any():
        unit /= prime
        left, digit = np.divmod(left, prime)
        found += digit * unit
    return found


def standard(draws: Draws, people: int, shapes: tuple[Shape, ...]) -> Floats:
    """Return draws of standard variables: float64 [people, shapes, draws].

    A normal has mean 0 and deviation 1; the others are symmetric on −1 to 1.

    Raises:
        InputError: fewer than 2 draws, or too many (``model-draws``), or more dimensions than
            Halton sequences are good for (``model-draws-dimensions``).
    """
    size = 8 * people * len(shapes) * draws.count
    if draws.count < 2 or draws.drop < 1 or size > BYTES_MAX:
        raise InputError(
            "model-draws",
            f"{draws.count} draws for {people} people after {draws.drop} dropped elements cannot "
            f"be made: at least 2, after at least 1, and at most {BYTES_MAX >> 20} MiB.",
            "A few hundred draws a person do for most models.",
        )
    if draws.kind == "halton" and len(shapes) > len(PRIMES):
        raise InputError(
            "model-draws-dimensions",
            f"{len(shapes)} random coefficients are more than Halton sequences are good for.",
            'Use kind "mlhs", or let fewer coefficients be random.',
        )
    found = np.empty((people, len(shapes), draws.count))
    generator = np.random.default_rng(draws.seed)
    for index, shape in enumerate(shapes):
        if draws.kind == "halton":
            even = halton(PRIMES[index], people * draws.count, draws.drop)
            found[:, index] = _shaped(even, shape).reshape(people, draws.count)
        else:
            steps = np.tile(np.arange(draws.count, dtype=np.float64), (people, 1))
            shift = generator.uniform(1e-9, 1, (people, 1))
            even = (generator.permuted(steps, axis=1) + shift) / draws.count
            found[:, index] = _shaped(even, shape)
    return found


def _shaped(even: Floats, shape: Shape) -> Floats:
    """Return the quantiles of a standard variable."""
    from scipy.special import ndtri  # It takes long to import, and the command line starts fast.

    if shape == "normal":
        found: Floats = ndtri(even)
    elif shape == "uniform":
        found = 2 * even - 1
    else:
        found = np.where(even < 0.5, np.sqrt(2 * even) - 1, 1 - np.sqrt(2 * (1 - even)))
    return found
