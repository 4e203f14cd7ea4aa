# SPDX-License-Identifier: Apache-2.0
"""What every command gets: where to work and which manifest holds."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from coreline.errors import InputError

if TYPE_CHECKING:
    from coreline.manifest.parse import ParsedManifest
    from coreline.sources.tree import SourceTree


@dataclass(frozen=True)
class Context:
    """The options before the command's name.

    Attributes:
        started: where the user is; relative paths of the command line begin there.
        named: the manifest, where the user named one.
    """

    started: Path
    named: Path | None = None

    @cached_property
    def folder(self) -> Path:
        """Where the manifest lies: its paths and what it knows of the repository begin there.

        As with git, it is looked for from where the user is up to the top of the repository.

        Raises:
            InputError: the user is nowhere (``folder-unknown``).
        """
        if not self.started.is_dir():
            raise InputError(
                "folder-unknown", f"{self.started} is not a folder.", "Name one with -C."
            )
        try:
            return self.started if self.named else _nearest_manifest(self.started) or self.started
        except OSError as error:
            raise InputError(
                "folder-unknown",
                f"{self.started} cannot be found: {error.strerror}.",
                "The folder was removed, or may not be read. Change to another one.",
            ) from error

    @property
    def manifest_file(self) -> Path:
        """The manifest on disk."""
        return self.named_or_in(self.folder)

    def named_or_in(self, folder: Path) -> Path:
        """Return the manifest that the user named, else the one of a folder."""
        from coreline.manifest.model import MANIFEST_NAME

        return self.started / self.named if self.named else folder / MANIFEST_NAME

    def manifest(self) -> "ParsedManifest":
        """Read and parse the manifest on disk.

        Raises:
            InputError: there is none (``manifest-not-found``), or it has mistakes.
        """
        return self._manifest

    @cached_property
    def _manifest(self) -> "ParsedManifest":
        from coreline.manifest.parse import read_manifest

        return read_manifest(self.manifest_file, repository=self.folder)

    def tree(self, *, at: str | None = None, staged: bool = False) -> "SourceTree":
        """Open the files that a command was asked about."""
        from coreline.sources.tree import open_tree

        return open_tree(self.folder_of(at=at, staged=staged), at=at, staged=staged)

    def folder_of(self, *, at: str | None = None, staged: bool = False) -> Path:
        """Return where the manifest lies that holds for a state: in it, where the disk has none.

        Raises:
            InputError: the user is nowhere (``folder-unknown``).
        """
        if (at is None and not staged) or self.named or self.manifest_file.is_file():
            return self.folder
        from coreline.manifest.model import MANIFEST_NAME
        from coreline.sources.nearest import nearest_tracked

        return nearest_tracked(self.folder, MANIFEST_NAME, at=at) or self.folder

    def public(self, to: str | None) -> str:
        """Return where the core is published: where the user says, else where the manifest does.

        A folder that the user names begins where they are, one of the manifest where it lies.

        Raises:
            InputError: nothing says it (``publish-no-target``).
        """
        from coreline.publish.outside import is_remote

        if to is not None:
            local = self.started.absolute() / to.removeprefix("file://")
            return to if is_remote(to) else os.fspath(local)
        where = self.manifest().manifest.core.public
        if where is None:
            raise InputError(
                "publish-no-target",
                "Nothing says where the core is published.",
                "Give --to REPO, or set core.public in coreline.toml.",
            )
        return where


def _nearest_manifest(started: Path) -> Path | None:
    """Return the nearest folder with a manifest, from one up to the top of its repository."""
    from coreline.manifest.model import MANIFEST_NAME

    if (started / MANIFEST_NAME).is_file():
        return started
    here = started.resolve()
    folders = [here, *here.parents]
    # A repository's .git is a file in linked work trees and submodules (gitrepository-layout(5)).
    tops = [index for index, folder in enumerate(folders) if (folder / ".git").exists()]
    for folder in folders[: tops[0] + 1] if tops else ():
        if (folder / MANIFEST_NAME).is_file():
            # What is shown stays as short as what the user wrote.
            return folder if started.is_absolute() else Path(os.path.relpath(folder))
    return None
