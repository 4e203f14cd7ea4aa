# SPDX-License-Identifier: Apache-2.0
"""Contents in a folder, each under its SHA-256, whole or not at all.

A content is written to a temporary file, flushed to the disk, renamed into its place, and the
folder flushed too: whoever is told that it is kept can pull the plug.
"""

import contextlib
import hashlib
import os
import secrets
from pathlib import Path
from typing import BinaryIO

from coreline.errors import OutsideError


class LocalDraft:
    """A content on its way in. Implements ``registry.store.Draft``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / "incoming" / secrets.token_hex(16)
        self._kept = False
        self.file: BinaryIO = _create(self._path)

    def keep(self, sha256: str) -> None:
        """Make the content durable under its hash.

        Raises:
            OutsideError: the disk refuses it (``blob-not-kept``).
        """
        target = _place(self._root, sha256)
        try:
            self.file.flush()
            os.fsync(self.file.fileno())
            _make_folder(self._root, target.parent)
            self._path.rename(target)
            _flush_folder(target.parent)
        except OSError as error:
            raise OutsideError(
                "blob-not-kept",
                f"The file could not be kept: {error.strerror}.",
                "Check the free space and the permissions of the data directory.",
            ) from error
        self._kept = True
        self.file.close()

    def discard(self) -> None:
        """Forget the content unless it is kept."""
        self.file.close()
        if not self._kept:
            self._path.unlink(missing_ok=True)


class LocalBlobs:
    """Implements ``registry.store.BlobStore`` in a folder, which is made when it is missing."""

    def __init__(self, root: Path) -> None:
        self._root = root
        incoming = root / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        # What a crash left half written was never acknowledged to anyone.
        for leftover in incoming.iterdir():
            leftover.unlink()

    def draft(self) -> LocalDraft:
        """Begin a content."""
        return LocalDraft(self._root)

    def put(self, content: bytes) -> str:
        """Keep a small content and return its SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        draft = self.draft()
        try:
            draft.file.write(content)
            draft.keep(sha256)
        finally:
            draft.discard()
        return sha256

    def path(self, sha256: str) -> Path:
        """Return the file that holds a content."""
        return _place(self._root, sha256)


def _place(root: Path, sha256: str) -> Path:
    return root / sha256[:2] / sha256[2:4] / sha256


def _create(path: Path) -> BinaryIO:
    try:
        return path.open("xb+")
    except OSError as error:
        raise OutsideError(
            "blob-not-kept",
            f"No file can be made in the data directory: {error.strerror}.",
            "Check the free space and the permissions of the data directory.",
        ) from error


def _make_folder(root: Path, folder: Path) -> None:
    """Make a folder so that it survives a crash: each new name is flushed in its parent."""
    if folder.is_dir():
        return
    _make_folder(root, folder.parent)
    with contextlib.suppress(FileExistsError):
        folder.mkdir()
    _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
