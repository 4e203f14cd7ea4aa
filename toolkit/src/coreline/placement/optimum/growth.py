# SPDX-License-Identifier: Apache-2.0
"""How the core spreads over time: Bass's model, with word of mouth from all who adopted.

Bass (1969) lets imitation be in proportion to the adopters among those who would ever adopt. Here
it is in proportion to the adopters among all who *could*: who leaves features out of the core has
fewer adopters, hence less word of mouth, hence slower growth as well as a lower ceiling. With the
share n of all who adopted and its ceiling m, dn/dt = (p + q n)(m - n).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from coreline.placement.choices import Floats


@dataclass(frozen=True)
class Growth:
    """Bass's parameters.

    Attributes:
        innovation: p, a year: adoption without word of mouth. Above 0.
        imitation: q, a year: adoption by word of mouth, where everybody had adopted. 0 or more.
        horizon_years: how far is looked. Above 0.
    """

    innovation: float
    imitation: float
    horizon_years: float

    def __post_init__(self) -> None:
        """Refuse what is no growth: whoever made it has checked the manifest."""
        if not (self.innovation > 0 and self.imitation >= 0 and self.horizon_years > 0):
            raise ValueError("growth: innovation and horizon are above 0, imitation is not below")

    def share(self, ceiling: ArrayLike, years: ArrayLike) -> Floats:
        """Return the share of all who adopted after some years.

        Args:
            ceiling: the share of all who would ever adopt, 0 to 1.
            years: how many years after the start.
        """
        top = np.asarray(ceiling, dtype=np.float64)
        ratio = self.imitation * top / self.innovation
        # Bass's solution, with q m in the place of his q.
        fading = np.exp(-(self.innovation + self.imitation * top) * np.asarray(years))
        found: Floats = top * (1 - fading) / (1 + ratio * fading)
        return found

    def years(self, ceiling: ArrayLike) -> Floats:
        """Return the years of use up to the horizon, for each of all: the integral of ``share``."""
        top = np.asarray(ceiling, dtype=np.float64)
        if self.imitation == 0:
            speed, far = self.innovation, self.horizon_years
            slow: Floats = top * (far - (1 - np.exp(-speed * far)) / speed)
            return slow
        # d/dt ln(p + q n) = q (m - n), so the integral of m - n is the growth of that logarithm.
        reached = self.share(top, self.horizon_years)
        missed = np.log1p(self.imitation * reached / self.innovation) / self.imitation
        found: Floats = np.maximum(top * self.horizon_years - missed, 0.0)
        return found
