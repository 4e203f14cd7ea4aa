# SPDX-License-Identifier: Apache-2.0
"""Publishing one folder as the root of a public history is to cost at least 100 times less CPU
than ``git subtree split``, and ends in the same tree. The first is NOT held, the second is.

Whole processes, each from nothing: ``coreline publish --dry-run --no-secrets`` with
``publish.paths``, which also proves every commit and looks through what leaves, and ``git subtree
split --prefix``, which does neither. On the first 1,500 commits of Baserow or
CORELINE_BENCH_SUBTREE_COMMITS of them. On all 6,385 it was 14 times: 3.4 s of CPU and 48 s.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measure import claim, corpus, median, row, run
from bench.publish import ENV, HEAD, TOOLS, git

FOLDER = "web-frontend"
COMMITS = int(os.environ.get("CORELINE_BENCH_SUBTREE_COMMITS", "1500"))
ROUNDS = 3
MANIFEST = f"""\
[product]
name = "web-frontend"
primary = "Show databases in a browser"
[core]
spdx = "MIT"
paths = ["{FOLDER}/**"]
[wraps.rest]
spdx = "LicenseRef-Rest"
paths = ["**"]
[publish]
wrap_names = "list"
paths = [{{ private = "{FOLDER}", public = "" }}]
shared = [{{ path = "**", reason = "all of it is public" }}]
"""


def main() -> None:
    """Measure both sides and compare the trees that they end in."""
    repository = corpus("CORELINE_BENCH_BASEROW", "a clone of bram2w/baserow")
    with tempfile.TemporaryDirectory(prefix="coreline-bench-") as name:
        folder = Path(name)
        private = _prepared(folder, repository)
        ours = [_publish(folder, private) for _ in range(ROUNDS)]
        # Once: it does the same each time, for minutes.
        argv = ["git", "subtree", "split", "-q", f"--prefix={FOLDER}", "-b", "split"]
        peer = [run(argv, cwd=private, env=ENV).cpu_seconds]
        row(f"coreline publish, {FOLDER} as the root", ours, "s CPU")
        row("git subtree split", peer, "s CPU")
        claim("git subtree split / publish", median(peer) / median(ours), 100, at_most=False)
        is_same = git(private, "rev-parse", "split^{tree}") == _published_tree(private)
        print(f"  the same tree at the head: {'yes' if is_same else 'NO'}")


def _prepared(folder: Path, repository: Path) -> Path:
    """Make a clone whose branch ``bench`` is the first commits, and no file checked out."""
    private = folder / "private"
    argv = ["git", "clone", "-q", "--shared", "--no-checkout", str(repository), str(private)]
    subprocess.run(argv, check=True)
    head = git(private, "rev-parse", HEAD).strip()
    # The first parents: of a commit among them, all ancestors are counted.
    line = git(private, "rev-list", "--first-parent", head).split()
    low, high = 0, len(line) - 1
    while low < high:
        middle = (low + high) // 2
        if int(git(private, "rev-list", "--count", line[middle])) > COMMITS:
            low = middle + 1
        else:
            high = middle
    git(private, "update-ref", "refs/heads/bench", line[low])
    git(private, "symbolic-ref", "HEAD", "refs/heads/bench")
    for tag in git(private, "tag").split():
        git(private, "update-ref", "-d", f"refs/tags/{tag}")
    (folder / "coreline.toml").write_text(MANIFEST)
    # The peer asks that the folder be there; it reads nothing in it.
    (private / FOLDER).mkdir()
    count = git(private, "rev-list", "--count", "bench").strip()
    own = git(private, "rev-list", "--count", "bench", "--", FOLDER).strip()
    print(f"  {count} commits, {own} of which change {FOLDER}")
    return private


def _publish(folder: Path, private: Path) -> float:
    shutil.rmtree(private / ".git" / "coreline", ignore_errors=True)
    argv = [TOOLS / "coreline", "-C", private, "--manifest", folder / "coreline.toml"]
    options = ["--to", folder / "public.git", "--no-secrets", "--dry-run"]
    return run([*argv, "publish", *options], env=ENV).cpu_seconds


def _published_tree(private: Path) -> str:
    """Return the tree of what would be published last; a dry run leaves it beside the ledger."""
    store = private / ".git" / "coreline" / "publish"
    (ledger,) = store.glob("ledger-*")
    # A run ends in entries of 20 and 20 bytes and a flag, and a checksum of 32 bytes.
    public = ledger.read_bytes()[-32 - 21 : -32 - 1].hex()
    return git(store / "public.git", "rev-parse", f"{public}^{{tree}}")


if __name__ == "__main__":
    sys.exit(main())
