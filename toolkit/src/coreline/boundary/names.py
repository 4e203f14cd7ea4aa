# SPDX-License-Identifier: Apache-2.0
"""The names of the wraps, and the search of bytes for them that comes before any parsing.

Two kinds of name are searched: *words* (parts of module names, names of distributions), which
must stand alone as identifiers do, and *folders*, as parts of a path. A hit is only a reason to
look closer; what it means is decided where it is resolved.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from hashlib import sha256

from msgspec import Struct

from coreline.boundary.facts import Definition
from coreline.boundary.search import Search, child, parent, word
from coreline.manifest.model import Manifest

SDK_MODULE = "coreline_sdk"


class Names(Struct, frozen=True, dict=True):
    """What the core must not know.

    Args:
        modules: modules that the manifest declares, with the wrap of each.
        words: parts of module names to search for.
        folders: last parts of the paths of folders that are wholly a wrap's.
        packages: names of distributions that are built from a wrap, with the wrap of each,
            normalized as PEP 503 does.
        files: names, without their last suffix, of single files of a wrap among the core's.
        namespaces: what code imports a wrap by where its path does not say it, as it is written
            (``Acme.Enterprise``, ``Acme\\Enterprise``), with the wrap of each.
        defined: settings, environment variables, tables, messages and flags that files of a wrap
            define or the manifest names, with the wrap and the kind of each.
    """

    modules: Mapping[str, str]
    words: frozenset[str]
    folders: frozenset[str]
    packages: Mapping[str, str]
    files: frozenset[str] = frozenset()
    namespaces: Mapping[str, str] = {}
    defined: Mapping[str, tuple[str, str]] = {}

    @cached_property
    def digest(self) -> bytes:
        """What identifies these names: facts found with others are of no use."""
        parts = (self.modules, self.words, self.folders, self.packages, self.files)
        more = (self.namespaces, self.defined)
        raw = repr([sorted(part) for part in (*parts, *more)])
        return sha256(raw.encode("utf-8", "surrogateescape")).digest()

    @cached_property
    def _search(self) -> Search:
        words = {_encode(name) for name in self.words}.union(*map(_spellings, self.packages))
        folders = [_encode(name) for name in self.folders]
        needles = [word(name) for name in words]
        needles += [needle for name in folders for needle in (parent(name), child(name))]
        needles += [child(_encode(name)) for name in self.files]
        return Search(
            [*needles, *(word(_encode(name)) for name in (*self.namespaces, *self.defined))]
        )

    def search(self, data: bytes) -> list[tuple[int, int]]:
        """Return where names stand in some bytes, as offsets of begin and end."""
        return self._search.find(data)

    def declared(self, dotted: str) -> str | None:
        """Return the wrap that declares a module or one above it, None where none does."""
        while dotted:
            if dotted in self.modules:
                return self.modules[dotted]
            dotted = dotted.rpartition(".")[0]
        return None


def collect(
    manifest: Manifest,
    derived: Mapping[str, Iterable[str]],
    tops: Iterable[str],
    folders: Collection[str],
    definitions: Iterable[tuple[str, Definition]] = (),
) -> Names:
    """Return the names of all wraps of a manifest.

    Args:
        manifest: declares modules and packages.
        derived: the module names that the paths of the wraps suggest, by wrap.
        tops: the highest files and folders that are wholly a wrap's.
        folders: all folders, which tells the two apart.
        definitions: what files of the wraps define, each with its wrap.
    """
    definitions = list(definitions)
    modules = {name: wrap for wrap, table in manifest.wraps.items() for name in table.modules}
    words = {name.rpartition(".")[2] for name in modules}
    words.update(name for names in derived.values() for name in names)
    if manifest.wraps:
        # Gates are looked for where the SDK is imported.
        words.add(SDK_MODULE)
    packages = {
        normalize(name): wrap
        for wrap, table in manifest.wraps.items()
        # A distribution is mostly named as its module is; one word alone may be anybody's.
        for name in (*table.packages, *(one for one in table.modules if "_" in one))
    }
    for wrap, one in definitions:
        if one.kind == "package":
            packages.setdefault(normalize(one.name), wrap)
    last = [(top in folders, top.rpartition("/")[2]) for top in tops]
    return Names(
        modules=modules,
        words=frozenset(words),
        folders=frozenset(name for is_folder, name in last if is_folder),
        packages=packages,
        files=frozenset(_stem(name) for is_folder, name in last if not is_folder),
        namespaces=_namespaces(definitions),
        defined={
            one.name: (wrap, one.kind)
            for wrap, one in definitions
            if one.kind not in ("package", "namespace")
        },
    )


def _namespaces(definitions: Iterable[tuple[str, Definition]]) -> dict[str, str]:
    """Return the highest namespaces: what is below one of them is found with it."""
    found = {one.name: wrap for wrap, one in definitions if one.kind == "namespace"}
    return {name: wrap for name, wrap in found.items() if not _parents(name) & found.keys()}


def _parents(name: str) -> set[str]:
    return {name[: match.start()] for match in _SEPARATOR.finditer(name)}


_SEPARATOR = re.compile(r"\.|\\|::")


def _stem(name: str) -> str:
    """Return the name of a file without its last suffix, which JavaScript leaves away."""
    return name[: name.rfind(".")] if name.rfind(".") > 0 else name


def normalize(name: str) -> str:
    """Return the name of a distribution as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _spellings(name: str) -> set[bytes]:
    return {_encode(name), _encode(name.replace("-", "_"))}


def _encode(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
