# SPDX-License-Identifier: Apache-2.0
"""``coreline check --licenses``: licenses alone, on disk, at a commit and staged."""

import json
import subprocess
from pathlib import Path

import pytest

from coreline.cli.main import run

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["**"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
modules = ["acme_ee"]
"""
LOCK = """{"lockfileVersion": 3, "packages": {
"node_modules/bad": {"version": "1.0.0", "license": "GPL-3.0-only"}
}}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name, text in {
        "coreline.toml": MANIFEST,
        "a.py": "# Proprietary and confidential.\nimport acme_ee\n",
        "package-lock.json": LOCK,
        "big.bin": "x" * 100_000,
    }.items():
        (tmp_path / name).write_text(text)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "all"], check=True)
    return tmp_path


@pytest.mark.parametrize("options", [[], ["--at", "HEAD"], ["--staged"], ["--no-cache"]])
def test_licenses_alone_are_found(
    repository: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    code = run(["-C", str(repository), "check", "--licenses", "--format", "json", *options])
    report = json.loads(capsys.readouterr().out)
    found = {(one["check"], one["path"], one["line"]) for one in report["findings"]}
    assert found == {("spdx", "a.py", 1), ("dependencies", "package-lock.json", 2)}
    assert (code, report["kept"], report["coverage"]["analyzed"]) == (1, False, 4)
    # A second run takes everything from the cache and says the same.
    assert run(["-C", str(repository), "check", "--licenses", "--format", "json", *options]) == 1
    assert json.loads(capsys.readouterr().out) == report


def test_nothing_wrong_ends_with_0(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "a.py").write_text("import acme_ee\n")
    (repository / "package-lock.json").write_text(LOCK.replace("GPL-3.0-only", "MIT"))
    assert run(["-C", str(repository), "check", "--licenses"]) == 0
    said = capsys.readouterr().out
    assert "Licenses alone were checked" in said
    assert "kept: licenses — 4 files analyzed" in said


def test_the_baseline_allows_what_it_knows_of_licenses(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ["-C", str(repository)]
    assert run([*folder, "check", "--licenses"]) == 1
    assert "broken: licenses — 2 findings" in capsys.readouterr().out
    assert run([*folder, "baseline"]) == 0
    assert run([*folder, "check", "--licenses"]) == 0
    # A reference that the baseline knows was not looked for: it has not been mended.
    assert "2 known findings" in capsys.readouterr().out
    (repository / "package-lock.json").write_text(LOCK.replace("GPL-3.0-only", "MIT"))
    assert run([*folder, "check", "--licenses"]) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["a.py"], "check-licenses-whole"), (["--watch"], "check-one-way")],
)
def test_what_does_not_go_with_it(
    repository: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: str
) -> None:
    assert run(["-C", str(repository), "check", "--licenses", *arguments]) == 2
    assert code in capsys.readouterr().err
