# SPDX-License-Identifier: Apache-2.0
"""The history of all 6,385 commits of Baserow takes less than 60 CPU seconds, warm less than one.

Whole processes on a clone of their own. The peer is the naive way, since no tool has one: our own
``check --at`` for each commit, measured on a sample spread evenly over the history and multiplied
by the number of commits. That it is extrapolated is said in the row.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.check import MANIFEST
from bench.measure import claim, corpus, median, row, run

HEAD = "01c464ff02"
SAMPLE = 12
COLD_SECONDS_MAX = 60.0
WARM_SECONDS_MAX = 1.0
_PEAK = "import resource, sys; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"


def main() -> None:
    """Clone, tell the history cold and warm, check a sample."""
    repository = corpus("CORELINE_BENCH_BASEROW", "a clone of bram2w/baserow")
    with tempfile.TemporaryDirectory(prefix="coreline-bench-") as folder:
        tree = Path(folder) / "baserow"
        subprocess.run(
            ["git", "clone", "-q", "--shared", "--no-checkout", repository, tree], check=True
        )
        (tree / "coreline.toml").write_text(MANIFEST)
        commits = _commits(tree)
        command: list[str | Path] = [_coreline(), "-C", tree, "history", HEAD]
        print(f"  {len(commits):,} commits")
        cold = run(command).cpu_seconds
        row("history, cold", [cold], "CPU s")
        warm = [run(command).cpu_seconds for _ in range(3)]
        row("history, warm", warm, "CPU s")
        row("history, cold: peak memory", [_peak(tree)], "MiB")
        # The sample shares a cache, as consecutive checks would.
        sample = commits[:: len(commits) // SAMPLE]
        costs = [
            run([_coreline(), "-C", tree, "check", "--at", one], expect=(0, 1)).cpu_seconds
            for one in sample
        ]
        row(f"check --at, {len(sample)} sampled commits", costs, "CPU s each")
        every = sum(costs) / len(costs) * len(commits)
        row("check --at of every commit, extrapolated", [every], "CPU s")
        row("extrapolated / history, cold", [every / cold], "times")
        claim("history, cold, CPU s", cold, COLD_SECONDS_MAX, at_most=True)
        claim("history, warm, CPU s", median(warm), WARM_SECONDS_MAX, at_most=True)


def _commits(tree: Path) -> list[str]:
    listing = subprocess.run(
        ["git", "-C", tree, "rev-list", "--reverse", HEAD], check=True, capture_output=True
    )
    return listing.stdout.decode().split()


def _coreline() -> Path:
    return Path(sys.executable).parent / "coreline"


def _peak(tree: Path) -> float:
    """Return the peak memory of a cold run, in MiB."""
    code = (
        "import sys\n"
        "from coreline.cli.main import run\n"
        "out, sys.stdout = sys.stdout, open('/dev/null', 'w')\n"
        f"run(['-C', {str(tree)!r}, 'history', '--no-cache', {HEAD!r}])\n"
        "sys.stdout = out\n"
    )
    done = subprocess.run([sys.executable, "-c", code + _PEAK], check=True, capture_output=True)
    return float(done.stdout.decode().split()[-1])


if __name__ == "__main__":
    main()
