# SPDX-License-Identifier: Apache-2.0
"""Every line of 20 features, at 20 prices, over 1,000 people, is looked at in 2 seconds.

2**20 lines. It has no peer: nothing else that we know searches them. Compiled once beforehand, as
it is on a user's second run; wall and CPU seconds of the best of three.
"""

import time

import numpy as np

from bench.measure import claim, row
from coreline.placement.optimum.exact import every_line
from coreline.placement.optimum.frontier import frontier
from coreline.placement.optimum.growth import Growth
from coreline.placement.optimum.market import Market
from coreline.placement.worth import Worth

FEATURES, PEOPLE, PRICES, ROUNDS = 20, 1_000, 20, 3


def main() -> None:
    """Make people, search, say how long it took."""
    market = _market()
    names = market.worth.features
    every_line(market, names[:2])
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        lines = every_line(market, names)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    row("every line", cpus, "s CPU")
    wall = time.perf_counter()
    best = frontier(lines)
    print(f"  {len(lines.revenue):,} lines, {len(best):,} on the frontier, "
          f"found in {time.perf_counter() - wall:.2f} s")  # fmt: skip
    claim("2^20 lines x 20 prices x 1,000 people, seconds", min(walls), 2, at_most=True)


def _market() -> Market:
    random = np.random.default_rng(1)
    worth = Worth(
        features=tuple(f"feature-{number}" for number in range(FEATURES)),
        money=random.lognormal(3, 1, (1, PEOPLE, FEATURES)),
        base=random.normal(-400, 500, (1, PEOPLE)),
        scale=np.zeros((1, PEOPLE)),
        segment=np.zeros(PEOPLE, dtype=np.int64),
        segments=("all",),
        weight=np.full(PEOPLE, 50.0),
        currency="USD",
    )
    return Market(worth, np.arange(1.0, PRICES + 1) * 50, Growth(0.03, 0.38, 5))


if __name__ == "__main__":
    main()
