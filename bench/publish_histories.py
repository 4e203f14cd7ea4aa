# SPDX-License-Identifier: Apache-2.0
"""Publish costs at least 3 times less CPU than git-filter-repo on every history (Baserow 5), one
more commit 25 times less, and neither more memory.

Whole processes in turn, each from nothing, beside git-filter-repo in a clone that shares the
objects (the clone is not counted): ``bench.publish_carry``, which does what filter-repo does and
proves it, and ``coreline publish --dry-run --no-secrets``, which also holds the head and all that
would leave against the wrap; the claim is made of both. Then one more commit, and memory of the
largest process. Histories are named by CORELINE_BENCH_KEYGEN, _BASEROW, _LANGFUSE, _PUPPET,
_TERRAFORM; what is not set is left out. Paths whose blobs a copy lacks are taken out first, for
both sides.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measure import Cost, claim, median, nothing, row, run
from bench.publish import ENV, TOOLS, filter_repo, git, missing_paths

WRAPS = {
    "KEYGEN": ["lib/keygen/ee", "spec/lib/keygen/ee"],
    "BASEROW": ["premium", "enterprise", "e2e-tests/tests/enterprise"],
    "LANGFUSE": ["ee", "web/src/ee", "worker/src/ee", "packages/shared/src/server/ee"],
    "PUPPET": ["acceptance", "ext", "lib/puppet/provider"],
    "TERRAFORM": ["internal/cloud", "internal/backend/remote-state", "website"],
}
ROUNDS = 2


def main() -> None:
    """Measure every history that is here."""
    given = {name: os.environ.get(f"CORELINE_BENCH_{name}") for name in WRAPS}
    here = {name: Path(path) for name, path in given.items() if path}
    if not here:
        nothing(f"Set CORELINE_BENCH_ and one of {', '.join(WRAPS)} to a clone.")
    for name, path in here.items():
        with tempfile.TemporaryDirectory(prefix="coreline-bench-") as folder:
            _history(Path(folder), name, path)


def _history(folder: Path, name: str, source: Path) -> None:
    private = folder / "private.git"
    git(folder, "clone", "-q", "--shared", "--bare", str(source), str(private))
    head = git(private, "rev-parse", "HEAD").strip()
    refs = git(private, "for-each-ref", "--format=delete %(refname)")
    git(
        private,
        "update-ref",
        "--no-deref",
        "--stdin",
        given=f"{refs}create refs/heads/bench {head}\n",
    )
    git(private, "symbolic-ref", "HEAD", "refs/heads/bench")
    lost = missing_paths(private)
    if lost:
        print(f"  {len(lost)} paths taken out first, since the copy lacks their blobs")
        filter_repo(private, lost)
    count = int(git(private, "rev-list", "--count", "bench"))
    print(f"  {name.lower()}, {count:,} commits")
    globs = ", ".join(f'"{path}/**"' for path in WRAPS[name])
    (folder / "coreline.toml").write_text(
        f'[product]\nname = "p"\nprimary = "Publish"\n[core]\nspdx = "MIT"\npaths = ["**"]\n'
        f'[wraps.ee]\nspdx = "LicenseRef-E"\npaths = [{globs}]\n'
        '[publish]\nwrap_names = "list"\n'
        'shared = [{ path = "**", reason = "moved by its publisher" }]\n'
    )
    full = [(_carried(folder), _ours(folder), _theirs(folder, name)) for _ in range(ROUNDS)]
    target = 5 if name == "BASEROW" else 3
    _report("filter and proof alone", [(one, peer) for one, _, peer in full], target)
    _report("whole history, all looked through", [(one, peer) for _, one, peer in full], target)
    same = _published(private) == git(folder / "filtered.git", "rev-parse", "bench").strip()
    print(f"  the same head as git-filter-repo's: {'yes' if same else 'NO'}")
    _ours(folder, to_the_end=True)
    more = []
    for number in range(ROUNDS):
        _commit(folder, private, number)
        more.append((_ours(folder, to_the_end=True), _theirs(folder, name)))
    _report("one more commit", more, 25 if count >= 6000 else 15)
    ours = median([cost.cpu_seconds for cost, _ in more])
    claim("one more commit, s CPU", ours, 0.15, at_most=True)


def _commit(folder: Path, private: Path, number: int) -> None:
    """Add a commit; git does not look for the blobs that a copy lacks."""
    index = {**os.environ, "GIT_INDEX_FILE": str(folder / "index")}
    blob = git(private, "hash-object", "-w", "--stdin", given=f"{number}\n").strip()
    entry = f"100644,{blob},one-more"
    for argv in (["read-tree", "bench"], ["update-index", "--add", "--cacheinfo", entry]):
        subprocess.run(["git", "-C", private, *argv], env=index, check=True)
    argv = ["git", "-C", str(private), "write-tree"]
    tree = subprocess.run(argv, env=index, check=True, capture_output=True, text=True).stdout
    commit = git(private, "commit-tree", "-p", "bench", "-m", "one more", tree.strip()).strip()
    git(private, "update-ref", "refs/heads/bench", commit)


def _published(private: Path) -> str:
    (ledger,) = (private / "coreline" / "publish").glob("ledger-*")
    return ledger.read_bytes()[-32 - 21 : -32 - 1].hex()


def _report(what: str, pairs: list[tuple[Cost, Cost]], target: float) -> None:
    ours, theirs = ([pair[side] for pair in pairs] for side in (0, 1))
    row(f"coreline, {what}", [cost.cpu_seconds for cost in ours], "s CPU")
    row(f"git-filter-repo, beside {what}", [cost.cpu_seconds for cost in theirs], "s CPU")
    ratio = median([cost.cpu_seconds for cost in theirs])
    ratio /= median([cost.cpu_seconds for cost in ours])
    claim(f"filter-repo / publish, {what}", ratio, target, at_most=False)
    peaks = [max(cost.peak_mib for cost in side) for side in (ours, theirs)]
    claim(f"peak memory {peaks[0]:.0f} and {peaks[1]:.0f} MiB, share", peaks[0] / peaks[1], 1,
          at_most=True)  # fmt: skip


def _carried(folder: Path) -> Cost:
    """Filter and prove, and no more."""
    shutil.rmtree(folder / "private.git" / "coreline", ignore_errors=True)
    argv = [sys.executable, "-m", "bench.publish_carry"]
    return run([*argv, folder / "private.git", folder / "coreline.toml"], env=ENV)


def _ours(folder: Path, *, to_the_end: bool = False) -> Cost:
    if not to_the_end:
        shutil.rmtree(folder / "private.git" / "coreline", ignore_errors=True)
    argv = [
        TOOLS / "coreline",
        "-C",
        folder / "private.git",
        "--manifest",
        folder / "coreline.toml",
    ]
    options = [
        "--to",
        folder / "public.git",
        "--no-secrets",
        *([] if to_the_end else ["--dry-run"]),
    ]
    return run([*argv, "publish", *options], env=ENV)


def _theirs(folder: Path, name: str) -> Cost:
    filtered = folder / "filtered.git"
    shutil.rmtree(filtered, ignore_errors=True)
    git(folder, "clone", "-q", "--bare", "--shared", str(folder / "private.git"), str(filtered))
    paths = [part for path in WRAPS[name] for part in ("--path", path)]
    options = ["--invert-paths", "--prune-degenerate", "never", "--preserve-commit-hashes"]
    argv = [TOOLS / "git-filter-repo", *paths, *options, "--force"]
    return run(argv, cwd=filtered, env=ENV)


if __name__ == "__main__":
    sys.exit(main())
