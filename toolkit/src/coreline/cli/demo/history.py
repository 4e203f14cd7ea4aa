# SPDX-License-Identifier: Apache-2.0
"""The example's repository with a history: authors, branches, a merge, tags, all ids fixed.

The story of a small vendor: the core first, an outsider's contribution, then the line and the
wrap, commits to either side and to both, and one commit that only touched the wrap although its
message speaks of the core.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from coreline.cli.demo.example import files
from coreline.manifest.globset import GlobSet
from coreline.sources.git import Git

ADA = "Ada Example <ada@example.com>"
GRACE = "Grace Example <grace@example.com>"
LIN = "Lin Outsider <lin@outside.test>"

# One identity and no settings of the user's: the ids are the same on every machine.
QUIET_GIT = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}

_FIRST = (
    "docs/decisions/0001-declaration-in-toml.md",
    "docs/decisions/0002-one-machine-is-core.md",
    "src/converge/resources/__init__.py",
    "src/converge/resources/common.py",
    "src/converge/resources/directory.py",
    "src/converge/resources/file.py",
    "src/converge/resources/line.py",
)
_START = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
_DAYS_APART = 14


class Commit(NamedTuple):
    """One commit of the story: the paths of the kept state that it brings in."""

    author: str
    message: str
    adds: tuple[str, ...] = ()
    branch: str = "main"
    merges: str | None = None
    tag: str | None = None
    edit: Callable[[str, str], str] | None = None
    """Changes a text on its way in, given its path: how it read at that time."""


def _early(path: str, text: str) -> str:
    """Return the first version of a text: no links, no commands, version 0.9."""
    kept = [line for line in text.splitlines(keepends=True) if not _later(line)]
    return "".join(kept).replace('"1.1.0"', '"0.9.0"')


def _later(line: str) -> bool:
    return "read_link" in line or "read_command" in line


def _first_release(path: str, text: str) -> str:
    return text.replace('"1.1.0"', '"1.0.0"')


def _unreleased(path: str, text: str) -> str:
    return text.replace('__version__ = "1.1.0"', '__version__ = "1.0.0"')


STORY = (
    Commit(
        ADA,
        "feat: files, directories and lines, planned and applied",
        ("LICENSE", "README.md", "pyproject.toml", "src/converge/*.py", *_FIRST),
        edit=_early,
    ),
    Commit(ADA, "test: every resource, every mistake", ("tests/**",)),
    Commit(
        LIN,
        "feat: links and commands with guards",
        ("src/converge/resources/**",),
        branch="links",
    ),
    Commit(ADA, "docs: declaration, report, plugins, safety", ("docs/*.md",)),
    Commit(ADA, "Merge branch 'links'", merges="links"),
    Commit(
        ADA,
        "chore: release 1.0.0",
        ("src/converge/__init__.py",),
        tag="v1.0.0",
        edit=_first_release,
    ),
    Commit(GRACE, "feat: opt-in usage counts, a plugin of their own", ("telemetry/**",)),
    Commit(
        GRACE,
        "docs: decide what is sold, and write the line down\n\nThe fleet report goes to the "
        "wrap, for enterprises; all of one machine stays core.",
        (
            "coreline.toml",
            "docs/decisions/**",
            "enterprise/LICENSE",
            "enterprise/README.md",
            "enterprise/pyproject.toml",
            "enterprise/src/converge_enterprise/*.py",
        ),
        edit=_unreleased,
    ),
    Commit(
        GRACE,
        "feat(enterprise): fleet report",
        (
            "enterprise/src/converge_enterprise/fleet/**",
            "enterprise/tests/__init__.py",
            "enterprise/tests/test_fleet.py",
        ),
    ),
    Commit(
        ADA,
        "fix: plan shows the mode it would set",
        (
            "enterprise/src/converge_enterprise/compliance/**",
            "enterprise/tests/test_compliance.py",
            "enterprise/tests/test_gate.py",
        ),
    ),
    Commit(
        GRACE,
        "chore: release 1.1.0 of core and wrap",
        ("src/converge/__init__.py", "enterprise/src/converge_enterprise/__init__.py"),
        tag="v1.1.0",
    ),
)
"""The last but one is an accident: its message speaks of the core, its files are the wrap's."""

WRAP_ONLY = 2
"""So many commits of the story leave no trace in the core."""


def write_history(kept: Path, repository: Path) -> list[str]:
    """Create the repository; its head holds exactly the kept state.

    Returns:
        The ids of the commits, in the order of the story.
    """
    repository.mkdir(parents=True)
    git = Git(repository)
    git.run("init", "--quiet", "--initial-branch=main", env=QUIET_GIT)
    marks = repository.absolute() / ".git" / "story"
    options = ("--quiet", f"--export-marks={marks}")
    git.run("fast-import", *options, stdin=_stream(kept), env=QUIET_GIT)
    git.run("reset", "--quiet", "--hard", "main", env=QUIET_GIT)
    lines = (line.removeprefix(":").split() for line in marks.read_text("utf-8").splitlines())
    return [commit for _, commit in sorted((int(number), commit) for number, commit in lines)]


def _stream(kept: Path) -> bytes:
    """Return the story in git's import format (git-fast-import(1))."""
    paths = [path.as_posix() for path in files(kept)]
    heads: dict[str, int] = {}
    parts: list[bytes] = []
    for number, commit in enumerate(STORY, 1):
        when = int((_START + timedelta(days=_DAYS_APART * number)).timestamp())
        parent = heads.get(commit.branch) or heads.get("main")
        who = f"{commit.author} {when} +0000\n"
        head = f"commit refs/heads/{commit.branch}\nmark :{number}\n"
        parts.append(f"{head}author {who}committer {who}".encode())
        parts.append(_data(commit.message.encode() + b"\n"))
        if parent:
            parts.append(f"from :{parent}\n".encode())
        if commit.merges:
            parts.append(f"merge :{heads[commit.merges]}\n".encode())
            parts += _tree_of(commit.merges, kept, paths)
        parts += _changes(commit, kept, paths)
        heads[commit.branch] = number
        if commit.tag:
            parts.append(f"tag {commit.tag}\nfrom :{number}\ntagger {who}".encode())
            parts.append(_data(f"converge {commit.tag}\n".encode()))
    return b"".join(parts)


def _tree_of(branch: str, kept: Path, paths: list[str]) -> Iterable[bytes]:
    """A merge in this format starts from its first parent; bring in the other side's files."""
    for commit in STORY:
        if commit.branch == branch:
            yield from _changes(commit, kept, paths)


def _changes(commit: Commit, kept: Path, paths: list[str]) -> Iterable[bytes]:
    wanted = GlobSet(commit.adds)
    for path in paths:
        if not wanted.matches(path):
            continue
        data = (kept / path).read_bytes()
        if commit.edit:
            data = commit.edit(path, data.decode()).encode()
        yield f"M 100644 inline {path}\n".encode() + _data(data)


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)
