# SPDX-License-Identifier: Apache-2.0
"""Git, asked through its own command line: one runner, one batch reader of objects.

Git's plumbing is the most exact and the fastest reader there is (docs/decisions). Nothing of the
repository is executed: hooks, filters, pagers, external diffs and file-system monitors are off.
"""

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from coreline.errors import InputError, OutsideError

# A repository's own configuration can name programs to run; none of these is ever wanted here.
_SAFE_CONFIG = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "diff.external=",
    "core.quotePath=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "protocol.ext.allow=never",
)

# Git maps whole packs, and keeps 96 MiB of what it took apart, where nobody says less: on most
# repositories that is the largest part of the memory a run needs. Small windows cost nothing there;
# a cache under 32 MiB no longer holds the chains of 100,000 commits, and doubles the time.
_LEAN_CONFIG = (
    "core.packedGitWindowSize=1m",
    "core.packedGitLimit=32m",
    "core.deltaBaseCacheLimit=32m",
)
# With millions of objects the windows and the cache are used up again and again, and what git saves
# is little beside what a run holds. An index has some 31 bytes for each object.
_LEAN_INDEX_BYTES_MAX = 64 * 1024 * 1024

_PIPE_BYTES = 64 * 1024


def may_be_lean(objects: Path) -> bool:
    """Whether git reads a folder of objects as fast where it is sparing with memory."""
    indexes = (objects / "pack").glob("*.idx")
    return sum(index.stat().st_size for index in indexes) <= _LEAN_INDEX_BYTES_MAX


class GitObject(NamedTuple):
    """One object as ``git cat-file --batch`` gave it.

    ``data`` is None where it is missing, and where it is larger than was asked for (``size`` then
    says how large, in bytes).
    """

    name: str
    kind: str
    data: bytes | None
    size: int = 0


