# SPDX-License-Identifier: Apache-2.0
"""Runs every benchmark, or those that are named, each in a process of its own."""

import pkgutil
import subprocess
import sys
from pathlib import Path

from bench.measure import NOTHING_TO_DO

SHARED = {"__main__", "load", "measure"}


def main(names: list[str]) -> int:
    """Run benchmarks; returns 1 where one failed to run."""
    here = Path(__file__).parent
    known = [info.name for info in pkgutil.iter_modules([str(here)]) if info.name not in SHARED]
    failed = 0
    for name in names or known:
        print(f"\n{name}", flush=True)
        done = subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=here.parent, check=False)
        failed += done.returncode not in (0, NOTHING_TO_DO)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
