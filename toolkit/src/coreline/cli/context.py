# SPDX-License-Identifier: Apache-2.0
"""What every command gets: where to work and which manifest holds."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coreline.manifest.parse import ParsedManifest
    from coreline.sources.tree import SourceTree


@dataclass(frozen=True)
class Context:
    """The options before the command's name."""

    folder: Path
    manifest_path: Path | None

    @property
    def manifest_file(self) -> Path:
        """The manifest on disk."""
        from coreline.manifest.model import MANIFEST_NAME

        return self.manifest_path or self.folder / MANIFEST_NAME

    def manifest(self) -> "ParsedManifest":
        """Read and parse the manifest on disk.

        Raises:
            InputError: there is none (``manifest-not-found``), or it has mistakes.
        """
        from coreline.manifest.parse import read_manifest

        return read_manifest(self.manifest_file, repository=self.folder)

    def tree(self, *, at: str | None = None, staged: bool = False) -> "SourceTree":
        """Open the files that a command was asked about."""
        from coreline.sources.tree import open_tree

        return open_tree(self.folder, at=at, staged=staged)
