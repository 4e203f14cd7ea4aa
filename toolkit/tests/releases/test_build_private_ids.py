# SPDX-License-Identifier: Apache-2.0
"""No artifact of the core, and no SBOM of one, tells the id of a private commit."""

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
paths = ["go.mod", "*.go", "LICENSE"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
[features.notes]
side = "core"
primary = true
[features.audit]
side = "wrap"
paths = ["ee/audit/**"]
[builds.core]
side = "core"
tool = "go"
"""
LICENSE = Path(__file__).parents[3] / "examples/converge/kept/LICENSE"


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    done = subprocess.run(
        ["git", "-C", folder, *who, *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def module(tmp_path: Path) -> Path:
    """A private repository of a Go module and a wrap."""
    folder = tmp_path / "private"
    files = {"go.mod": "module example.com/acme\n", "a.go": "package acme\n"}
    files |= {"ee/audit/b.txt": "of the wrap\n", "LICENSE": LICENSE.read_text()}
    for name, text in {**files, "coreline.toml": MANIFEST}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def made(folder: Path) -> dict[str, str]:
    """Return the texts and names of all that was built of the core."""
    files = [one for one in (folder / "dist/core").rglob("*") if one.is_file()]
    return {one.name: one.read_bytes().decode("utf-8", "replace") for one in files}


def test_a_pseudo_version_holds_the_public_id_or_is_refused(
    module: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    private = git(module, "rev-parse", "HEAD")
    assert run(["-C", str(module), "build"]) == 2
    assert "build-go-unpublished" in capfd.readouterr().err
    target = tmp_path / "public.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(target))
    assert run(["-C", str(module), "publish", "--to", str(target)]) == 0
    public = git(target, "rev-parse", "main")
    assert public != private
    assert run(["-C", str(module), "build"]) == 0
    told = made(module)
    assert any(public[:12] in name for name in told)
    assert any(f'"{public}"' in text for name, text in told.items() if name.endswith(".cdx.json"))
    assert not any(private[:7] in name or private[:7] in text for name, text in told.items())


def test_an_sbom_of_a_core_that_is_not_public_names_no_commit_and_no_feature_of_a_wrap(
    module: Path,
) -> None:
    git(module, "tag", "v1.2.3")
    private = git(module, "rev-parse", "HEAD")
    assert run(["-C", str(module), "build"]) == 0
    sboms = [text for name, text in made(module).items() if name.endswith(".cdx.json")]
    assert sboms
    assert all("coreline:line" in text and "feature:notes" in text for text in sboms)
    assert not any(private in text or "audit" in text for text in sboms)
