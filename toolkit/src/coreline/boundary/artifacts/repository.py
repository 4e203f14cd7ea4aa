# SPDX-License-Identifier: Apache-2.0
"""The repository that an artifact is built from: its files by content, and who owns them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from coreline.boundary.alike import core_lines, wrapped_lines
from coreline.boundary.check import owner_of
from coreline.boundary.likeness import Lines, Wrapped
from coreline.boundary.names import normalize
from coreline.boundary.ownership import CORE
from coreline.manifest.claims import Line
from coreline.manifest.model import Manifest
from coreline.manifest.parse import ParsedManifest
from coreline.sources.tree import Entry, SourceTree, blob_id

if TYPE_CHECKING:
    from coreline.sources.cache import FactCache

_METADATA = re.compile(
    r"(^|/)(package\.json|pyproject\.toml|setup\.(py|cfg)|Cargo\.toml|pom\.xml|build\.gradle(\.kts)?"
    r"|[^/]+\.(gemspec|nuspec|csproj))$"
)
_METADATA_MAX = 5000
_NAMED = re.compile(
    rb"""(?:["']?\bname\b["']?\s*[:=]\s*["']|<(?:artifactId|id|PackageId)>\s*)"""
    rb"""([@\w][\w./@-]{0,200})"""
)


class Repository:
    """What is asked of the repository while its artifacts are looked at.

    Args:
        tree: its files.
        parsed: the line.
        cache: what earlier runs found; None reads every file that has to be.
    """

    def __init__(
        self, tree: SourceTree, parsed: ParsedManifest, cache: "FactCache | None" = None
    ) -> None:
        self.tree = tree
        self.parsed = parsed
        self.cache = cache
        self.entries = tree.entries()
        self._line = Line(parsed.manifest)
        self.owners: Mapping[str, str] = {
            one.path: owner_of(self._line.claim(one.path)) for one in self.entries
        }

    @property
    def manifest(self) -> Manifest:
        """The line."""
        return self.parsed.manifest

    def claimed(self, path: str) -> str | None:
        """Return the owner that the claims give a path, which need not exist; None for nobody."""
        claim = self._line.claim(path)
        return None if claim is None else owner_of(claim)

    def wrap_of_package(self, name: str) -> str | None:
        """Return the wrap that a package is built from by its name."""
        wanted = normalize(name)
        for wrap, table in self.manifest.wraps.items():
            if wanted in map(normalize, table.packages):
                return wrap
        return None

    def wrap_named_in(self, path: str) -> str | None:
        """Return the wrap whose module or package a path holds where it was installed.

        Args:
            path: in an artifact, from the root of its package.
        """
        for pattern, wrap in self._installed:
            if pattern.search(path):
                return wrap
        return None

    @cached_property
    def _installed(self) -> list[tuple[re.Pattern[str], str]]:
        """What the paths look like at which the modules and packages of each wrap are installed."""
        found: list[tuple[re.Pattern[str], str]] = []
        for wrap, table in self.manifest.wraps.items():
            modules = [re.escape(name.replace(".", "/")) for name in table.modules]
            packages = [re.escape(name) for name in table.packages]
            folders = [
                re.escape(normalize(name)).replace(r"\-", "[-_.]+") for name in table.packages
            ]
            places = [
                *(f"(?:^|/(?:site|dist)-packages/){one}(?:/|\\.[^/]*$)" for one in modules),
                *(f"(?:^|/)node_modules/{one}/" for one in packages),
                *(f"/gems/{one}-\\d[^/]*/" for one in packages),
                *(f"(?:^|/){one}-[^/]*\\.(?:dist|egg)-info/" for one in folders),
            ]
            found += [(re.compile(one, re.IGNORECASE), wrap) for one in places]
        return found

    @cached_property
    def by_blob(self) -> Mapping[str, list[str]]:
        """The paths of each content, by its blob id."""
        found: dict[str, list[str]] = defaultdict(list)
        unknown: list[Entry] = []
        for entry in self.entries:
            if entry.blob is not None:
                found[entry.blob].append(entry.path)
            elif entry.kind in ("file", "executable"):
                unknown.append(entry)
        for content in self.tree.read(unknown):
            if content.data is not None:
                found[blob_id(content.data)].append(content.entry.path)
        return found

    @cached_property
    def wrapped(self) -> Wrapped:
        """The lines of the files of the wraps."""
        return wrapped_lines(self.tree, self.entries, self.owners, self.cache)

    @cached_property
    def core_lines(self) -> Lines:
        """The lines of the files of the core."""
        return core_lines(self.tree, self.entries, self.owners, self.cache)

    @cached_property
    def _folders(self) -> Mapping[str, list[str]]:
        """The folders whose package metadata states a name."""
        entries = [one for one in self.entries if _METADATA.search(one.path)][:_METADATA_MAX]
        found: dict[str, list[str]] = defaultdict(list)
        for content in self.tree.read(entries):
            folder = content.entry.path.rpartition("/")[0]
            for match in _NAMED.finditer(content.data or b""):
                name = normalize(match[1].decode("utf-8", "replace"))
                if folder not in found[name]:
                    found[name].append(folder)
        return found

    def folders_of(self, name: str) -> list[str]:
        """Return the folders from which a package of a name may be built, the core's first."""
        folders = self._folders.get(normalize(name), [])
        return sorted(folders, key=lambda one: (self._is_wrap(one), len(one)))[:8]

    def _is_wrap(self, folder: str) -> bool:
        return self.claimed(f"{folder}/x" if folder else "x") not in (CORE, None)

    def wraps_of(self, blob: str | None) -> tuple[str, str] | None:
        """Return the wrap that alone has a content, and where; None where the core has it too."""
        paths: Iterable[str] = self.by_blob.get(blob or "", ())
        owners = {self.owners[path]: path for path in paths}
        if not owners or CORE in owners:
            return None
        return next(iter(owners.items()))
