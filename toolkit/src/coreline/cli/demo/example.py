# SPDX-License-Identifier: Apache-2.0
"""The example product's files: where they are, and its broken states laid over the kept one."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import coreline
from coreline.errors import InputError

EXPECTED = "expected.json"


class Expected(NamedTuple):
    """A finding that a broken state must give."""

    check: str
    path: str
    kind: str


def find_example(start: Path) -> Path:
    """Return the folder ``examples/converge`` of a checkout of Coreline.

    Args:
        start: where to look first, with the folders above it; then where Coreline itself is.

    Raises:
        InputError: there is no checkout (``examples-not-found``).
    """
    own = Path(coreline.__file__).resolve()
    for folder in (start.resolve(), *start.resolve().parents, *own.parents):
        example = folder / "examples" / "converge"
        if (example / "kept" / "coreline.toml").is_file():
            return example
    raise InputError(
        "examples-not-found",
        "The example product is not here: it is not part of the installed package.",
        "Clone Coreline's repository and run `make demo` in it.",
    )


def broken_states(example: Path) -> list[str]:
    """Return the names of the broken states, such as ``broken-import``."""
    return sorted(path.parent.name for path in example.glob(f"broken-*/{EXPECTED}"))


def expected_findings(example: Path, state: str) -> list[Expected]:
    """Return what ``coreline check`` must find in a broken state, in order."""
    body = json.loads((example / state / EXPECTED).read_text("utf-8"))
    return sorted(Expected(**finding) for finding in body["findings"])


def lay(example: Path, state: str | None, target: Path) -> None:
    """Write the kept state to a folder, and a broken state's files over it."""
    for name in ("kept", state) if state else ("kept",):
        for path in files(example / name):
            to = target / path
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(example / name / path, to)


def files(state: Path) -> Iterator[Path]:
    """Yield a state's files, relative to it: not its expectations, nothing that tools left."""
    for path in sorted(state.rglob("*")):
        inside = path.relative_to(state)
        left_behind = any(part == "__pycache__" or part.startswith(".") for part in inside.parts)
        if path.is_file() and not left_behind and inside.name != EXPECTED:
            yield inside
