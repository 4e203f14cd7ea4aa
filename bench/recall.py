# SPDX-License-Identifier: Apache-2.0
"""Findings against lists of what is really there: recall, precision, and every disagreement.

``bench/labels`` holds the lists, each begun by an independent count at one commit of a public
repository, with the manifest that it was made for. Where a list was completed after a run, the
comment of its manifest says which rows: those say nothing of precision. Several lists were read
while the readers of builds were mended, so they are no held-out test either. A repository is named
by the environment, ``CORELINE_BENCH_`` and the last part of its name in capitals; what is not
named is skipped. A disagreement is explained in one line of ``bench/labels/explained.csv``, or it
is printed as unexplained.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.measure import claim, nothing

LABELS = Path(__file__).parent / "labels"
CHECKS = ("references", "gates", "names", "overlays")
"""The checks that speak of references; what others find (licenses, claims) is not in the lists."""
GROUPS = {
    "static": ("static", "re-export", "type-only", "local"),
    "strings and dynamic": ("string", "dynamic", "lookup", "name", "gate"),
    "tests": ("test",),
    "build": ("build", "link", "overlay"),
}
RECALL = {"static": 1.0, "strings and dynamic": 0.95, "tests": 0.95, "build": 0.95}
PRECISION = 0.98

Place = tuple[str, int]


class Labelled(NamedTuple):
    """One list, and the repository and line that it is about."""

    name: str
    repository: Path
    commit: str
    manifest: Path
    kinds: Mapping[Place, str]


class Score(NamedTuple):
    """How findings and a list agree."""

    found: Counter[str]
    missed: dict[Place, str]
    extra: dict[Place, str]


def main() -> None:
    """Check every repository that is named and print the score."""
    lists = list(_lists())
    if not lists:
        nothing(f"Set one of {', '.join(sorted(_variables()))} to a clone.")
    explained = _explained()
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    silent = 0
    for one in lists:
        score = _score(one.kinds, _findings(one))
        _add(totals, score)
        silent += _report(one, score, explained)
    print()
    for group, counted in totals.items():
        found, missed, extra = counted["found"], counted["missed"], counted["extra"]
        if found + missed:
            claim(f"recall, {group}", found / (found + missed), RECALL[group], at_most=False)
        if found + extra:
            claim(f"precision, {group}", found / (found + extra), PRECISION, at_most=False)
    sums = Counter[str]()
    for counted in totals.values():
        sums += counted
    all_found = sums["found"]
    claim("precision, all", all_found / (all_found + sums["extra"]), PRECISION, at_most=False)
    claim("disagreements without an explanation", silent, 0, at_most=True)


def _variables() -> dict[str, list[Path]]:
    """Return the variables that name repositories, with the lists of each."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(LABELS.glob("*@*.csv")):
        name = path.name.partition("@")[0].rpartition("+")[2]
        found["CORELINE_BENCH_" + name.upper().replace("-", "_")].append(path)
    return found


def _lists() -> Sequence[Labelled]:
    found = []
    for variable, paths in _variables().items():
        value = os.environ.get(variable)
        for path in paths if value else ():
            name = path.stem
            manifest = path.with_suffix(".toml")
            if not manifest.exists():
                print(f"  {name}: no manifest beside it")
                continue
            with path.open(newline="", encoding="utf-8") as file:
                rows = [
                    (row["path"], int(row["line"]), row["kind"]) for row in csv.DictReader(file)
                ]
            # One repository may have lists of several parts: name@commit-part.
            commit = name.partition("@")[2].partition("-")[0]
            kinds = {(at, line): kind for at, line, kind in rows}
            found.append(Labelled(name, Path(value or ""), commit, manifest, kinds))
    return found


def _explained() -> dict[tuple[str, str, int], str]:
    path = LABELS / "explained.csv"
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {
            (row["list"], row["path"], int(row["line"])): row["why"] for row in csv.DictReader(file)
        }


def _findings(one: Labelled) -> dict[Place, str]:
    """Check one commit in a clone without a work tree, and return the kind of each place."""
    with tempfile.TemporaryDirectory(prefix="coreline-bench-") as folder:
        clone = ["git", "clone", "-q", "--shared", "--no-checkout", str(one.repository), folder]
        subprocess.run(clone, check=True)
        tool = Path(sys.executable).parent / "coreline"
        argv = [str(tool), "-C", folder, "--manifest", str(one.manifest), "check", "--no-cache"]
        argv += ["--at", one.commit, "--format", "json"]
        done = subprocess.run(argv, capture_output=True, check=False)
        if done.returncode not in (0, 1):
            sys.exit(done.stderr.decode("utf-8", "replace")[-2000:])
    found: dict[Place, str] = {}
    for row in json.loads(done.stdout)["findings"]:
        if row["check"] in CHECKS:
            found.setdefault((row["path"], row["line"]), row["kind"])
    return found


def _score(labels: Mapping[Place, str], findings: Mapping[Place, str]) -> Score:
    found = Counter(_group(kind) for place, kind in labels.items() if place in findings)
    missed = {place: kind for place, kind in labels.items() if place not in findings}
    extra = {place: kind for place, kind in findings.items() if place not in labels}
    return Score(found, missed, extra)


def _group(kind: str) -> str:
    return next((name for name, kinds in GROUPS.items() if kind in kinds), "build")


def _add(totals: dict[str, Counter[str]], score: Score) -> None:
    for group, count in score.found.items():
        totals[group]["found"] += count
    for word, places in (("missed", score.missed), ("extra", score.extra)):
        for kind in places.values():
            totals[_group(kind)][word] += 1


def _report(one: Labelled, score: Score, explained: Mapping[tuple[str, str, int], str]) -> int:
    """Print one list's score and its disagreements; return how many have no explanation."""
    found = sum(score.found.values())
    print(f"{one.name}: {found} of {len(one.kinds)} found, {len(score.extra)} beside them")
    silent = 0
    for word, places in (("missed", score.missed), ("beside", score.extra)):
        for (path, line), kind in sorted(places.items()):
            why = explained.get((one.name, path, line))
            silent += why is None
            print(f"  {word} {path}:{line} ({kind}): {why or 'NOT EXPLAINED'}")
    return silent


if __name__ == "__main__":
    main()
