# SPDX-License-Identifier: Apache-2.0
"""A mixed logit takes at most 1/15 of the CPU of xlogit and 1/50 of Biogeme's, in 1/5 of memory.

Electricity: six normals, 600 Halton draws, beside xlogit. Swissmetro: panels, a normal time, 500
draws, beside Biogeme. Whole processes: import, read, fit with standard errors from the scores
(as xlogit's are). Each library's linear algebra has one thread. The peers are installed into a
folder that is thrown away, or named by CORELINE_BENCH_XLOGIT and CORELINE_BENCH_BIOGEME.
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

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "XLA_FLAGS": ""}
ELECTRICITY, SWISSMETRO = "electricity", "swissmetro"
CASES = {
    (ELECTRICITY, "xlogit"): (15.0, 3, -3888.465, 0.01),
    (SWISSMETRO, "biogeme"): (50.0, 1, -4360.2, 3.0),
}
"""Data and peer: how many times less CPU, rounds, log-likelihood, how far off it may be."""


def main() -> None:
    """Prepare data and peers, and measure each pair in turn."""
    with tempfile.TemporaryDirectory(prefix="coreline-bench-") as text:
        folder = Path(text)
        prepare(folder)
        for (data, peer), (times, rounds, likelihood, off) in CASES.items():
            pythons = {"ours": Path(sys.executable), peer: find_peer(folder / peer, peer)}
            table = folder / f"{data}.npz"
            for who, python in pythons.items():
                fit_alone(python, who, table, likelihood, off)
            measure(table, pythons, times, rounds)


def measure(table: Path, pythons: dict[str, Path], times: float, rounds: int) -> None:
    """Measure whole processes in turn."""
    memory: dict[str, float] = {}

    def whole(who: str) -> Callable[[], float]:
        def once() -> float:
            cost = run([pythons[who], "-m", "bench.mixed", who, table], env=ONE_THREAD)
            memory[who] = cost.peak_mib
            return cost.cpu_seconds

        return once

    mine, peer = pythons
    sides = in_turn(*(whole(who) for who in pythons), rounds=rounds, warm_up=0)
    for who, values in zip(pythons, sides, strict=True):
        row(f"{who}, {table.stem}, whole process", values, "s CPU")
        row(f"{who}, {table.stem}, memory", [memory[who]], "MiB")
    ratio = median(sides[1]) / median(sides[0])
    claim(f"{peer} / {mine}, CPU, {table.stem}", ratio, times, at_most=False)
    space = memory[mine] / memory[peer]
    claim(f"{mine} / {peer}, memory, {table.stem}", space, 0.2, at_most=True)


def fit_alone(python: Path, who: str, data: Path, likelihood: float, off: float) -> None:
    """Print the CPU of the fit, and end where the likelihood is not the same."""
    command = [python, "-m", "bench.mixed", who, data]
    env = {**os.environ, **ONE_THREAD}
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout
    seconds, found = map(float, said.split()[-2:])
    print(f"  {who}, {data.stem}, fit alone: {seconds:.3f} s CPU, log-likelihood {found:.3f}")
    if abs(found - likelihood) > off:
        sys.exit(f"{who}: the log-likelihood is {found}, not {likelihood}")


def prepare(folder: Path) -> None:
    """Write the choices as arrays that all read."""
    import numpy as np

    sys.path.insert(0, str(Path(__file__).parent.parent / "toolkit" / "tests" / "placement"))
    published = importlib.import_module("published")
    why_not = published.fetch(folder / "data")
    if why_not:
        nothing(why_not)
    for name in (ELECTRICITY, SWISSMETRO):
        answers = getattr(published, name)(folder / "data")
        np.savez(
            folder / f"{name}.npz",
            names=np.array(answers.names),
            values=answers.values,
            situation=answers.situation,
            alternative=answers.alternative,
            chosen=answers.chosen,
            person=answers.person[answers.situation],
        )


def find_peer(folder: Path, name: str) -> Path:
    """Return a Python that has a peer: the one that the environment names, else a new one."""
    variable = f"CORELINE_BENCH_{name.upper()}"
    if os.environ.get(variable):
        return Path(os.environ[variable])
    python = folder / "bin" / "python"
    uv = [sys.executable, "-m", "uv"]
    # Biogeme 3.3.2 writes comments of several lines, which newer tomlkit refuses.
    wanted = [name, "tomlkit<0.13.3"] if name == "biogeme" else [name]
    for command in (["venv", "-q", folder], ["pip", "install", "-q", "-p", python, *wanted]):
        if subprocess.run([*uv, *command], capture_output=True, check=False).returncode != 0:
            nothing(f"{name} could not be installed. Set {variable} to a Python with it.")
    return python


def ours(data: Path) -> float:
    """Fit with Coreline and return the log-likelihood."""
    import numpy as np

    from coreline.placement.choices import choices
    from coreline.placement.models.design import Terms
    from coreline.placement.models.halton import Draws
    from coreline.placement.models.mixed import mixed
    from coreline.placement.models.mixing import Mixing

    table = np.load(data)
    names = tuple(str(one) for one in table["names"])
    label = np.char.zfill(table["person"].astype(str), 6)
    answers = choices(
        names,
        table["values"],
        situation=table["situation"].astype("U6"),
        alternative=table["alternative"].astype(str),
        chosen=table["chosen"],
        person=label,
    )
    if data.stem == ELECTRICITY:
        mixing, terms, draws = Mixing(dict.fromkeys(names, "normal")), Terms(names), Draws(600)
    else:
        # Alternative 1 is Swissmetro.
        mixing, terms = Mixing({"time": "normal"}), Terms(names, constants=True, base="1")
        draws = Draws(500)
    return mixed(answers, mixing, terms, draws=draws, errors="scores").fit.log_likelihood


def xlogit(data: Path) -> float:
    """Fit Electricity with xlogit."""
    import numpy as np
    from xlogit import MixedLogit  # In the peer's own Python.

    table = np.load(data)
    names = [str(one) for one in table["names"]]
    model = MixedLogit()
    model.fit(
        X=table["values"],
        y=table["chosen"].astype(float),
        varnames=names,
        alts=table["alternative"],
        ids=table["situation"],
        panels=table["person"],
        randvars=dict.fromkeys(names, "n"),
        n_draws=600,
        verbose=0,
    )
    return float(model.loglikelihood)


def biogeme(data: Path) -> float:
    """Fit Swissmetro with Biogeme."""
    import numpy as np
    import pandas as pd
    from biogeme import models  # In the peer's own Python.
    from biogeme.biogeme import BIOGEME
    from biogeme.database import Database
    from biogeme.expressions import (
        Beta,
        Draws,
        MonteCarlo,
        PanelLikelihoodTrajectory,
        Variable,
        log,
    )

    table = np.load(data)
    situation, alternative = table["situation"], table["alternative"]
    count = int(situation[-1]) + 1
    wide = {}
    for kind in range(3):
        here = alternative == kind
        for column, name in enumerate(("time", "cost")):
            wide[f"{name}{kind}"] = np.zeros(count)
            wide[f"{name}{kind}"][situation[here]] = table["values"][here, column]
        wide[f"there{kind}"] = np.zeros(count)
        wide[f"there{kind}"][situation[here]] = 1
    wide["choice"] = alternative[table["chosen"]].astype(float)
    wide["person"] = np.zeros(count)
    wide["person"][situation] = table["person"]
    database = Database("swissmetro", pd.DataFrame(wide))
    database.panel("person")
    time_of = Beta("time", 0, None, None, 0) + Beta("spread", 1, None, None, 0) * Draws(
        "draw", "NORMAL_HALTON2"
    )
    cost = Beta("cost", 0, None, None, 0)
    constants = {0: Beta("car", 0, None, None, 0), 1: 0, 2: Beta("train", 0, None, None, 0)}
    utility = {
        kind: constants[kind] + time_of * Variable(f"time{kind}") + cost * Variable(f"cost{kind}")
        for kind in range(3)
    }
    offered = {kind: Variable(f"there{kind}") for kind in range(3)}
    chance = models.logit(utility, offered, Variable("choice"))
    formula = log(MonteCarlo(PanelLikelihoodTrajectory(chance)))
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        model = BIOGEME(
            database,
            formula,
            number_of_draws=500,
            generate_html=False,
            generate_yaml=False,
            save_iterations=False,
        )
        model.model_name = "mixture"
        return float(model.estimate().final_log_likelihood)


def side(name: str, data: Path) -> None:
    """Fit once, and print its CPU and the log-likelihood."""
    started = time.process_time()
    likelihood = {"ours": ours, "xlogit": xlogit, "biogeme": biogeme}[name](data)
    print(time.process_time() - started, likelihood)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        side(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
