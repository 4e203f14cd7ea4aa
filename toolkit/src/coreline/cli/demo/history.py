# SPDX-License-Identifier: Apache-2.0
"""The example's repository with a history: authors, branches, a merge, tags, all ids fixed.

The history is written down beside the example, in ``history.toml``; here it becomes commits.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct, convert

from coreline.cli.demo.example import files
from coreline.manifest.globset import GlobSet
from coreline.sources.git import Git

# One identity and no settings of the user's: the ids are the same on every machine.
QUIET_GIT = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}

_START = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
_DAYS_APART = 14
_VERSION = re.compile(r'^__version__ = "[^"]*"$', re.M)


class Commit(Struct, frozen=True, forbid_unknown_fields=True):
    """One commit: the paths of the kept state that it brings in, and how they read then."""

    author: str
    message: str
    adds: list[str] = []
    branch: str = "main"
    merges: str | None = None
    tag: str | None = None
    version: str | None = None
    without: list[str] = []
    wrap_only: bool = False

    def early(self, text: str) -> str:
        """Return a text as it was at the time of this commit."""
        if self.version:
            text = _VERSION.sub(f'__version__ = "{self.version}"', text)
        lines = text.splitlines(keepends=True)
        return "".join(line for line in lines if not any(word in line for word in self.without))


class Story(Struct, frozen=True, forbid_unknown_fields=True):
    """All of ``history.toml``."""

    authors: dict[str, str]
    commit: list[Commit]

    @property
    def carried(self) -> int:
        """How many commits leave a trace in the core."""
        return sum(not commit.wrap_only for commit in self.commit)


def read_story(example: Path) -> Story:
    """Read the history of an example."""
    return convert(tomllib.loads((example / "history.toml").read_text("utf-8")), Story)


def write_history(example: Path, repository: Path) -> list[str]:
    """Create the repository; its head holds exactly the kept state.

    Returns:
        The ids of the commits, in the order of the story.
    """
    repository.mkdir(parents=True)
    git = Git(repository)
    git.run("init", "--quiet", "--initial-branch=main", env=QUIET_GIT)
    marks = repository.absolute() / ".git" / "story"
    stream = b"".join(_stream(read_story(example), example / "kept"))
    git.run("fast-import", "--quiet", f"--export-marks={marks}", stdin=stream, env=QUIET_GIT)
    git.run("reset", "--quiet", "--hard", "main", env=QUIET_GIT)
    lines = (line.removeprefix(":").split() for line in marks.read_text("utf-8").splitlines())
    return [commit for _, commit in sorted((int(number), commit) for number, commit in lines)]


def _stream(story: Story, kept: Path) -> Iterator[bytes]:
    """Yield the story in git's import format (git-fast-import(1))."""
    paths = [path.as_posix() for path in files(kept)]
    heads: dict[str, int] = {}
    for number, commit in enumerate(story.commit, 1):
        when = int((_START + timedelta(days=_DAYS_APART * number)).timestamp())
        who = f"{story.authors[commit.author]} {when} +0000\n"
        head = f"commit refs/heads/{commit.branch}\nmark :{number}\n"
        yield f"{head}author {who}committer {who}".encode()
        yield _data(commit.message.strip().encode() + b"\n")
        parent = heads.get(commit.branch) or heads.get("main")
        if parent:
            yield f"from :{parent}\n".encode()
        if commit.merges:
            yield f"merge :{heads[commit.merges]}\n".encode()
            # A merge in this format starts from its first parent alone.
            for other in story.commit:
                if other.branch == commit.merges:
                    yield from _changes(other, kept, paths)
        yield from _changes(commit, kept, paths)
        heads[commit.branch] = number
        if commit.tag:
            yield f"tag {commit.tag}\nfrom :{number}\ntagger {who}".encode()
            yield _data(f"converge {commit.tag}\n".encode())


def _changes(commit: Commit, kept: Path, paths: list[str]) -> Iterable[bytes]:
    wanted = GlobSet(commit.adds)
    for path in paths:
        if wanted.matches(path):
            text = commit.early((kept / path).read_text("utf-8"))
            yield f"M 100644 inline {path}\n".encode() + _data(text.encode())


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)
