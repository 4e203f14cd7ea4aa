# SPDX-License-Identifier: Apache-2.0
"""A pass over the licenses of Baserow takes at most a fifth of ``reuse lint``'s CPU.

Whole processes on the same tree of 7,900 files, in turn, neither with anything cached. What each
covers: reuse looks for SPDX tags and copyright lines anywhere in every file and asks for both in
all of them; ours reads headers (tags and words) in the first 4 KiB of each file, license texts and
their folders, package metadata, and the third parties' packages of lock files, and holds them
against the side of each file. Neither covers what the other does, so the ratio says what a pass
costs, not that one replaces the other. The whole ``coreline check`` is measured beside them.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from bench.check import MANIFEST, clone
from bench.measure import claim, corpus, in_turn, median, nothing, row, run

RATIO_MIN = 5


def main() -> None:
    """Install reuse where it is not given, clone, and measure."""
    repository = corpus("CORELINE_BENCH_BASEROW", "a clone of bram2w/baserow")
    with tempfile.TemporaryDirectory(prefix="coreline-bench-") as folder:
        reuse = find_reuse(Path(folder) / "reuse")
        tree = Path(folder) / "baserow"
        clone(repository, tree)
        (tree / "coreline.toml").write_text(MANIFEST)
        measure(tree, reuse)


def find_reuse(folder: Path) -> Path:
    """Return the peer: the one that the environment names, else a new one in an own environment."""
    given = os.environ.get("CORELINE_BENCH_REUSE")
    if given:
        return Path(given)
    venv.create(folder, with_pip=True)
    command = [folder / "bin" / "python", "-m", "pip", "install", "-q", "reuse"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        nothing("reuse could not be installed. Set CORELINE_BENCH_REUSE to its command.")
    return folder / "bin" / "reuse"


def measure(tree: Path, reuse: Path) -> None:
    """Measure the pass over licenses, the whole check, and reuse."""
    coreline = Path(sys.executable).parent / "coreline"
    env = {"PYTHONDONTWRITEBYTECODE": ""}

    def ours(*options: str) -> float:
        argv = [coreline, "check", "--no-cache", *options]
        return run(argv, cwd=tree, env=env, expect=(0, 1)).cpu_seconds

    def peer() -> float:
        # It ends with 1 where a file has no header, as most of Baserow's.
        return run([reuse, "lint", "--quiet"], cwd=tree, env=env, expect=(0, 1)).cpu_seconds

    licenses, whole, lint = in_turn(lambda: ours("--licenses"), ours, peer, rounds=3)
    row("coreline check --licenses, nothing cached", licenses, "s CPU")
    row("coreline check, nothing cached", whole, "s CPU")
    row("reuse lint", lint, "s CPU")
    ratio = median(lint) / median(licenses)
    claim("reuse lint / check --licenses", ratio, RATIO_MIN, at_most=False)
    print(f"  reuse lint / the whole check: {median(lint) / median(whole):.3g}")


if __name__ == "__main__":
    main()
