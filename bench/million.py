# SPDX-License-Identifier: Apache-2.0
"""A history of a million commits is published in at most 4 GiB, one more commit in 1 second.

The history is made by git fast-import in a folder that is removed, from a fixed seed: 60,000 files
in folders four deep, topics that are merged into subsystems and these into the trunk, one to three
files a commit. A tenth of the files is the wrap's. ``--commits`` and ``--files`` say how large;
``--history FOLDER`` keeps the history there, and takes it from there when it is made already.
Secrets are not searched. What is measured of the whole is filter and proof, without a push; of one
more commit all, the push included.
"""

import argparse
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from bench.measure import Cost, claim, median, row, run

MANIFEST = """\
[product]
name = "generated"
primary = "Show how large a history may be"
[core]
spdx = "MIT"
paths = ["**"]
[wraps.enterprise]
spdx = "LicenseRef-Generated"
paths = ["s7/**", "s2/d1/**", "s5/d0/e3/**"]
"""
SUBSYSTEMS = 12
WHO = "A <a@example.com>"
ONE_MORE = 3


def main() -> None:
    """Generate, publish, add commits one by one."""
    parser = argparse.ArgumentParser(description="Publish a generated history.")
    parser.add_argument("--commits", type=int, default=1_000_000)
    parser.add_argument("--files", type=int, default=60_000)
    parser.add_argument("--history", type=Path, help="where the history is kept")
    parser.add_argument("--only-make", action="store_true", help="make it and measure nothing")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="coreline-bench-") as name:
        folder = Path(name)
        private = folder / "private.git"
        (folder / "coreline.toml").write_text(MANIFEST)
        prepare(private, given.history, given.commits, given.files)
        if given.only_make:
            return
        count = int(git(private, "rev-list", "--count", "trunk"))
        print(f"  {count:,} commits, {given.files:,} files")
        whole = publish(folder)
        print(f"  {whole.wall_seconds:.1f} s, {count / whole.wall_seconds:,.0f} commits/s")
        claim("peak memory, GiB", whole.peak_mib / 1024, 4, at_most=True)
        publish(folder, to_the_end=True)
        more = []
        for number in range(ONE_MORE):
            one_more(private, number)
            more.append(publish(folder, to_the_end=True))
        row("one more commit", [cost.wall_seconds for cost in more], "s")
        row("one more commit, memory", [cost.peak_mib for cost in more], "MiB")
        claim("one more commit, s", median([cost.wall_seconds for cost in more]), 1, at_most=True)


def publish(folder: Path, *, to_the_end: bool = False) -> Cost:
    """Filter and prove in a process of its own; push too where it shall go to the end."""
    argv = [Path(sys.executable).parent / "coreline", "-C", folder / "private.git"]
    argv += ["--manifest", folder / "coreline.toml", "publish", "--no-secrets"]
    if not to_the_end:
        argv.append("--dry-run")
    return run([*argv, "--to", folder / "public.git"])


def one_more(private: Path, number: int) -> None:
    """Add a commit that changes one file of the trunk."""
    tip = git(private, "rev-parse", "trunk")
    text = f"more {number}\n"
    stream = f"commit refs/heads/trunk\ncommitter {WHO} {2_000_000_000 + number} +0000\n"
    stream += f"data 4\nmore\nfrom {tip}\nM 100644 inline one/more/file\n"
    stream += f"data {len(text)}\n{text}\n"
    git(private, "fast-import", "--quiet", "--force", given=stream)


def prepare(private: Path, kept: Path | None, commits: int, files: int) -> None:
    """Make the history, or borrow one that is kept."""
    if kept is None:
        generate(private, commits, files)
        return
    made = kept / "private.git"
    if not made.exists():
        part = kept / "part.git"
        kept.mkdir(parents=True, exist_ok=True)
        generate(part, commits, files)
        part.rename(made)
    git(private.parent, "clone", "-q", "--bare", "--shared", str(made), str(private))


def generate(private: Path, commits: int, files: int) -> None:
    """Make a bare repository whose branch trunk has that many commits."""
    git(private.parent, "init", "-q", "--bare", "--initial-branch=trunk", str(private))
    argv = ["git", "-C", str(private), "fast-import", "--quiet", "--force", "--active-branches=64"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        Generated(process.stdin, files).write(commits)
        process.stdin.close()
    if process.returncode:
        sys.exit(f"git fast-import ended with {process.returncode}")


class Generated:
    """Writes the stream; a branch remembers what it changed since it was last merged."""

    def __init__(self, out: IO[bytes], files: int) -> None:
        self._out = out
        self._random = random.Random(4)
        self._paths = list(_paths(files))
        by_subsystem: dict[str, list[str]] = {}
        for path in self._paths:
            by_subsystem.setdefault(path.partition("/")[0], []).append(path)
        self._areas = list(by_subsystem.values())
        self._count = 0

    def write(self, commits: int) -> None:
        """Write commits until there are as many as wanted."""
        every = {path: f"{number}\n" for number, path in enumerate(self._paths)}
        self._commit("trunk", every)
        while self._count < commits:
            self._subsystem(self._random.randrange(len(self._areas)))

    def _subsystem(self, number: int) -> None:
        """A pull: topics begin at the subsystem's head, are merged into it, it into the trunk."""
        head = f"sub{number}"
        self._reset(head, "trunk")
        changed = self._work(head, number)
        for topic in range(self._random.randint(1, 4)):
            name = f"topic{topic}"
            self._reset(name, head)
            edits = self._work(name, number)
            changed |= self._work(head, number)
            self._commit(head, edits, merged=name)
            changed |= edits
        self._work("trunk", (number + 1) % len(self._areas))
        self._commit("trunk", changed, merged=head)

    def _work(self, branch: str, area: int) -> dict[str, str]:
        changed: dict[str, str] = {}
        for _ in range(self._random.randint(1, 6)):
            chosen = self._random.choices(self._areas[area], k=self._random.randint(1, 3))
            edits = {path: f"{self._count} {path}\n" for path in chosen}
            self._commit(branch, edits)
            changed |= edits
        return changed

    def _reset(self, branch: str, to: str) -> None:
        self._out.write(f"reset refs/heads/{branch}\nfrom refs/heads/{to}\n\n".encode())

    def _commit(self, branch: str, files: dict[str, str], merged: str | None = None) -> None:
        self._count += 1
        message = f"{branch} {self._count}\n"
        when = 1_000_000_000 + 100 * self._count
        parts = [f"commit refs/heads/{branch}\ncommitter {WHO} {when} +0000\n"]
        parts.append(f"data {len(message)}\n{message}")
        if merged:
            parts.append(f"merge refs/heads/{merged}\n")
        for path, text in files.items():
            parts.append(f"M 100644 inline {path}\ndata {len(text)}\n{text}")
        parts.append("\n")
        self._out.write("".join(parts).encode())


def _paths(files: int) -> Iterator[str]:
    """Folders four deep, some fifteen files each; every tenth is the wrap's."""
    for number in range(files):
        group = number // 15
        inner = "ee" if group % 16 == 3 else f"e{group // SUBSYSTEMS % 18}"
        yield f"s{group % SUBSYSTEMS}/d{group // SUBSYSTEMS // 18}/{inner}/f{number}"


def git(folder: Path, *arguments: str, given: str = "") -> str:
    """Run git and return what it printed."""
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, input=given, text=True, check=True, capture_output=True)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
