# SPDX-License-Identifier: Apache-2.0
"""A vendor's work tree, its public repository, and the command line on both."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from coreline.cli.main import run

MANIFEST = """
[product]
name = "demo"
primary = "Demonstrate"
[core]
spdx = "Apache-2.0"
paths = ["src/**", "*.md", "LICENSE"]
[wraps.enterprise]
spdx = "LicenseRef-Demo"
paths = ["enterprise/**"]
modules = ["demo_enterprise"]
"""


@dataclass
class Vendor:
    """A private work tree and where it is published."""

    folder: Path
    public: Path

    def git(self, *arguments: str, at: Path | None = None) -> str:
        """Run git in the work tree, or elsewhere, and return what it printed."""
        who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
        command = ["git", "-C", str(at or self.folder), *who, *arguments]
        done = subprocess.run(command, check=True, capture_output=True)
        return done.stdout.decode("utf-8", "replace").strip()

    def commit(self, message: str, **files: str) -> str:
        """Commit files (two underscores stand for a slash) and return the id."""
        for name, text in files.items():
            path = self.folder / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def decide(self, text: str) -> None:
        """Write the [publish] table and commit it."""
        (self.folder / "coreline.toml").write_text(f"{MANIFEST}[publish]\n{text}\n")
        self.commit("decide")

    def publish(self, *options: str) -> int:
        """Publish and return the exit code."""
        return run(["-C", str(self.folder), "publish", "--to", str(self.public), *options])


@pytest.fixture
def vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vendor:
    """A product with one commit of the core and one of the wrap."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    made = Vendor(tmp_path / "private", tmp_path / "public.git")
    made.folder.mkdir()
    made.git("init", "-q", "--initial-branch=main")
    (made.folder / "coreline.toml").write_text(MANIFEST)
    made.commit("core", src__a="a = 1\n" * 20, LICENSE="All of it\n" * 20)
    made.commit("wrap", enterprise__sso="sso = 1\n" * 20, enterprise__LICENSE="All of it\n" * 20)
    return made
