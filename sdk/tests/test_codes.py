# SPDX-License-Identifier: Apache-2.0
"""Every answer has a sentence, a hint and a row in the reference; public names are few."""

import subprocess
import sys
from pathlib import Path

import pytest

import coreline_sdk
from coreline_sdk.codes import CODES, Code

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "license-format.md"


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.name)
def test_every_answer_is_written_for_people(code: Code) -> None:
    assert code.sentence[0].isupper()
    assert code.sentence.endswith(".")
    assert code.hint.endswith(".") or code.name == "valid"


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.name)
def test_every_answer_stands_in_the_reference(code: Code) -> None:
    allowed = code.state in {"valid", "trial", "grace", "kept"}
    entitled = "yes" if allowed and code.name != "feature-not-licensed" else "no"
    row = f"| `{code.name}` | {code.state} | {entitled} | {code.sentence} | {code.hint} |\n"
    assert row in REFERENCE.read_text(encoding="utf-8")


def test_the_public_surface_is_small() -> None:
    assert set(coreline_sdk.__all__) == {
        "Coreline",
        "LicenseStatus",
        "NotEntitled",
        "Notice",
        "__version__",
    }


@pytest.mark.parametrize(
    "module", ["cryptography", "asyncio", "inspect", "dataclasses", "urllib", "json", "sqlite3"]
)
def test_importing_brings_nothing_heavy(module: str) -> None:
    code = f"import coreline_sdk, sys; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
