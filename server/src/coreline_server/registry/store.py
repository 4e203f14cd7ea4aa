# SPDX-License-Identifier: Apache-2.0
"""What the registry needs from outside: a store of files, of holders, of contents."""

from enum import Enum
from pathlib import Path
from typing import BinaryIO, Protocol

from coreline_server.registry.model import File, Holder
from coreline_server.registry.policy import Bearer


class Added(Enum):
    """What became of a file that was offered to the store."""

    NEW = "kept"
    SAME = "already there, with the same content"
    CONFLICT = "refused: the name is taken by other content"


class FileStore(Protocol):
    """Keeps which files there are. Reads are quick enough for the thread that answers."""

    def revision(self, project: str) -> int:
        """Return a number that grows whenever the project's page changes; 0 for no page."""
        ...

    def files(self, project: str) -> tuple[File, ...]:
        """Return a project's files in the order of upload."""
        ...

    def file(self, project: str, filename: str) -> File | None:
        """Return one file."""
        ...

    def projects(self) -> tuple[str, ...]:
        """Return the names of the projects that have files, in order."""
        ...

    async def add(self, project: str, file: File) -> Added:
        """Keep a file; durable when it returns. One name never changes its content."""
        ...

    async def yank(self, project: str, version: str, reason: str | None) -> int:
        """Yank a version's files, or with None take that back; return how many there are."""
        ...


class BearerStore(Protocol):
    """Knows whose a credential is."""

    def bearer(self, token_sha256: bytes) -> Bearer | Holder:
        """Return the license or the vendor that a token belongs to, else ``UNKNOWN``."""
        ...


class Draft(Protocol):
    """Content on its way in, that nobody can read yet. Leaving it without ``keep`` forgets it."""

    @property
    def file(self) -> BinaryIO:
        """The content, for writing and for reading back."""
        ...

    def keep(self, sha256: str) -> None:
        """Make the content durable and readable under its hash."""
        ...

    def discard(self) -> None:
        """Forget the content; nothing to do once it is kept."""
        ...


class BlobStore(Protocol):
    """Keeps contents by their SHA-256."""

    def draft(self) -> Draft:
        """Begin a content."""
        ...

    def put(self, content: bytes) -> str:
        """Keep a small content, durably, and return its SHA-256."""
        ...

    def path(self, sha256: str) -> Path:
        """Return the file that holds a content; it need not exist."""
        ...
