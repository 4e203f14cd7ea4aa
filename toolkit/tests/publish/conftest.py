# SPDX-License-Identifier: Apache-2.0
"""Small private repositories, built from values, and lines to publish them by."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coreline.manifest.claims import Line
from coreline.manifest.model import Core, Manifest, Product, Wrap
from coreline.publish.leaving.policy import Policy, policy_for
from coreline.publish.publish import publish
from coreline.publish.recipe.recipe import Recipe
from coreline.publish.report import PublishReport

# Mode and content of a file; the content of a submodule (160000) is the commit that it names.
File = tuple[str, str]
# A commit's whole tree, and its parents by their places in the history.
Commit = tuple[Mapping[str, File], Sequence[int]]


@dataclass
class Repository:
    """A bare private repository; ``ids`` are its commits in the order of its history."""

    folder: Path
    ids: list[str] = field(default_factory=list)

    def git(self, *arguments: str, stdin: bytes | None = None) -> str:
        """Run git there and return what it printed."""
        command = ["git", "-C", str(self.folder), "-c", "user.name=A", "-c", "user.email=a@b.c"]
        done = subprocess.run([*command, *arguments], input=stdin, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def files(self, revision: str) -> dict[str, tuple[str, str]]:
        """Return the paths of a commit with their modes and ids."""
        rows = self.git("ls-tree", "-r", "-z", "--full-tree", revision).split("\0")
        parts = (row.partition("\t") for row in rows if row)
        return {path: (head.split()[0], head.split()[2]) for head, _, path in parts}


class Lab:
    """What the tests of this folder are made with."""

    def __init__(self) -> None:
        self._manifests: dict[Line, Manifest] = {}

    now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def repository(self, folder: Path, history: Sequence[Commit] = ()) -> Repository:
        """Make a bare repository whose branch main is the last commit of a history."""
        folder.mkdir(parents=True)
        made = Repository(folder)
        made.git("init", "-q", "--bare", "--initial-branch=main")
        if history:
            self.extend(made, history)
        return made

    def opened(self, folder: Path) -> Repository:
        """Return a repository that is there already."""
        return Repository(folder)

    def extend(self, repository: Repository, history: Sequence[Commit]) -> None:
        """Add those commits of a history that the repository does not have yet."""
        known = len(repository.ids)
        parts = [
            self._commit(number, commit, repository.ids)
            for number, commit in enumerate(history)
            if number >= known
        ]
        marks = repository.folder / "marks"
        options = ("--quiet", "--force", f"--export-marks={marks}")
        repository.git("fast-import", *options, stdin=b"".join(parts))
        found = dict(row.split() for row in marks.read_text().splitlines())
        repository.ids += [found[f":{number + 1}"] for number in range(known, len(history))]
        repository.git("update-ref", "refs/heads/main", repository.ids[-1])
        repository.git("update-ref", "-d", "refs/heads/building")

    def _commit(self, number: int, commit: Commit, ids: Sequence[str]) -> bytes:
        files, parents = commit
        who = f"A <a@example.com> {1_700_000_000 + number} +0100"
        rows = ["reset refs/heads/building", "", "commit refs/heads/building"]
        rows += [f"mark :{number + 1}", f"author {who}", f"committer {who}"]
        rows += [f"data {len(str(number)) + 1}", str(number), ""]
        for place, parent in enumerate(parents):
            name = ids[parent] if parent < len(ids) else f":{parent + 1}"
            rows.append(f"{'merge' if place else 'from'} {name}")
        rows.append("deleteall")
        for path, (mode, content) in files.items():
            if mode == "160000":
                rows.append(f"M {mode} {content} {path}")
            else:
                rows += [f"M {mode} inline {path}", f"data {len(content.encode())}", content]
        return "\n".join(rows).encode() + b"\n\n"

    def line(self, core: list[str], **wraps: list[str]) -> Line:
        """Return the line of some globs."""
        held = {name: Wrap(spdx="LicenseRef-Demo", paths=paths) for name, paths in wraps.items()}
        product = Product(name="demo", primary="Demonstrate")
        spdx = "Apache-2.0"
        manifest = Manifest(product=product, core=Core(spdx=spdx, paths=core), wraps=held)
        line = Line(manifest)
        self._manifests[line] = manifest
        return line

    def files(self, **contents: str) -> dict[str, File]:
        """Return plain files; two underscores in a name stand for a slash."""
        return {path.replace("__", "/"): ("100644", data) for path, data in contents.items()}

    def publish(
        self, private: Repository, to: Path | str, line: Line, **options: Any
    ) -> PublishReport:
        """Publish with a fixed clock."""
        options = {"now": self.now, "policy": self.policy(line), **options}
        return publish(private.folder, str(to), Recipe.today(line), **options)

    def policy(self, line: Line) -> Policy:
        """Return the policy of a line's own manifest; contents as short as here lie everywhere."""
        return replace(policy_for(self._manifests[line], line, secrets=False), shared=_decided)


def _decided(_path: str) -> bool:
    return True


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The tools, with the machine's own git configuration kept out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield Lab()


SECRET = "of the wrap, for customers alone: they pay for what is written here, line by line\n"
Rows = list[tuple[str, str, str]]


class Attack:
    """A private repository that grows by trees of raw rows."""

    def __init__(self, repository: Any) -> None:
        self.repository = repository
        self.git = repository.git
        self.secret = self.blob(SECRET)
        self.plain = self.blob("plain\n")
        self.wrap = self.tree([("100644", "s", self.secret)])
        self.core = self.tree([("100644", "x", self.plain)])

    def blob(self, text: str) -> str:
        return str(self.git("hash-object", "-w", "--stdin", stdin=text.encode()))

    def tree(self, rows: Rows) -> str:
        """Write rows as they are: unsorted, twice, with whatever mode."""
        body = b"".join(
            f"{mode} {name}\0".encode("utf-8", "surrogateescape") + bytes.fromhex(target)
            for mode, name, target in rows
        )
        arguments = ("hash-object", "-t", "tree", "-w", "--stdin", "--literally")
        return str(self.git(*arguments, stdin=body))

    def commit(self, rows: Rows, *parents: str, message: str = "more") -> str:
        options = [part for parent in parents for part in ("-p", parent)]
        name = self.git("commit-tree", *options, "-m", message, self.tree(rows))
        self.git("update-ref", "refs/heads/main", name)
        return str(name)

    @property
    def usual(self) -> Rows:
        return [("100644", "a", self.plain), ("40000", "enterprise", self.wrap),
                ("40000", "src", self.core)]  # fmt: skip


@pytest.fixture
def attack(lab: Any, tmp_path: Path) -> Attack:
    """A private repository without a commit."""
    return Attack(lab.repository(tmp_path / "private.git"))
