# SPDX-License-Identifier: Apache-2.0
"""Publishing Baserow's history costs at least 5 times less CPU than git-filter-repo; one more
commit at least 25 times less.

Whole processes with their children, in turn, every round from nothing. Ours filters and proves
every commit, and looks through what leaves; git-filter-repo filters and proves nothing. Secrets
are searched in a run of its own (the peer has no such thing). Three pairs:

- up to a filtered history beside the private one: `coreline publish --dry-run`, and filter-repo in
  a clone that shares the private objects (making the clone is not counted);
- up to a public repository of its own: `coreline publish`, and filter-repo in a clone with objects
  of its own, with and without the `git push` that brings its result to the public repository;
- one more commit: `coreline publish` again, push included, and filter-repo again, shared clone.

A copy of Baserow that lacks large blobs cannot be pushed by anybody, nor read by git's own
fast-import: the paths that hold them are taken out first, for both sides.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.measure import claim, corpus, in_turn, median, row, run

HEAD = "01c464ff02"
REMOVED = ["premium", "enterprise", "e2e-tests/tests/enterprise"]
TOOLS = Path(sys.executable).parent
# Compiled modules are allowed on both sides: nobody compiles anew in every run.
ENV = {"PYTHONDONTWRITEBYTECODE": ""}

MANIFEST = """\
[product]
name = "baserow"
primary = "Build databases and applications without code"
[core]
spdx = "MIT AND CC-BY-SA-4.0"
paths = ["**"]
[wraps.enterprise]
spdx = "LicenseRef-Baserow-Enterprise"
paths = ["premium/**", "enterprise/**", "e2e-tests/tests/enterprise/**"]
[publish]
shared = [{ path = "**", reason = "its publisher moved 63 files from premium to the core" }]
not_secret = [
    { path = "**/tests/**", reason = "made-up addresses and keys" },
    { path = "**/test_utils/**", reason = "made-up addresses and keys" },
    { path = "web-frontend/**", reason = "made-up addresses and keys" },
    { path = "deploy/**", reason = "examples" },
    { path = "docs/**", reason = "examples" },
    { path = "*", reason = "examples" },
]
"""


def main() -> None:
    """Prepare the history, measure, compare the heads."""
    repository = corpus("CORELINE_BENCH_BASEROW", "a clone of bram2w/baserow")
    with tempfile.TemporaryDirectory(prefix="coreline-bench-") as name:
        bench = Bench(Path(name))
        bench.prepare(repository)
        bench.full()
        bench.one_more()


class Bench:
    """One folder with the private repository and what both sides make of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.private = folder / "private.git"
        self.manifest = folder / "coreline.toml"

    def prepare(self, repository: Path) -> None:
        """Make a bare private repository that has one branch and every blob of it."""
        self.manifest.write_text(MANIFEST)
        shared = self.folder / "shared.git"
        command = ["git", "clone", "-q", "--shared", "--bare", str(repository), str(shared)]
        subprocess.run(command, check=True)
        refs = git(shared, "for-each-ref", "--format=delete %(refname)")
        head = git(shared, "rev-parse", HEAD).strip()
        commands = f"{refs}create refs/heads/bench {head}\n"
        git(shared, "update-ref", "--no-deref", "--stdin", given=commands)
        git(shared, "symbolic-ref", "HEAD", "refs/heads/bench")
        lost = missing_paths(shared)
        if lost:
            print(f"  taken out first, since the copy lacks their blobs: {', '.join(lost)}")
            filter_repo(shared, lost)
        git(self.folder, "clone", "-q", "--bare", "--no-local", str(shared), str(self.private))
        shutil.rmtree(shared)
        count = git(self.private, "rev-list", "--count", "HEAD").strip()
        print(f"  {count} commits")

    def full(self) -> None:
        """Measure the whole history."""
        shared, own, pushed = self._peer("--shared"), self._peer("--no-local"), self._push
        dry, searched, peer_shared, whole, peer_own, push = in_turn(
            lambda: self._publish("--dry-run", "--no-secrets"),
            lambda: self._publish("--dry-run"),
            shared, lambda: self._publish("--no-secrets"), own, pushed, rounds=3, warm_up=0,
        )  # fmt: skip
        row("coreline publish --dry-run --no-secrets", dry, "s CPU")
        row("coreline publish --dry-run, with the search for secrets", searched, "s CPU")
        row("git-filter-repo, shared clone", peer_shared, "s CPU")
        row("coreline publish, to a new repository", whole, "s CPU")
        row("git-filter-repo, clone of its own", peer_own, "s CPU")
        row("git push of its result", push, "s CPU")
        self._compare()
        claim("filter-repo / publish, filtered beside the private history",
              median(peer_shared) / median(dry), 5, at_most=False)  # fmt: skip
        claim("filter-repo and push / publish, up to a public repository",
              (median(peer_own) + median(push)) / median(whole), 5, at_most=False)  # fmt: skip
        print(f"  the same without the push: {median(peer_own) / median(whole):.2f}")

    def one_more(self) -> None:
        """Measure a run after one more commit, each time another one."""
        peer = self._peer("--shared")
        ours, theirs = in_turn(self._publish_more, peer, rounds=3)
        row("coreline publish, one more commit", ours, "s CPU")
        row("git-filter-repo, one more commit", theirs, "s CPU")
        self._compare()
        ratio = median(theirs) / median(ours)
        claim("filter-repo / publish, one more commit", ratio, 25, at_most=False)

    def _publish(self, *options: str) -> float:
        shutil.rmtree(self.private / "coreline", ignore_errors=True)
        shutil.rmtree(self.folder / "public.git", ignore_errors=True)
        return self._run(*options)

    def _publish_more(self) -> float:
        tree = git(self.private, "rev-parse", "HEAD^{tree}").strip()
        blob = git(self.private, "hash-object", "-w", "--stdin", given="one more\n").strip()
        names = git(self.private, "ls-tree", tree) + f"100644 blob {blob}\tmore\n"
        rows = sorted(set(names.splitlines()), key=lambda entry: entry.partition("\t")[2])
        # Every round changes the tree: the file comes, and goes.
        if len(rows) == len(git(self.private, "ls-tree", tree).splitlines()):
            rows = [entry for entry in rows if not entry.endswith("\tmore")]
        made = git(self.private, "mktree", given="\n".join(rows) + "\n").strip()
        commit = git(self.private, "commit-tree", "-p", "HEAD", "-m", "one more", made).strip()
        git(self.private, "update-ref", "HEAD", commit)
        return self._run()

    def _run(self, *options: str) -> float:
        argv = [TOOLS / "coreline", "-C", self.private, "--manifest", self.manifest, "publish"]
        return run([*argv, "--to", self.folder / "public.git", *options], env=ENV).cpu_seconds

    def _peer(self, how: str) -> Callable[[], float]:
        def measure() -> float:
            filtered = self.folder / "filtered.git"
            shutil.rmtree(filtered, ignore_errors=True)
            git(self.folder, "clone", "-q", "--bare", how, str(self.private), str(filtered))
            return filter_repo(filtered, REMOVED)

        return measure

    def _push(self) -> float:
        target = self.folder / "pushed.git"
        shutil.rmtree(target, ignore_errors=True)
        git(self.folder, "init", "-q", "--bare", str(target))
        return run(["git", "push", "-q", target, "bench"],
                   cwd=self.folder / "filtered.git").cpu_seconds  # fmt: skip

    def _compare(self) -> None:
        for what in ("bench", "bench^{tree}"):
            ours = git(self.folder / "public.git", "rev-parse", what).strip()
            theirs = git(self.folder / "filtered.git", "rev-parse", what).strip()
            if ours != theirs:
                sys.exit(f"{what} is {ours} here and {theirs} in git-filter-repo's result")
        print(f"  the same head and tree in both: {ours[:12]}")


