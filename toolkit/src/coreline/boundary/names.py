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

from coreline.boundary.declared import Gate, Lookup, gates_of, lookups_of, names_of
from coreline.boundary.facts import Definition
from coreline.boundary.search import Search, child, inner, parent, pattern, word
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
        spelled: the names of distributions as they are written, where PEP 503 changes them: Go
            modules have dots that count, and Maven's groups too.
        defined: settings, environment variables, tables, messages and flags that files of a wrap
            define, with the wrap and the kind of each; what the manifest names is of the kind
            ``declared``.
        globs: patterns of such names that the manifest declares, with the wrap of each.
        gates: home-made license checks that the manifest declares.
        lookups: helpers that find a wrap's mirror of a module of the core.
    """

    modules: Mapping[str, str]
    words: frozenset[str]
    folders: frozenset[str]
    packages: Mapping[str, str]
    files: frozenset[str] = frozenset()
    namespaces: Mapping[str, str] = {}
    spelled: frozenset[str] = frozenset()
    defined: Mapping[str, tuple[str, str]] = {}
    globs: Mapping[str, str] = {}
    gates: tuple[Gate, ...] = ()
    lookups: tuple[Lookup, ...] = ()

    @cached_property
    def digest(self) -> bytes:
        """What identifies these names: facts found with others are of no use."""
        parts = (self.modules, self.words, self.folders, self.packages, self.files, self.spelled)
        # The kind of a name decides how it is read, so it is a part of what facts rest on.
        defined = self.defined.items()
        more = (self.namespaces, defined, self.globs, self.gates, self.lookups)
        raw = repr([sorted(part) for part in (*parts, *more)])
        return sha256(raw.encode("utf-8", "surrogateescape")).digest()

    @cached_property
    def _search(self) -> Search:
        words = {_encode(name) for name in (*self.words, *self.spelled)}
        words.update(*map(_spellings, self.packages))
        folders = [_encode(name) for name in self.folders]
        needles = [word(name) for name in words]
        needles += [needle for name in folders for needle in (parent(name), child(name))]
        needles += [child(_encode(name)) for name in self.files]
        spaces = [_encode(name) for name in self.namespaces]
        needles += map(word, spaces)
        # PHP writes a namespace in quotes with two backslashes, and in a group without its parent.
        doubled = [name.replace(b"\\", b"\\\\") for name in spaces if b"\\" in name]
        needles += map(word, doubled)
        needles += [inner(name.rpartition(b"\\")[2]) for name in doubled]
        needles += [word(name) for name in self.beyond - self._of_code]
        return Search([*needles, *(pattern(_encode(glob)) for glob in self.globs)])

    @cached_property
    def _of_code(self) -> frozenset[bytes]:
        """The names that only code reads: there may be hundreds, and most bytes are no code."""
        kinds = ("environment", "declared")
        named = [name for name, (_, kind) in self.defined.items() if kind not in kinds]
        return frozenset(map(_encode, named))

    @cached_property
    def _code_search(self) -> Search:
        # One search for all: the words of a file are the same.
        return self._search.with_more(map(word, self._of_code))

    @cached_property
    def beyond(self) -> frozenset[bytes]:
        """The names that are no module's: of gates, of look-up helpers, of what a wrap defines."""
        calls = (one.name for one in self.gates), (one.call for one in self.lookups)
        return frozenset(_encode(name) for part in (*calls, self.defined) for name in part)

    def part(
        self, data: bytes, hits: Iterable[tuple[int, int]]
    ) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Return the hits that may be names of modules, and those that are names of other things.

        Args:
            data: the bytes that were searched.
            hits: what ``search`` found in them.
        """
        modules: list[tuple[int, int]] = []
        others: list[tuple[int, int]] = []
        for start, end in hits:
            name = data[start:end]
            is_other = name in self.beyond
            if is_other or (self.globs and self.glob_of(name) is not None):
                others.append((start, end))
                # One word may be both.
                if not is_other or _decode(name) not in self.words:
                    continue
            modules.append((start, end))
        return modules, others

    def glob_of(self, name: bytes) -> str | None:
        """Return the declared glob that a name is of, None where it is of none."""
        return next((glob for glob, one in self._globs if one.fullmatch(name)), None)

    @cached_property
    def _globs(self) -> list[tuple[str, re.Pattern[bytes]]]:
        return [(glob, re.compile(pattern(_encode(glob)).expression)) for glob in self.globs]

    def search(self, data: bytes, *, is_code: bool = False) -> list[tuple[int, int]]:
        """Return where names stand in some bytes, as offsets of begin and end.

        Args:
            data: what is searched.
            is_code: whether it is code, which may read a setting, a table … by its name.
        """
        search = self._code_search if is_code and self._of_code else self._search
        return search.find(data)

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
    # A constant of Ruby is mostly written from inside the module that it is in.
    words = {_SEPARATED.split(name)[-1] for name in modules}
    words.update(name for names in derived.values() for name in names)
    if manifest.wraps:
        # Gates are looked for where the SDK is imported.
        words.add(SDK_MODULE)
    written = {
        name: wrap
        for wrap, table in manifest.wraps.items()
        # A distribution is mostly named as its module is; one word alone may be anybody's.
        for name in (*table.packages, *(one for one in table.modules if "_" in one))
    }
    for wrap, one in definitions:
        if one.kind == "package":
            written.setdefault(one.name, wrap)
    packages: dict[str, str] = {}
    for name, wrap in written.items():
        packages.setdefault(normalize(name), wrap)
    last = [(top in folders, top.rpartition("/")[2]) for top in tops]
    declared, globs = names_of(manifest)
    return Names(
        modules=modules,
        words=frozenset(words),
        folders=frozenset(name for is_folder, name in last if is_folder),
        packages=packages,
        files=frozenset(_stem(name) for is_folder, name in last if not is_folder),
        namespaces=_namespaces(definitions),
        spelled=frozenset(name for name in written if normalize(name) != name),
        defined={
            one.name: (wrap, one.kind)
            # A setting often bears the name of the variable that it is read from, and is what the
            # core asks for: the later kind stays.
            for wrap, one in sorted(definitions, key=lambda row: row[1].kind != "environment")
            if one.kind not in ("package", "namespace")
        }
        | {name: (wrap, "declared") for name, wrap in declared.items()},
        globs=globs,
        gates=gates_of(manifest),
        lookups=tuple(lookups_of(manifest)),
    )


def _namespaces(definitions: Iterable[tuple[str, Definition]]) -> dict[str, str]:
    """Return the highest namespaces: what is below one of them is found with it."""
    found = {one.name: wrap for wrap, one in definitions if one.kind == "namespace"}
    return {name: wrap for name, wrap in found.items() if not _parents(name) & found.keys()}


def _parents(name: str) -> set[str]:
    if "::" in name and "." not in name and "\\" not in name:
        # Ruby's constants are looked up from where the code stands: any part may be written alone.
        return set(name.split("::"))
    return {name[: match.start()] for match in _SEPARATOR.finditer(name)}


_SEPARATOR = re.compile(r"\.|\\|::")
_SEPARATED = re.compile(r"\.|::")


def _stem(name: str) -> str:
    """Return the name of a file without its last suffix, which JavaScript leaves away."""
    return name[: name.rfind(".")] if name.rfind(".") > 0 else name


def normalize(name: str) -> str:
    """Return the name of a distribution as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _spellings(name: str) -> set[bytes]:
    # A gem acme-ee is required as acme/ee, a distribution is imported as acme_ee.
    return {_encode(name.replace("-", char)) for char in "-_/"}


def _encode(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _decode(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