class Git:
    """One repository. Paths and output are bytes; callers decode as git does (surrogateescape).

    Args:
        folder: the work tree or the git directory.
        lean: whether git shall be sparing with memory.
        settings: more of git's configuration, as ``key=value``.
    """

    def __init__(self, folder: Path, *, lean: bool = False, settings: Sequence[str] = ()) -> None:
        self.folder = folder
        self._config = (*_SAFE_CONFIG, *(_LEAN_CONFIG if lean else ()), *settings)

    def command(self, *arguments: str) -> list[str]:
        """Return the full command line for some arguments."""
        options = [part for setting in self._config for part in ("-c", setting)]
        return ["git", "-C", str(self.folder), *options, *arguments]

    def run(self, *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> bytes:
        """Run git and return what it printed.

        Raises:
            OutsideError: git is not installed (``git-not-found``) or failed (``git-failed``).
        """
        done = self.attempt(*arguments, stdin=stdin, env=env)
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise OutsideError("git-failed", f"git {arguments[0]} failed: {said}")
        return done.stdout

    def attempt(
        self, *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run git where failing is an answer; the caller reads ``returncode``."""
        with _found():
            return subprocess.run(
                self.command(*arguments),
                input=stdin,
                capture_output=True,
                env=environment(env),
                check=False,
            )

    def text(self, *arguments: str) -> str:
        """Run git and return its output as text without the final line end."""
        return self.run(*arguments).decode("utf-8", "surrogateescape").rstrip("\n")

    def resolve(self, revision: str, kind: str = "commit") -> str:
        """Return the full id that a revision names.

        Raises:
            InputError: the repository has no such revision (``revision-unknown``).
        """
        done = self.attempt("rev-parse", "--verify", "--quiet", f"{revision}^{{{kind}}}", "--")
        if done.returncode != 0:
            raise InputError(
                "revision-unknown",
                f"{revision!r} names no {kind} of this repository.",
                "Give a branch, a tag or a commit id that the repository has.",
            )
        return done.stdout.decode().split("\n", 1)[0]

    def objects(self, ids: Iterable[str], *, size_max: int | None = None) -> Iterator[GitObject]:
        """Yield objects in the order asked for; one process, any number of ids.

        Args:
            ids: of the objects.
            size_max: objects of more bytes come without their data, and cost no memory.
        """
        with self.batch() as batch:
            yield from batch.read(ids, size_max=size_max)

    @contextmanager
    def batch(self) -> Iterator["Batch"]:
        """Keep one ``git cat-file`` process open for several rounds of questions."""
        with (
            _found(),
            subprocess.Popen(
                self.command("cat-file", "--batch-command", "--buffer"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(None),
            ) as process,
        ):
            try:
                yield Batch(process)
            finally:
                process.kill()


class Batch:
    """An open ``git cat-file --batch-command --buffer`` process (git 2.36 and newer).

    Answers are read in large pieces and cut up here: most objects are far smaller than a pipe
    holds, and a system call for each would cost more than git does.
    """

    # Questions in flight stay below the 64 KiB that a pipe holds, so that neither side can wait
    # for the other: 1,000 lines of 50 bytes.
    _ROUND = 1000

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in = process.stdin
        self._out = process.stdout.fileno()
        self._data = b""
        self._at = 0

    def read(self, ids: Iterable[str], *, size_max: int | None = None) -> Iterator[GitObject]:
        """Yield one object for each id, in order; ``data`` is None where it is missing."""
        waiting = iter(ids)
        while names := list(islice(waiting, self._ROUND)):
            lines = "".join(f"contents {name}\n" for name in names)
            self._in.write(lines.encode() + b"flush\n")
            self._in.flush()
            for name in names:
                yield self._one(name, size_max)

    def one(self, name: str) -> GitObject:
        """Read a single object."""
        return next(self.read([name]))

    def _one(self, name: str, size_max: int | None) -> GitObject:
        end = self._data.find(b"\n", self._at)
        while end < 0:
            self._more(1, name)
            end = self._data.find(b"\n", self._at)
        _, _, answer = self._data[self._at : end].partition(b" ")
        kind, _, size = answer.decode().partition(" ")
        start = end + 1
        if not size:
            # "missing", or "ambiguous" where the name was short.
            self._at = start
            return GitObject(name, kind, None)
        if size_max is not None and int(size) > size_max:
            self._at = start
            self._skip(int(size) + 1, name)
            return GitObject(name, kind, None, int(size))
        after = start + int(size)
        if after >= len(self._data):
            self._at = start
            self._more(after + 1 - len(self._data), name)
            start, after = 0, int(size)
        self._at = after + 1
        return GitObject(name, kind, self._data[start:after])

    def _skip(self, size: int, name: str) -> None:
        """Pass over so many bytes, a piece at a time."""
        while size > len(self._data) - self._at:
            size -= len(self._data) - self._at
            self._data, self._at = os.read(self._out, _PIPE_BYTES), 0
            if not self._data:
                raise _stopped(name)
        self._at += size

    def _more(self, size: int, name: str) -> None:
        """Read at least so many bytes more."""
        pieces = [self._data[self._at :]]
        while size > 0:
            piece = os.read(self._out, max(size, _PIPE_BYTES))
            if not piece:
                raise _stopped(name)
            pieces.append(piece)
            size -= len(piece)
        self._data, self._at = b"".join(pieces), 0


def _stopped(name: str) -> OutsideError:
    return OutsideError("git-failed", f"git cat-file stopped while reading {name}.")


def environment(extra: dict[str, str] | None) -> dict[str, str]:
    """Return the environment git runs in: the user's, less what would redirect or ask."""
    env = {key: value for key, value in os.environ.items() if key not in _REDIRECTING}
    env.update(GIT_TERMINAL_PROMPT="0", GIT_OPTIONAL_LOCKS="0", GIT_NO_LAZY_FETCH="1", LC_ALL="C")
    # An object is what its id says, whatever a repository would put in its place.
    env.update(GIT_NO_REPLACE_OBJECTS="1")
    env.update(extra or {})
    return env


# Set by git itself inside hooks, or by somebody: they would point every call elsewhere.
_REDIRECTING = frozenset(
    [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_COMMON_DIR",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_PREFIX",
        "GIT_QUARANTINE_PATH",
        # These would show another history than the one that is there, or other ids.
        "GIT_GRAFT_FILE",
        "GIT_SHALLOW_FILE",
        "GIT_REPLACE_REF_BASE",
        "GIT_NAMESPACE",
        "GIT_DEFAULT_HASH",
    ]
)


@contextmanager
def _found() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise OutsideError(
            "git-not-found", "git is not installed.", "Install git 2.36 or newer."
        ) from error
