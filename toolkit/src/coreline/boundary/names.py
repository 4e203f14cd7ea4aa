# SPDX-License-Identifier: Apache-2.0
"""The names of the wraps, and the search of bytes for them that comes before any parsing.

Two kinds of name are searched: *words* (parts of module names, names of distributions), which
must stand alone as identifiers do, and *folders*, as parts of a path. A hit is only a reason to
look closer; what it means is decided where it is resolved.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256

from msgspec import Struct

from coreline.manifest.model import Manifest

SDK_MODULE = "coreline_sdk"


class Names(Struct, frozen=True, dict=True):
    """What the core must not know.

    Args:
        modules: modules that the manifest declares, with the wrap of each.
        words: parts of module names to search for.
        folders: last parts of the paths of folders and files that are wholly a wrap's.
        packages: names of distributions that are built from a wrap, with the wrap of each,
            normalized as PEP 503 does.
    """

    modules: Mapping[str, str]
    words: frozenset[str]
    folders: frozenset[str]
    packages: Mapping[str, str]

    @cached_property
    def digest(self) -> bytes:
        """What identifies these names: facts found with others are of no use."""
        parts = [sorted(self.modules), sorted(self.words), sorted(self.folders), *self.packages]
        return sha256(repr(parts).encode("utf-8", "surrogateescape")).digest()

    @cached_property
    def _literals(self) -> tuple[bytes, ...]:
        """The shortest strings of which a file without any hit has none."""
        raw = {_encode(name) for name in (*self.words, *self._path_literals())}
        raw |= {spelling for name in self.packages for spelling in _spellings(name)}
        return tuple(
            sorted(one for one in raw if not any(other in one for other in raw if other != one))
        )

    def _path_literals(self) -> Iterable[str]:
        for folder in self.folders:
            yield f"{folder}/"
            yield f"/{folder}"

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        ends = rb"(?![A-Za-z0-9_])"
        words = {_encode(word) for word in self.words}.union(*map(_spellings, self.packages))
        # The name comes first and what is before it is looked at afterwards: an expression that
        # begins with a literal is searched several times faster.
        parts = [
            raw + rb"(?<![A-Za-z0-9_]" + raw + b")" + ends for raw in map(re.escape, sorted(words))
        ]
        for raw in (re.escape(_encode(folder)) for folder in sorted(self.folders)):
            parts.append(raw + rb"/(?<![A-Za-z0-9_-]" + raw + b"/)")
            parts.append(b"/" + raw + rb"(?![A-Za-z0-9_.-])")
        return re.compile(b"|".join(parts))

    def search(self, data: bytes) -> list[tuple[int, int]]:
        """Return where names stand in some bytes, as offsets of begin and end."""
        for literal in self._literals:
            if literal in data:
                return [match.span() for match in self._pattern.finditer(data)]
        return []

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to search for."""
        return not (self.words or self.folders or self.packages)

    def declared(self, dotted: str) -> str | None:
        """Return the wrap that declares a module or one above it, None where none does."""
        while dotted:
            if dotted in self.modules:
                return self.modules[dotted]
            dotted = dotted.rpartition(".")[0]
        return None


def collect(manifest: Manifest, derived: Mapping[str, Iterable[str]], tops: Iterable[str]) -> Names:
    """Return the names of all wraps of a manifest.

    Args:
        manifest: declares modules and packages.
        derived: the module names that the paths of the wraps suggest, by wrap.
        tops: the highest files and folders that are wholly a wrap's.
    """
    modules = {name: wrap for wrap, table in manifest.wraps.items() for name in table.modules}
    words = {name.rpartition(".")[2] for name in modules}
    words.update(word for names in derived.values() for word in names)
    folders = {top.rpartition("/")[2] for top in tops}
    packages = {
        normalize(name): wrap for wrap, table in manifest.wraps.items() for name in table.packages
    }
    if manifest.wraps:
        # Gates are looked for where the SDK is imported.
        words.add(SDK_MODULE)
    return Names(modules, frozenset(words), frozenset(folders), packages)


def normalize(name: str) -> str:
    """Return the name of a distribution as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _spellings(name: str) -> set[bytes]:
    return {_encode(name), _encode(name.replace("-", "_"))}


def _encode(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
