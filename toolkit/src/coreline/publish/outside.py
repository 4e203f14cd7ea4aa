# SPDX-License-Identifier: Apache-2.0
"""The public repository: what its refs are, and the one place that writes to it.

Either everything arrives or nothing does: refs move in one atomic push, and only from where they
were seen. A local repository that does not exist yet is made beside its place and renamed into it.
"""

import errno
import fcntl
import glob
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from coreline.errors import InputError, OutsideError
from coreline.sources.git import Git


class Move(NamedTuple):
    """One ref of the public repository: from what it was seen at (None: absent) to what."""

    ref: str
    before: bytes | None
    after: bytes


class Removal(NamedTuple):
    """One ref of the public repository that goes, and what it was seen at."""

    ref: str
    before: bytes


class Target:
    """A public repository: a folder on this machine or an address that git can push to.

    Args:
        address: as the user gave it.
        base: what a relative path starts from.

    Raises:
        InputError: a local folder holds something else (``target-not-repository``).
    """

    def __init__(self, address: str, base: Path) -> None:
        self.path = (
            None if is_remote(address) else (base / address.removeprefix("file://")).resolve()
        )
        self.address = address if self.path is None else str(self.path)
        self.exists = self.path is None or _is_repository(self.path)

    @property
    def label(self) -> str:
        """The address for people and records, without a password in it."""
        return without_password(self.address)

    def refs(self, git: Git) -> dict[str, bytes]:
        """Return the branches and tags and what they name (a tag: its own object).

        Args:
            git: a repository to run git in.

        Raises:
            OutsideError: the repository cannot be reached (``target-unreachable``).
        """
        if not self.exists:
            return {}
        if self.path is not None:
            listed = Git(self.path).attempt("for-each-ref", "--format=%(objectname) %(refname)")
        else:
            listed = git.attempt("ls-remote", "--refs", "--", self.address)
        if listed.returncode != 0:
            raise OutsideError(
                "target-unreachable",
                f"{self.label} cannot be read: {_said(listed.stderr)}",
                "Check the address and that you may read it (git ls-remote).",
            )
        rows = (row.split(None, 1) for row in listed.stdout.decode("utf-8", "replace").splitlines())
        return {name: bytes.fromhex(target) for target, name in rows}

    def head(self, git: Git) -> str | None:
        """Return the ref of the branch that a clone checks out; None where there is none such.

        Args:
            git: a repository to run git in.
        """
        asked = git.attempt("ls-remote", "--symref", "--", self.address, "HEAD")
        for row in asked.stdout.decode("utf-8", "replace").splitlines():
            if row.startswith("ref: ") and row.endswith("\tHEAD"):
                return row.removeprefix("ref: ").removesuffix("\tHEAD")
        return None

    def git_directory(self) -> Path | None:
        """Return where a local repository lies, of all its work trees; None for any other."""
        if self.path is None or not self.exists:
            return None
        # Git itself is asked: the .git of a linked work tree is a file.
        asked = Git(self.path).attempt("rev-parse", "--path-format=absolute", "--git-common-dir")
        said = asked.stdout.decode("utf-8", "surrogateescape").rstrip("\n")
        return Path(said).resolve() if asked.returncode == 0 else None

    def push(
        self,
        store: Git,
        private_objects: Path,
        branch: str,
        moves: list[Move],
        removed: Sequence[Removal] = (),
    ) -> None:
        """Write the public history outside and move the refs, all of them or none.

        Args:
            store: holds the public objects.
            private_objects: the object store it borrows from.
            branch: the branch that a new repository begins with.
            moves: what to move.
            removed: what goes.

        Raises:
            InputError: a local repository borrows objects of the private one
                (``target-borrows-private``).
            OutsideError: blobs are missing (``publish-blobs-missing``), or the repository moved
                meanwhile or refuses (``publish-push-refused``).
        """
        self._refuse_borrowing(private_objects)
        if self.path is not None and not self.exists:
            self._make(self.path, store, private_objects, branch, moves)
            return
        # A new tag needs no lease: without force, git never replaces one.
        leases = [
            f"--force-with-lease={move.ref}:{_hex(move.before)}"
            for move in moves
            if move.before is not None or not move.ref.startswith("refs/tags/")
        ]
        leases += [f"--force-with-lease={one.ref}:{_hex(one.before)}" for one in removed]
        specs = [f"{_hex(move.after)}:{move.ref}" for move in moves]
        specs += [f":{one.ref}" for one in removed]
        done = store.attempt(
            "push", "--atomic", "--porcelain", "--no-verify", "--no-follow-tags",
            "--recurse-submodules=no", *leases, "--", self.address, *specs,
        )  # fmt: skip
        if done.returncode != 0:
            said = _said(done.stderr)
            _refuse_missing(said)
            raise OutsideError(
                "publish-push-refused",
                f"{self.label} did not take the push: {said} {_rejections(done.stdout)}".rstrip(),
                "Nothing was changed there. Run coreline status, then publish again.",
            )

    def _refuse_borrowing(self, private_objects: Path) -> None:
        """Stop where a local repository can reach the private one's objects (its alternates)."""
        folder = self.git_directory()
        if folder is None:
            return
        theirs = private_objects.resolve()
        if any(theirs in (one, *one.parents) for one in _object_folders(folder / "objects")):
            raise InputError(
                "target-borrows-private",
                f"{self.label} borrows objects of the private repository, so it could give out "
                "any of them.",
                "Make it whole: git repack -a -d there, then remove objects/info/alternates.",
            )

    def _make(
        self, path: Path, store: Git, private_objects: Path, branch: str, moves: list[Move]
    ) -> None:
        """Make a new bare repository that holds the public history.

        Pushing into it would inflate and hash every blob once more. The pack is written straight
        into it instead, from the same list that a push sends, with git's own packs reused.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with _unfinished(path) as unfinished:
            self._fill(unfinished, store, private_objects, branch, moves)
            _put(unfinished, path, self.label)

    def _fill(
        self, unfinished: Path, store: Git, private_objects: Path, branch: str, moves: list[Move]
    ) -> None:
        store.run(
            "init", "-q", "--bare", "--template=", "--object-format=sha1",
            f"--initial-branch={branch}", str(unfinished),
        )  # fmt: skip
        borrowed = {
            "GIT_OBJECT_DIRECTORY": str(unfinished / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": _paths(store.folder / "objects", private_objects),
        }
        packed = store.attempt(
            "pack-objects", "-q", "--revs", "--delta-base-offset",
            str(unfinished / "objects" / "pack" / "pack"),
            stdin=b"".join(move.after.hex().encode() + b"\n" for move in moves),
            env=borrowed,
        )  # fmt: skip
        if packed.returncode != 0:
            _refuse_missing(_said(packed.stderr))
            raise OutsideError("git-failed", f"git pack-objects failed: {_said(packed.stderr)}")
        commands = "".join(f"create {move.ref} {_hex(move.after)}\n" for move in moves)
        Git(unfinished).run("update-ref", "--stdin", stdin=commands.encode())


def _object_folders(objects: Path) -> Iterator[Path]:
    """Yield where a repository keeps objects, itself and those it borrows from, at any distance.

    gitrepository-layout(5): each line of ``info/alternates`` is a folder, from the objects on.
    """
    seen: set[Path] = set()
    waiting = [objects.resolve()]
    while waiting:
        folder = waiting.pop()
        if folder in seen:
            continue
        seen.add(folder)
        yield folder
        # Each of them may be a link of its own.
        yield (folder / "pack").resolve()
        with suppress(OSError):
            rows = (folder / "info" / "alternates").read_bytes().splitlines()
            named = (row.decode("utf-8", "surrogateescape") for row in rows if row[:1] != b"#")
            waiting += [(folder / row.strip('"')).resolve() for row in named if row]


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """Give a folder beside a place that is to be made, of this process alone.

    What killed runs left is removed: each holds a lock as long as it lives, and a dead one none.
    """
    for left in path.parent.glob(f".{glob.escape(path.name)}.coreline-*"):
        with _lock(left) as is_ours:
            if is_ours:
                shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.coreline-", dir=path.parent))
    try:
        with _lock(folder):
            # In a folder of its own: what mkdtemp makes is for its owner alone.
            yield folder / "repository"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _lock(folder: Path) -> Iterator[bool]:
    """Hold a folder, and say whether nobody else does."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        # It was removed meanwhile.
        yield False
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


