# SPDX-License-Identifier: Apache-2.0
"""Small repositories with real histories, written by one call of git fast-import."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from coreline.boundary.history.run import history_of
from coreline.boundary.history.timeline import History
from coreline.manifest.parse import parse_manifest

MANIFEST = """
[product]
name = "acme"
primary = "Keep notes"
[core]
promise = "loose"
spdx = "Apache-2.0"
paths = ["**"]
[wraps.enterprise]
spdx = "LicenseRef-Acme"
paths = ["enterprise/**", "**/*.ee.*"]
modules = ["acme_enterprise"]
packages = ["acme-enterprise"]
"""

Change = tuple[Sequence[int], Mapping[str, str | None]]
"""The numbers of a commit's parents, and the files that it writes (None removes one)."""


class Repository:
    """A repository in a temporary folder."""

    def __init__(self, folder: Path, *, format_name: str = "sha1") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", f"--object-format={format_name}")

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run git and return what it printed."""
        who = ["-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", "-C", str(self.folder), *who, *arguments],
            input=stdin,
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()

    def grow(self, changes: Sequence[Change], *, branch: str = "main") -> list[str]:
        """Write commits, each a day after the one before, and return their ids."""
        marks = "".join(
            _commit(number, parents, files, branch)
            for number, (parents, files) in enumerate(changes, 1)
        )
        file = self.folder / ".git/marks"
        self.git(
            "fast-import", "--quiet", "--force", f"--export-marks={file}", stdin=marks.encode()
        )
        rows = dict(row.split() for row in file.read_text().splitlines())
        return [rows[f":{number}"] for number in range(1, len(changes) + 1)]


def _commit(number: int, parents: Sequence[int], files: Mapping[str, str | None], to: str) -> str:
    time = 1_600_000_000 + number * 86_400
    message = f"commit {number}\n"
    rows = [
        f"commit refs/heads/{to}",
        f"mark :{number}",
        f"author A{number} <a{number}@example.com> {time} +0000",
        f"committer C <c@example.com> {time} +0000",
        f"data {len(message)}",
        message.rstrip("\n"),
    ]
    rows += [f"{'merge' if index else 'from'} :{one + 1}" for index, one in enumerate(parents)]
    for path, text in files.items():
        if text is None:
            rows.append(f"D {path}")
        else:
            mode = "120000" if path.endswith("link") else "100644"
            data = text.encode()
            rows += [f"M {mode} inline {path}", f"data {len(data)}", text]
    return "\n".join(rows) + "\n"


Made = Callable[..., Repository]
Told = Callable[..., History]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return a new, empty repository with each call."""
    base = tmp_path_factory.mktemp("histories")

    def make(format_name: str = "sha1") -> Repository:
        return Repository(base / str(len(list(base.iterdir()))), format_name=format_name)

    return make


@pytest.fixture
def told() -> Told:
    """Return the history of a repository, against the manifest above or another one."""

    def tell(
        repository: Repository,
        revision: str = "main",
        *,
        manifest: str = MANIFEST,
        own: bool = False,
        cached: bool = False,
        folder: str = "",
    ) -> History:
        return history_of(
            repository.folder / folder,
            revision,
            parse_manifest(manifest),
            own=own,
            cached=cached,
            progress=lambda _what, _done, _total: None,
        )

    return tell
