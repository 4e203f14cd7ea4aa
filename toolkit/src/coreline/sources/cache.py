# SPDX-License-Identifier: Apache-2.0
"""Facts about contents kept between runs, in the repository's own git directory.

What is kept is opaque here: bytes under a key. A cache is never needed to be right and never in
the way: whatever is wrong with its file, the facts are found anew.
"""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import msgspec

_MAGIC = b"coreline facts 1\n"

ENTRIES_MAX = 400_000
"""A cache with more entries than this is begun anew, so that it cannot grow without end."""

FILES_MAX = 24
"""So many files are kept: one run writes about five, and sets of names and releases differ."""


class FactCache:
    """Facts of one repository, a file for each version of what finds them.

    Args:
        folder: where the files are; made when something is first saved.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: Path | None = None
        self._facts: dict[str, bytes] = {}
        self._is_changed = False

    def opened(self, version: bytes) -> "FactCache":
        """Load the facts that a version of the extractors left, and return this cache.

        Args:
            version: identifies all that the facts depend on beside the contents.
        """
        self._file = self._folder / f"facts-{sha256(version).hexdigest()[:24]}"
        self._facts = _load(self._file)
        self._is_changed = False
        return self

    def get(self, key: str) -> bytes | None:
        """Return what was kept under a key."""
        return self._facts.get(key)

    def put(self, key: str, value: bytes) -> None:
        """Keep something under a key, for ``save``."""
        self._facts[key] = value
        self._is_changed = True

    def save(self) -> None:
        """Write what is new. A disk that refuses costs the next run some time, nothing else."""
        if self._file is None or not self._is_changed:
            return
        if len(self._facts) > ENTRIES_MAX:
            self._facts = dict(list(self._facts.items())[-ENTRIES_MAX // 2 :])
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(self._file, _pack(self._facts))
            _drop_old(self._folder)
        self._is_changed = False


def open_cache(folder: Path) -> FactCache | None:
    """Return the cache of a repository, None outside git.

    Args:
        folder: the root of a work tree, or a git directory.
    """
    directory = git_directory(folder)
    return None if directory is None else FactCache(directory / "coreline")


def git_directory(folder: Path) -> Path | None:
    """Return the git directory of a folder that is the root of a work tree, without asking git.

    A linked work tree or a submodule has a file that names it (gitrepository-layout(5)).
    """
    dot = folder / ".git"
    if dot.is_dir():
        return dot
    if (folder / "HEAD").is_file() and (folder / "objects").is_dir():
        return folder
    try:
        with dot.open("rb") as file:
            said = file.read(4096)
    except OSError:
        return None
    if not said.startswith(b"gitdir: "):
        return None
    named = folder / os.fsdecode(said[8:].rstrip(b"\r\n"))
    return named if named.is_dir() else None


def _load(file: Path) -> dict[str, bytes]:
    try:
        with file.open("rb") as opened:
            data = opened.read()
        head, body = data[: len(_MAGIC) + 4], data[len(_MAGIC) + 4 :]
        if head == _MAGIC + crc32(body).to_bytes(4, "big"):
            return msgspec.msgpack.decode(body, type=dict[str, bytes])
    except (OSError, msgspec.MsgspecError):
        pass
    return {}


def _pack(facts: dict[str, bytes]) -> bytes:
    body = msgspec.msgpack.encode(facts)
    return _MAGIC + crc32(body).to_bytes(4, "big") + body


def _write(file: Path, data: bytes) -> None:
    """Write a file whole or not at all: another run may be reading it."""
    import tempfile

    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".facts-")
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
        Path(name).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _drop_old(folder: Path) -> None:
    files = sorted(folder.glob("facts-*"), key=lambda file: file.stat().st_mtime)
    for file in files[:-FILES_MAX]:
        file.unlink(missing_ok=True)