def filter_repo(folder: Path, removed: list[str]) -> float:
    """Remove paths from a whole history and return the CPU seconds."""
    paths = [part for path in removed for part in ("--path", path)]
    options = ["--invert-paths", "--prune-degenerate", "never", "--preserve-commit-hashes"]
    argv = [TOOLS / "git-filter-repo", *paths, *options, "--force"]
    return run(argv, cwd=folder, env=ENV).cpu_seconds


def missing_paths(folder: Path) -> list[str]:
    """Return the paths whose blobs a repository lacks."""
    listing = git(folder, "rev-list", "--objects", "--missing=print", "bench")
    lost = [entry[1:] for entry in listing.splitlines() if entry.startswith("?")]
    paths: set[str] = set()
    for name in lost:
        log = git(
            folder,
            "log",
            "--format=",
            "--raw",
            "--no-renames",
            "-m",
            f"--find-object={name}",
            "bench",
        )
        paths |= {entry.rpartition("\t")[2] for entry in log.splitlines() if entry}
    return sorted(paths)


def git(folder: Path, *arguments: str, given: str = "") -> str:
    """Run git and return what it printed."""
    who = ["-c", "user.name=Bench", "-c", "user.email=bench@example.com"]
    command = ["git", "-C", str(folder), *who, *arguments]
    return subprocess.run(command, input=given, text=True, check=True, capture_output=True).stdout


if __name__ == "__main__":
    main()
