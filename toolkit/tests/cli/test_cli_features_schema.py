# SPDX-License-Identifier: Apache-2.0
"""``coreline features`` and ``coreline schema``, by their arguments, output and exit code."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from coreline.cli.main import run
from coreline.manifest.schema import schema

MANIFEST = """\
[product]
name = "converge"
primary = "x"
[core]
spdx = "MIT"
paths = ["src/**"]
[wraps.w]
spdx = "LicenseRef-W"
[features.apply]
side = "core"
primary = true
[features.fleet]
side = "wrap"
title = "Fleet [bold]:smile:"
[editions.enterprise]
features = ["fleet"]
price = { amount = 4900, currency = "USD", per = "seat-year" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> str:
    (tmp_path / "coreline.toml").write_text(MANIFEST)
    return str(tmp_path)


def test_the_table_for_people(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", folder, "features"]) == 0
    lines = [
        [cell.strip() for cell in line.strip("│┃").replace("┃", "│").split("│")]
        for line in capsys.readouterr().out.splitlines()
        if line.startswith(("│", "┃"))
    ]
    assert lines == [
        ["Feature", "Core", "Enterprise"],
        ["Price", "free", "USD 4,900 per seat and year"],
        ["Apply", "✓", "✓"],
        # A title is text: it is neither markup nor an emoji.
        ["Fleet [bold]:smile:", "", "✓"],
    ]


def test_the_forms_for_pages_and_programs(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", folder, "features", "--format", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("| converge | Core | Enterprise |\n|---|:-:|:-:|\n")
    assert run(["-C", folder, "features", "--format", "csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0] == ["row", "name", "title", "side", "segment", "core", "enterprise"]
    assert rows[-1] == ["feature", "fleet", "Fleet [bold]:smile:", "wrap", "", "no", "yes"]
    assert run(["-C", folder, "features", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["product"] == "converge"


def test_mistakes_of_the_manifest_are_all_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.toml"
    path.write_text(MANIFEST.replace('side = "wrap"', 'side = "wap"') + "x = 1\n")
    assert run(["-C", str(tmp_path), "--manifest", str(path), "features"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"{path}:13:8: " in printed.err
    assert f"{path}:18:1: Unknown key editions.enterprise.x. [unknown-key]" in printed.err


def test_a_program_gets_each_mistake_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "coreline.toml").write_text(MANIFEST.replace('side = "wrap"', 'side = "wap"'))
    assert run(["-C", str(tmp_path), "features", "--format", "json"]) == 2
    error = json.loads(capsys.readouterr().err)["error"]
    assert error["code"] == "manifest-mistakes"
    assert error["problems"] == [
        {
            "code": "not-a-choice",
            "message": 'features.fleet.side is "wap", which is not one of "core", "wrap".',
            "hint": 'Write "wrap".',
            "line": 13,
            "column": 8,
        }
    ]


def test_the_schema_is_printed_anywhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()


def test_a_table_is_printed_where_the_output_is_a_file(folder: str, tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "coreline"
    done = subprocess.run(
        [program, "-C", folder, "features"], capture_output=True, text=True, check=True
    )
    assert "USD 4,900 per seat and year" in done.stdout
    assert "\x1b" not in done.stdout