def _put(made: Path, path: Path, label: str) -> None:
    """Move a new repository into its place.

    Raises:
        OutsideError: somebody else has put one there meanwhile (``publish-push-refused``).
    """
    try:
        if path.exists():
            path.rmdir()
        made.rename(path)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        raise OutsideError(
            "publish-push-refused",
            f"{label} was made by somebody else meanwhile.",
            "Nothing was changed there. Run coreline status, then publish again.",
        ) from error


def is_remote(address: str) -> bool:
    """Whether git takes an address for one of another machine: a URL, or host:path."""
    if "://" in address:
        return not address.startswith("file://")
    host, colon, _ = address.partition(":")
    return bool(colon) and "/" not in host


def ancestry(store: Git, before: bytes, after: bytes) -> bool | None:
    """Whether one commit leads to another; None where the store does not have the first."""
    done = store.attempt("merge-base", "--is-ancestor", before.hex(), after.hex())
    return {0: True, 1: False}.get(done.returncode)


def _is_repository(path: Path) -> bool:
    if (path / "objects").is_dir() or (path / ".git").exists():
        return True
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return False
    raise InputError(
        "target-not-repository",
        f"{path} exists and is not a git repository.",
        "Name a repository, or a folder that does not exist yet.",
    )


def _refuse_missing(said: str) -> None:
    if "unable to read" in said or "missing" in said or "bad object" in said:
        raise OutsideError(
            "publish-blobs-missing",
            f"The private repository lacks objects of the core: {said}",
            "It is a partial clone: publish from a full one.",
        )


def _paths(*folders: Path) -> str:
    """Return folders as git's variables list them, quoted since a name may hold a colon."""
    quoted = (
        '"' + str(folder).replace("\\", "\\\\").replace('"', '\\"') + '"' for folder in folders
    )
    return ":".join(quoted)


def _rejections(porcelain: bytes) -> str:
    rows = porcelain.decode("utf-8", "replace").splitlines()
    return "; ".join(row[1:].replace("\t", " ").strip() for row in rows if row.startswith("!"))


def _said(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return without_password(" ".join(line.strip() for line in lines[:4]))


def without_password(text: str) -> str:
    """Return a text with the user part of its URLs left out (RFC 3986 section 3.2.1)."""
    return re.sub(r"(?<=://)[^/@\s]*@", "", text)


def _hex(name: bytes | None) -> str:
    return "" if name is None else name.hex()
