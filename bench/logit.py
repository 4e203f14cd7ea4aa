# SPDX-License-Identifier: Apache-2.0
"""A multinomial logit of Swissmetro takes no more CPU than xlogit's, at equal likelihood.

Both get the same 6,768 choices as arrays and give estimates with standard errors. A fit alone is
measured within a process, after one to warm up; a whole process imports, reads and fits once.
"""

import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.measure import claim, in_turn, median, nothing, row, run

FITS = 15
LIKELIHOOD = -5331.252


def main() -> None:
    """Prepare data and the peer, and measure both in turn."""
    with tempfile.TemporaryDirectory(prefix="coreline-bench-") as folder:
        data = Path(folder) / "swissmetro.npz"
        prepare(data, Path(folder))
        peer = find_peer(Path(folder) / "xlogit")
        sides = {"coreline": (Path(sys.executable), "ours"), "xlogit": (peer, "theirs")}
        measure(data, sides)


def measure(data: Path, sides: dict[str, tuple[Path, str]]) -> None:
    """Measure whole processes, then fits alone."""

    def whole(python: Path, side: str) -> Callable[[], float]:
        return lambda: run([python, "-m", "bench.logit", side, data, "1"]).cpu_seconds

    def alone(python: Path, side: str) -> Callable[[], float]:
        command = [python, "-m", "bench.logit", side, data, str(FITS)]

        def once() -> float:
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            seconds, likelihood = map(float, said.split()[-2:])
            if abs(likelihood - LIKELIHOOD) > 5e-4:
                sys.exit(f"{side}: the log-likelihood is {likelihood}, not {LIKELIHOOD}")
            return seconds

        return once

    for what, make in (("whole process", whole), ("fit alone", alone)):
        ours, theirs = in_turn(*(make(*side) for side in sides.values()))
        row(f"coreline, {what}", ours, "s CPU")
        row(f"xlogit, {what}", theirs, "s CPU")
        claim(f"coreline / xlogit, {what}", median(ours) / median(theirs), 1, at_most=True)


def prepare(data: Path, folder: Path) -> None:
    """Write the choices as arrays that both read."""
    import numpy as np

    tests = Path(__file__).parent.parent / "toolkit" / "tests" / "placement"
    sys.path.insert(0, str(tests))
    published = importlib.import_module("published")
    why_not = published.fetch(folder / "data")
    if why_not:
        nothing(why_not)
    answers = published.swissmetro(folder / "data")
    np.savez(
        data,
        values=answers.values,
        situation=answers.situation,
        alternative=answers.alternative,
        chosen=answers.chosen,
        person=answers.person[answers.situation],
    )


def find_peer(folder: Path) -> Path:
    """Return a Python that has xlogit: the one that the environment names, else a new one."""
    given = os.environ.get("CORELINE_BENCH_XLOGIT")
    if given:
        return Path(given)
    python = folder / "bin" / "python"
    uv = [sys.executable, "-m", "uv"]
    for command in (["venv", "-q", folder], ["pip", "install", "-q", "-p", python, "xlogit"]):
        if subprocess.run([*uv, *command], capture_output=True, check=False).returncode != 0:
            nothing("xlogit could not be installed. Set CORELINE_BENCH_XLOGIT to a Python with it.")
    return python


def ours(data: Path) -> Callable[[], float]:
    """Return a function that fits with Coreline and returns the log-likelihood."""
    import numpy as np

    from coreline.placement.choices import choices
    from coreline.placement.models.design import Terms
    from coreline.placement.models.logit import logit

    table = np.load(data)
    answers = choices(
        ("time", "cost"),
        table["values"],
        situation=table["situation"],
        alternative=np.array(["car", "sm", "train"])[table["alternative"]],
        chosen=table["chosen"],
        person=table["person"],
    )
    terms = Terms(("time", "cost"), constants=True, base="sm")
    return lambda: logit(answers, terms).log_likelihood


def theirs(data: Path) -> Callable[[], float]:
    """Return a function that fits with xlogit, which wants every alternative in every situation."""
    import numpy as np
    from xlogit import MultinomialLogit  # In the peer's own Python.

    table = np.load(data)
    situation, alternative = table["situation"], table["alternative"]
    count, kinds = int(situation[-1]) + 1, 3
    values = np.zeros((count, kinds, 4))
    values[:, 0, 0] = values[:, 2, 1] = 1
    values[situation, alternative, 2:] = table["values"]
    offered, chosen = np.zeros((count, kinds)), np.zeros((count, kinds))
    offered[situation, alternative] = 1
    chosen[situation, alternative] = table["chosen"]
    arguments = {
        "X": values.reshape(-1, 4),
        "y": chosen.reshape(-1),
        "varnames": ["car", "train", "time", "cost"],
        "alts": np.tile(np.arange(kinds), count),
        "ids": np.repeat(np.arange(count), kinds),
        "avail": offered.reshape(-1),
        "verbose": 0,
    }

    def fit() -> float:
        model = MultinomialLogit()
        model.fit(**arguments)
        return float(model.loglikelihood)

    return fit


def side(name: str, data: Path, fits: int) -> None:
    """Fit so many times after one to warm up (none where one is all), and print the median CPU."""
    fit = {"ours": ours, "theirs": theirs}[name](data)
    spent, likelihood = [], fit()
    for _ in range(fits - 1):
        started = time.process_time()
        likelihood = fit()
        spent.append(time.process_time() - started)
    print(median(spent) if spent else 0, likelihood)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        side(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
