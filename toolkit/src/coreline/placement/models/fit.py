# SPDX-License-Identifier: Apache-2.0
"""What an estimation gives: the same value from every model."""

from dataclasses import dataclass, field

import numpy as np

from coreline.placement.choices import Floats


@dataclass(frozen=True)
class Fit:
    """An estimated model.

    Attributes:
        model: its name, such as "multinomial logit".
        names: the parameters.
        estimates: float64 [parameters].
        covariance: float64 [parameters, parameters], from the inverse Hessian or BHHH; ``robust``
            is the sandwich, grouped by person, or None.
        log_likelihood: at the estimates; ``null_log_likelihood`` with all alternatives alike.
        situations, people: how many choices of how many people.
        iterations, gradient_norm: how the search ended: the scaled norm of the gradient.
        condition: the condition number of the information matrix, scaled to a unit diagonal.
        warnings: sentences for a reader.
    """

    model: str
    names: tuple[str, ...]
    estimates: Floats
    covariance: Floats
    log_likelihood: float
    null_log_likelihood: float
    situations: int
    people: int
    iterations: int
    gradient_norm: float
    condition: float
    robust: Floats | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def errors(self) -> Floats:
        """Standard errors."""
        found: Floats = np.sqrt(np.diag(self.covariance))
        return found

    @property
    def mcfadden(self) -> float:
        """McFadden's rho squared: 1 less the ratio of the log-likelihoods (McFadden, 1974)."""
        return 1 - self.log_likelihood / self.null_log_likelihood

    def value(self, name: str) -> float:
        """Return one estimate."""
        return float(self.estimates[self.names.index(name)])
