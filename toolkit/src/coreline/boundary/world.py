# SPDX-License-Identifier: Apache-2.0
"""What the resolvers of all languages look at: files, their owners, and what they configure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from coreline.boundary.facts import Definition, FileFacts, Setting
from coreline.boundary.names import Names
from coreline.boundary.ownership import CORE, MIXED
from coreline.boundary.resolve import Resolver


class Defined(NamedTuple):
    """A name that a file of a wrap defines."""

    path: str
    wrap: str
    definition: Definition


class World(Struct, frozen=True, dict=True, kw_only=True):
    """One tree, as a resolver sees it. Nothing here does input or output."""

    owners: Mapping[str, str]
    """The owner of each file: the name of a wrap, or ``CORE``."""
    folders: Mapping[str, str]
    """The same of each folder that holds a file, or ``MIXED``."""
    names: Names
    facts: Mapping[str, FileFacts]
    definitions: Sequence[Defined]
    """What the files of the wraps define, where their languages say so."""
    common: Resolver
    """Resolves paths, distributions and Python's modules."""

    def wrap_of(self, path: str) -> str | None:
        """Return the wrap that owns a file or a whole folder, None where none does."""
        owner = self.owners.get(path) or self.folders.get(path)
        return None if owner in (None, CORE, MIXED) else owner

    def exists(self, path: str) -> bool:
        """Whether a path is a file or a folder of the tree."""
        return path in self.owners or path in self.folders

    def settings(self, kind: str) -> Mapping[str, Sequence[Setting]]:
        """Return the settings of one kind, by the path of the file that has them."""
        return self._settings.get(kind, {})

    @cached_property
    def _settings(self) -> Mapping[str, Mapping[str, Sequence[Setting]]]:
        found: dict[str, dict[str, list[Setting]]] = defaultdict(lambda: defaultdict(list))
        for path, facts in self.facts.items():
            for setting in facts.settings:
                found[setting.kind][path].append(setting)
        return found
