# SPDX-License-Identifier: Apache-2.0
"""``coreline --help`` costs less than 150 ms of CPU, Python's own start included."""

import sys
from pathlib import Path

from bench.measure import claim, in_turn, median, row, run


def main() -> None:
    """Measure whole processes, beside Python's start and another command line's help."""
    folder = Path(sys.executable).parent
    ours, peer, bare = in_turn(
        lambda: run([folder / "coreline", "--help"]).cpu_seconds * 1000,
        lambda: run([folder / "lint-imports", "--help"]).cpu_seconds * 1000,
        lambda: run([sys.executable, "-c", "pass"]).cpu_seconds * 1000,
        rounds=15,
    )
    row("coreline --help", ours, "ms CPU")
    row("lint-imports --help", peer, "ms CPU")
    row("python -c pass", bare, "ms CPU")
    claim("coreline --help, ms of CPU", median(ours), 150, at_most=True)


if __name__ == "__main__":
    main()
