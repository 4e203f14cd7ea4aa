# SPDX-License-Identifier: Apache-2.0
"""A check of Baserow costs no more CPU than import-linter's, beyond Python's own start.

Both are whole processes on the same tree, in turn, with caches warm. Ours claims all files (8,000)
and searches them for imports, look-ups, strings, headers and metadata; import-linter reads the
imports of the 1,800 Python files that it finds. Both write to a clone of their own.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measure import claim, corpus, in_turn, median, row, run

HEAD = "01c464ff02"

MANIFEST = """\
[product]
name = "baserow"
primary = "Build databases and applications without code"
[core]
spdx = "MIT AND CC-BY-SA-4.0"
paths = ["**"]
[wraps.premium]
spdx = "LicenseRef-Baserow-Premium"
paths = ["premium/**"]
modules = ["baserow_premium"]
[wraps.enterprise]
spdx = "LicenseRef-Baserow-Enterprise"
paths = ["enterprise/**"]
modules = ["baserow_enterprise"]
"""

CONTRACT = """\
[importlinter]
root_packages =
    baserow
    baserow_premium
    baserow_enterprise

[importlinter:contract:line]
name = The core does not import the wraps
type = forbidden
source_modules = baserow
forbidden_modules =
    baserow_premium
    baserow_enterprise
"""

ROOTS = "backend/src:premium/backend/src:enterprise/backend/src"


def main() -> None:
    """Clone, write both configurations, measure both."""
    repository = corpus("CORELINE_BENCH_BASEROW", "a clone of bram2w/baserow")
    with tempfile.TemporaryDirectory(prefix="coreline-bench-") as folder:
        tree = Path(folder) / "baserow"
        clone(repository, tree)
        (tree / "coreline.toml").write_text(MANIFEST)
        (Path(folder) / "contract.ini").write_text(CONTRACT)
        measure(tree, Path(folder) / "contract.ini", Path(folder) / "cache")


def clone(repository: Path, tree: Path) -> None:
    """Check out the head that the numbers are about, or the newest commit where it is missing."""
    command = ["git", "clone", "-q", "--shared", "--no-checkout", str(repository), str(tree)]
    subprocess.run(command, check=True)
    git = ["git", "-C", str(tree), "-c", "advice.detachedHead=false"]
    known = subprocess.run([*git, "cat-file", "-e", HEAD], capture_output=True, check=False)
    head = HEAD if known.returncode == 0 else "HEAD"
    # A copy that lacks some large blobs cannot be checked out whole; the rest is there.
    subprocess.run([*git, "checkout", "-q", head], capture_output=True, check=False)


def measure(tree: Path, contract: Path, cache: Path) -> None:
    """Measure both, cold (once) and warm (in turn)."""
    tools = Path(sys.executable).parent
    # Compiled modules are allowed on both sides: nobody compiles anew in every run.
    env = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": ROOTS}

    def ours(*options: str) -> float:
        argv = [tools / "coreline", "check", *options]
        return run(argv, cwd=tree, env={**env, "PYTHONPATH": ""}, expect=(0, 1)).cpu_seconds

    def peer() -> float:
        argv = [tools / "lint-imports", "--config", contract, "--cache-dir", cache]
        return run(argv, cwd=tree, env=env).cpu_seconds

    def peer_cold() -> float:
        shutil.rmtree(cache, ignore_errors=True)
        return peer()

    cold, cold_peer = in_turn(lambda: ours("--no-cache"), peer_cold, rounds=3)
    warm, warm_peer, bare = in_turn(
        ours, peer, lambda: run([sys.executable, "-c", "pass"], env=env).cpu_seconds, rounds=9
    )
    row("coreline check, nothing cached", cold, "s CPU")
    row("lint-imports, nothing cached", cold_peer, "s CPU")
    row("coreline check", warm, "s CPU")
    row("lint-imports", warm_peer, "s CPU")
    row("python -c pass", bare, "s CPU")
    start = median(bare)
    ratio = (median(warm) - start) / (median(warm_peer) - start)
    claim("check / import-linter, warm, beyond Python's start", ratio, 1.0, at_most=True)


if __name__ == "__main__":
    main()
