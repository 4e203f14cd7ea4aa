# SPDX-License-Identifier: Apache-2.0
"""The line through time: red from the commit that broke it to that which mended it, green outside.

Six stretches in the histories of Baserow and SigNoz, known from these themselves: the commits
that let code of the core import a wrap without a guard, and those that took it back. Checked are
both ends, their first parents and commits in between, along the first parents.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.measure import claim, nothing

LABELS = Path(__file__).parent / "labels"
BETWEEN = 4
"""Commits of each stretch that are checked beside its ends."""
CODE = ("static", "local", "re-export", "dynamic")


class Product(NamedTuple):
    """A repository and its line."""

    variable: str
    manifest: str


class Stretch(NamedTuple):
    """Commits that broke the line, in order, and the one that mended it."""

    product: Product
    broken: Sequence[str]
    mended: str


BASEROW = Product("CORELINE_BENCH_BASEROW", "bram2w+baserow@01c464ff02.toml")
SIGNOZ = Product("CORELINE_BENCH_SIGNOZ", "SigNoz+signoz@9997c3da9c.toml")
STRETCHES = (
    Stretch(BASEROW, ["210c02085"], "38b2f6b9f"),
    Stretch(BASEROW, ["a11883ca0"], "f4c9e4863"),
    Stretch(SIGNOZ, ["a50d7f227c"], "598e71eb8e"),
    Stretch(SIGNOZ, ["96162d7949", "d00024b64a"], "6f0cf03371"),
    Stretch(SIGNOZ, ["e51f4d986d"], "204728ff60"),
    Stretch(SIGNOZ, ["ebb2f1fd63"], "3051d442c0"),
)


def main() -> None:
    """Check each stretch whose repository is named."""
    known = [one for one in STRETCHES if os.environ.get(one.product.variable)]
    if not known:
        nothing(f"Set {BASEROW.variable} or {SIGNOZ.variable} to a clone.")
    wrong = checked = 0
    with tempfile.TemporaryDirectory(prefix="coreline-bench-") as folder:
        for one in known:
            clone = Path(folder) / one.product.variable
            if not clone.exists():
                source = os.environ[one.product.variable]
                argv = ["git", "clone", "-q", "--shared", "--no-checkout", source, str(clone)]
                subprocess.run(argv, check=True)
            print(
                f"{one.product.manifest.partition('@')[0]}: {', '.join(one.broken)} to {one.mended}"
            )
            for commit, is_red in _expected(clone, one):
                places = _places(clone, one.product, commit)
                is_wrong = bool(places) != is_red
                checked, wrong = checked + 1, wrong + is_wrong
                said = f"red, {len(places)} ({places[0]})" if places else "green"
                print(f"  {commit[:12]} {said}{'  WRONG' if is_wrong else ''}")
    claim(f"commits of {checked} with the wrong color", wrong, 0, at_most=True)


def _expected(clone: Path, one: Stretch) -> Iterator[tuple[str, bool]]:
    """Yield commits and whether the line is broken there."""
    for number, broken in enumerate(one.broken):
        yield f"{broken}^", number > 0
        yield broken, True
    listing = ["rev-list", "--ancestry-path", f"{one.broken[-1]}..{one.mended}^"]
    # Where the break came in by a merge, no first parent leads back to it.
    between = _git(clone, *listing, "--first-parent").split() or _git(clone, *listing).split()
    step = max(1, len(between) // BETWEEN)
    for commit in [*reversed(between[::step][:BETWEEN])]:
        yield commit, True
    yield f"{one.mended}^", True
    yield one.mended, False


def _places(clone: Path, product: Product, commit: str) -> list[str]:
    """Return where code of the core needs a wrap at a commit."""
    tool = Path(sys.executable).parent / "coreline"
    argv = [str(tool), "-C", str(clone), "--manifest", str(LABELS / product.manifest), "check"]
    argv += ["--at", _git(clone, "rev-parse", commit).strip(), "--format", "json"]
    done = subprocess.run(argv, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr.decode("utf-8", "replace")[-2000:])
    return [
        f"{row['path']}:{row['line']}"
        for row in json.loads(done.stdout)["findings"]
        if row["check"] == "references" and row["kind"] in CODE and row["grade"] == "broken"
    ]


def _git(clone: Path, *argv: str) -> str:
    done = subprocess.run(["git", "-C", str(clone), *argv], capture_output=True, check=True)
    return done.stdout.decode()


if __name__ == "__main__":
    main()
