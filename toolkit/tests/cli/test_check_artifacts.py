# SPDX-License-Identifier: Apache-2.0
"""``coreline check ARTIFACT…`` by its arguments, output and exit code."""

import json
from pathlib import Path

import pytest

from coreline.cli.main import run
from coreline.sources.unpack.packing import make_tar_gz, make_zip

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "MIT"
paths = ["src/**", "LICENSE", "fixtures/**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
modules = ["acme_ee"]
"""
MIT = """MIT License

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
subject to the following conditions: The above copyright notice and this permission notice shall be
included in all copies or substantial portions of the Software.
THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""
SECRET = "def count(fleet, seats):\n    return sum(seats[one] for one in fleet)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {"coreline.toml": MANIFEST, "LICENSE": MIT, "src/acme/a.py": "import os\n"}
    for name, text in {**files, "ee/acme_ee/fleet.py": SECRET}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "dist").mkdir()
    good = {"acme-1/src/acme/a.py": b"import os\n", "acme-1/LICENSE": MIT.encode()}
    (tmp_path / "dist/good.tar.gz").write_bytes(make_tar_gz(good))
    (tmp_path / "dist/bad.zip").write_bytes(
        make_zip({**good, "acme-1/acme_ee/fleet.py": SECRET.encode()})
    )
    return tmp_path


def test_a_kept_artifact_ends_with_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(folder), "check", "dist/good.tar.gz"]) == 0
    assert "kept: 1 artifact — 2 files analyzed" in capsys.readouterr().out


def test_several_artifacts_are_one_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["check", "--format=json", "dist/good.tar.gz", "dist/bad.zip"]
    assert run(["-C", str(folder), *arguments]) == 1
    report = json.loads(capsys.readouterr().out)
    (finding,) = report["findings"]
    assert finding["path"] == "dist/bad.zip!/acme-1/acme_ee/fleet.py"
    assert finding["names"] == ["ee/acme_ee/fleet.py"]
    assert len(report["notes"]) == 2


@pytest.mark.parametrize("name", ["text", "json", "sarif", "github", "junit", "markdown", "html"])
def test_every_format_can_say_it(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(folder), "check", f"--format={name}", "dist/bad.zip"]) == 1
    assert "acme_ee/fleet.py" in capsys.readouterr().out


def test_artifacts_and_files_are_not_checked_together(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(folder), "check", "dist/good.tar.gz", "src/acme/a.py"]) == 2
    assert "artifacts-and-paths" in capsys.readouterr().err


def test_an_artifact_that_does_not_exist(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(folder), "check", "dist/none.whl"]) == 2
    assert "dist/none.whl" in capsys.readouterr().err


def test_a_file_of_the_repository_is_no_artifact(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["-C", str(folder), "check", "src/acme/a.py"]) == 0
    assert "1 file analyzed" in capsys.readouterr().out
