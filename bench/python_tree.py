# SPDX-License-Identifier: Apache-2.0
"""A check of a large Python tree costs no more CPU than ``ruff analyze graph`` on it.

Both are whole processes on the same files, in turn: the backend of Onyx (26 MB of Python), where
``backend/ee`` is the wrap. Ruff writes the imports of each file; ours says which of them, and which
strings, look-ups, builds and gates, mean the wrap, and under which guard. Ruff keeps nothing
between runs, so both of ours, cold and warm, are held against the same. The tests of ``ee`` are
given to the wrap as well, as they are the wrap's; left to the core, they would be parsed too.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measure import claim, corpus, in_turn, median, row, run

PART = "backend"

MANIFEST = """\
[product]
name = "onyx"
primary = "Search and chat over a company's documents"
[core]
promise = "standalone"
spdx = "MIT"
paths = ["backend/**"]
[wraps.ee]
spdx = "LicenseRef-Onyx-Enterprise"
paths = ["backend/ee/**", "backend/tests/**/ee/**"]
"""


def main() -> None:
    """Check the tree out and measure both sides."""
    repository = corpus("CORELINE_BENCH_ONYX", "a clone of onyx-dot-app/onyx")
    with tempfile.TemporaryDirectory(prefix="coreline-bench-") as folder:
        tree = Path(folder) / "onyx"
        clone = ["git", "clone", "-q", "--shared", "--no-checkout", str(repository), str(tree)]
        subprocess.run(clone, check=True)
        checkout = ["git", "-C", str(tree), "checkout", "-q", "HEAD", "--", PART]
        # A copy that lacks some large blobs cannot be checked out whole; the rest is there.
        subprocess.run(checkout, capture_output=True, check=False)
        (tree / "coreline.toml").write_text(MANIFEST)
        files = list((tree / PART).rglob("*.py"))
        size = sum(path.stat().st_size for path in files)
        print(f"  {len(files):,} Python files, {size / 1e6:.1f} MB")
        measure(tree)


def measure(tree: Path) -> None:
    """Measure ruff and ours, nothing kept and with facts of an earlier run."""
    tools = Path(sys.executable).parent
    env = {"PYTHONDONTWRITEBYTECODE": ""}

    def ours(*options: str) -> float:
        argv = [str(tools / "coreline"), "check", *options]
        return run(argv, cwd=tree, env=env, expect=(0, 1)).cpu_seconds

    def peer(*options: str) -> float:
        argv = [str(tools / "ruff"), "analyze", "graph", "--isolated", *options, PART]
        return run(argv, cwd=tree).cpu_seconds

    cold, warm, graph, strings = in_turn(
        lambda: ours("--no-cache"), ours, peer, lambda: peer("--detect-string-imports"), rounds=7
    )
    row("coreline check, nothing kept", cold, "s CPU")
    row("coreline check, facts kept", warm, "s CPU")
    row("ruff analyze graph", graph, "s CPU")
    row("ruff analyze graph, strings too", strings, "s CPU")
    claim("check / ruff, nothing kept", median(cold) / median(graph), 1.0, at_most=True)
    claim("check / ruff, facts kept", median(warm) / median(graph), 1.0, at_most=True)


if __name__ == "__main__":
    main()
