# SPDX-License-Identifier: Apache-2.0
"""A vendor's private repository, its public one, an outsider's fork, and the command line."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from coreline.cli.main import run

MANIFEST = """
[product]
name = "demo"
primary = "Demonstrate"
vendor = ["corp.example"]
[core]
spdx = "MIT"
paths = ["src/**", "docs/**", "README.md"]
public = "../public.git"
[wraps.ee]
spdx = "LicenseRef-Demo"
paths = ["ee/**"]
"""
FILES = {"src__a_py": "a\nb\nc\nd\ne\nf\n", "README_md": "r\n", "ee__x": "x\n"}
VENDOR = ("Ven", "v@corp.example")
OUTSIDER = ("Out", "o@out.example")


@dataclass
class Clone:
    """A work tree of one person."""

    folder: Path
    who: tuple[str, str]
    seconds: int = 1_700_000_000

    def git(self, *arguments: str, fails: bool = False) -> str:
        """Run git as this person."""
        self.seconds += 60
        name, mail = self.who
        identity = ["-c", f"user.name={name}", "-c", f"user.email={mail}", "-c", "gpg.format=ssh"]
        done = subprocess.run(
            ["git", "-C", str(self.folder), *identity, *arguments],
            capture_output=True,
            text=True,
            env={
                "PATH": "/usr/bin:/bin:/usr/local/bin",
                "HOME": str(self.folder),
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_AUTHOR_DATE": f"{self.seconds} +0200",
                "GIT_COMMITTER_DATE": f"{self.seconds} +0000",
            },
        )
        assert (done.returncode != 0) == fails, done.stderr
        return done.stdout.strip()

    def write(self, **files: str) -> None:
        """Write files; two underscores stand for a slash, one for a dot."""
        for name, text in files.items():
            path = self.folder / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def commit(self, message: str, *options: str, **files: str) -> str:
        """Write files, commit everything, and return the commit's id."""
        self.write(**files)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message, *options)
        return self.git("rev-parse", "HEAD")


class World:
    """A vendor's private repository, the public one, and an outsider's fork of it.

    Args:
        folder: where they lie.
        manifest: of the private one.
        files: what its first commit holds, named as ``Clone.write`` says.
    """

    def __init__(self, folder: Path, manifest: str = MANIFEST, **files: str) -> None:
        self.private = Clone(folder / "private", VENDOR)
        self.public = Clone(folder / "public.git", VENDOR)
        self.private.folder.mkdir()
        self.private.git("init", "-q", "-b", "main")
        for key, value in zip(("user.name", "user.email"), VENDOR, strict=True):
            self.private.git("config", key, value)
        (self.private.folder / "coreline.toml").write_text(manifest)
        self.private.commit("one", **(files or FILES))
        self.private.commit("wrap only", ee__y="y\n")
        assert self.coreline("publish") == 0
        self.fork = Clone(folder / "fork", OUTSIDER)
        subprocess.run(["git", "clone", "-q", self.public.folder, self.fork.folder], check=True)

    def coreline(self, *arguments: str) -> int:
        """Run the command line in the private repository."""
        return run(["-C", str(self.private.folder), *arguments])

    def push(self, branch: str) -> None:
        """Push a branch of the fork to the public repository."""
        self.fork.git("push", "-q", "-f", "origin", branch)

    def published(self) -> list[str]:
        """Publish, and return the ids of the public branch."""
        assert self.coreline("publish") in (0, 4)
        return self.public.git("rev-list", "main").split()


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The three repositories by the usual manifest."""
    return World(tmp_path)


class Worlds:
    """What makes other ones: types of a conftest cannot be imported."""

    manifest = MANIFEST
    made = World


@pytest.fixture
def worlds() -> Worlds:
    """The maker of worlds."""
    return Worlds()
