# SPDX-License-Identifier: Apache-2.0
"""What the contents of all commits say: sizes, names, definitions, facts. Each is read once.

A content is searched once, for the names of the wraps of *all* commits. Where one stands in it, its
facts are found for each set of names that differs in what this content holds; nearly always that is
one.
"""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from operator import attrgetter

import msgspec
from msgspec import Struct

from coreline.boundary.defining import defined_in, defines
from coreline.boundary.extension import Language
from coreline.boundary.facts import EMPTY, Definition, FileFacts
from coreline.boundary.history.shelf import Key, OfCommit, Shelf
from coreline.boundary.history.trees import File
from coreline.boundary.names import Names
from coreline.boundary.reading import Reader, Store, is_pointer, link_facts
from coreline.sources.git import Batch
from coreline.sources.tree import SIZE_MAX

_PARSED_MAX = 64


class Glance(Struct, frozen=True, array_like=True, omit_defaults=True):
    """What one look at a content gave."""

    size: int
    """In bytes; -1 where it could not be read."""
    pieces: tuple[bytes, ...] | None = None
    """The parts of names that it holds; None where it can refer to nothing."""
    definitions: tuple[Definition, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    """In a file of the core: names that it gives to folders, and the paths of these."""


class Contents:
    """The contents of one repository.

    Args:
        batch: reads blobs.
        languages: all languages.
        store: what earlier runs found; they read with the same languages.
    """

    def __init__(self, batch: Batch, languages: Sequence[Language], store: Store | None) -> None:
        self._batch = batch
        self._languages = languages
        self._store = store
        self._glances: dict[str, Glance] = {}
        self._readers: dict[bytes, Reader] = {}
        self._restricted: dict[tuple[bytes, tuple[bytes, ...]], bytes] = {}
        self._facts = Shelf()
        self._parsed = 0
        self._shared: dict[tuple[File, bytes], int] = {}
        self._decode_glance = msgspec.msgpack.Decoder(Glance).decode

    def look(self, files: Iterable[File], names: Names | None) -> None:
        """Look at contents, each once.

        Args:
            files: of one side.
            names: what the core must not know; None where what they define is asked for.
        """
        space = b"" if names is None else names.digest
        waiting: dict[str, File] = {}
        for file in files:
            if file.key not in self._glances and not self._recall(file, space):
                waiting[file.key] = file
        # The versions of a file one after another: most lines of one are in the one before.
        ordered = sorted(waiting.values(), key=attrgetter("path"))
        glances = _defining if names is None else _Searching(names).glance
        for file, data, size in self._read(ordered):
            if data is None or is_pointer(data):
                glance = Glance(-1 if data is None else size)
            else:
                glance = glances(file, data)
            self._glances[file.key] = glance
            self._keep(_key(file, space), glance)

    def _keep(self, key: str, value: Struct) -> None:
        """Keep something for the next run, if it can be: texts that are no UTF-8 cannot."""
        if self._store is not None:
            with suppress(UnicodeEncodeError):
                self._store.put(key, msgspec.msgpack.encode(value))

    def _recall(self, file: File, space: bytes) -> bool:
        kept = None if self._store is None else self._store.get(_key(file, space))
        if kept is None:
            return False
        try:
            self._glances[file.key] = self._decode_glance(kept)
        except msgspec.MsgspecError:
            return False
        return True

    def _read(self, files: Iterable[File]) -> Iterator[tuple[File, bytes | None, int]]:
        wanted = list(files)
        ids = (file.blob.hex() for file in wanted)
        for file, found in zip(wanted, self._batch.read(ids, size_max=SIZE_MAX), strict=True):
            yield file, found.data, found.size if found.data is None else len(found.data)

    def forget(self, files: Iterable[File]) -> None:
        """Look again at some contents, since there are more names."""
        for file in files:
            self._glances.pop(file.key, None)

    def glance(self, file: File) -> Glance:
        """Return what a look at a content gave; nothing of a submodule."""
        return self._glances.get(file.key) or _NOTHING

    def facts(self, files: Sequence[File], names: Names) -> tuple[Mapping[str, FileFacts], int]:
        """Return the facts of some files by their paths, those that have any.

        With them comes a number that stands for what they say to other files: commits where it
        differs are different worlds.

        Args:
            files: of one commit.
            names: of the same commit.
        """
        keys = self._find_facts(files, names)
        found: dict[str, Key] = {}
        shared = 0
        for file, key in zip(files, keys, strict=True):
            if not self._facts.is_nothing(key):
                found[file.path] = key
                place = (file, key[1])
                if place not in self._shared:
                    self._shared[place] = _shared(file.path, self._facts[key])
                shared += self._shared[place]
        return OfCommit(self._facts, found), shared

    def facts_of(self, files: Iterable[File], names: Names) -> Iterator[FileFacts]:
        """Yield the facts of some files, whichever commits they are in."""
        for key in self._find_facts(list(files), names):
            yield self._facts[key]

    def _find_facts(self, files: Sequence[File], names: Names) -> list[Key]:
        """Read what is not known of some files, and return by what their facts are known."""
        keys = [(file.key, self._space(file, names)) for file in files]
        waiting = {
            key: file
            for file, key in zip(files, keys, strict=True)
            if key not in self._facts and not self._recall_facts(key)
        }
        for key, (file, data, _) in zip(waiting, self._read(waiting.values()), strict=True):
            self._parsed += 1
            if self._parsed % _PARSED_MAX == 0:
                # Extractors refer to themselves, and each holds a whole syntax tree. Nobody else
                # frees them where the collector is off; only what is new is looked through.
                gc.collect(0)
            packed = self._facts.put(key, self._found(file, data, names))
            if packed is not None and self._store is not None:
                self._store.put(_facts_key(key), packed)
        return keys

    def _recall_facts(self, key: Key) -> bool:
        kept = None if self._store is None else self._store.get(_facts_key(key))
        if kept is None:
            return False
        try:
            self._facts.put_packed(key, kept)
        except msgspec.MsgspecError:
            return False
        return True

    def _found(self, file: File, data: bytes | None, names: Names) -> FileFacts:
        if data is None or is_pointer(data):
            return EMPTY
        if file.kind == "link":
            return link_facts(data)
        if names.digest not in self._readers:
            self._readers[names.digest] = Reader(self._languages, names)
        facts = self._readers[names.digest].facts(file.path, data, bool(file.owner))
        if not (facts.references or facts.settings or facts.definitions):
            return EMPTY
        # What a file says of its license is the business of other checks.
        return msgspec.structs.replace(facts, **_BARE)

    def _space(self, file: File, names: Names) -> bytes:
        """Return what identifies the names as far as they touch a content."""
        pieces = self.glance(file).pieces or ()
        key = (names.digest, pieces)
        if key not in self._restricted:
            self._restricted[key] = restricted(names, frozenset(pieces)).digest
        return self._restricted[key]


_NOTHING = Glance(-1)
_KEPT = frozenset(["references", "settings", "definitions", "is_binary", "script"])
_BARE = {name: getattr(EMPTY, name) for name in EMPTY.__struct_fields__ if name not in _KEPT}


def _shared(path: str, facts: FileFacts) -> int:
    """Return a number for what the facts of a file say to other files; 0 for nothing.

    That is how names are resolved, what the core defines as well, and its look-up helpers.
    """
    helpers = tuple(one for one in facts.references if one.form == "lookup" and not one.module)
    if not (facts.settings or facts.definitions or helpers):
        return 0
    return number_of(path, repr((facts.settings, facts.definitions, helpers)))


def _always(file: File) -> bool:
    return file.kind == "file" and file.language is not None and file.language.always


def names_others(file: File) -> bool:
    """Whether a file of the core may say that some name stands for a folder."""
    return not file.owner and file.language is not None and file.language.aliases is not None


def _defining(file: File, data: bytes) -> Glance:
    """Look at a file of a wrap, or at one that gives names to folders of a wrap."""
    if names_others(file) and file.language is not None and file.language.aliases is not None:
        return Glance(len(data), aliases=tuple(file.language.aliases(data)))
    found: list[Definition] = []
    if file.kind == "file" and file.language is not None and b"\0" not in data:
        found = defined_in(file.language, data) if defines(file.language) else []
    return Glance(len(data), () if _always(file) else None, tuple(found))


class _Searching:
    """Looks at files of the core, the versions of one path after another.

    No name goes over the end of a line, so only lines that the version before did not have are
    searched: that is a tenth of all bytes, or less.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._pieces = _pieces_of(names)
        self._path = ""
        self._lines: set[bytes] = set()
        self._hits: set[bytes] = set()

    def glance(self, file: File, data: bytes) -> Glance:
        if file.path != self._path:
            self._path, self._lines = file.path, set()
            self._hits.clear()
        lines = set(data.split(b"\n"))
        self._search(b"\n".join(lines - self._lines) if self._lines else data)
        self._lines = lines
        if _always(file) or file.kind == "link" or not self._hits.isdisjoint(lines):
            return Glance(len(data), tuple(sorted(self._pieces.intersection(_pieces(data)))))
        return Glance(len(data))

    def _search(self, text: bytes) -> None:
        """Remember the lines in which a name stands."""
        for start, end in self._names.search(text, is_code=True):
            after = text.find(b"\n", end)
            begin = text.rfind(b"\n", 0, start) + 1
            self._hits.add(text[begin : len(text) if after < 0 else after])


_LETTERS = bytes(
    byte if chr(byte).isalnum() and byte < 128 else 32 for byte in bytes(range(256)).lower()
)
"""Maps letters to lower case, and what is neither letter nor digit to a space."""


def _pieces(text: bytes) -> set[bytes]:
    return set(text.translate(_LETTERS).split())


def _parts_of(name: str) -> set[bytes]:
    return _pieces(name.encode("utf-8", "surrogateescape"))


def _pieces_of(names: Names) -> frozenset[bytes]:
    """Return the parts of all names, in lower case: ``acme-ee`` may be written ``acme_ee``."""
    return frozenset(
        piece
        for field in names.__struct_fields__
        if not isinstance(value := getattr(names, field), tuple)
        for name in value
        for piece in _parts_of(name)
    )


def restricted(names: Names, pieces: frozenset[bytes]) -> Names:
    """Return the names that can stand in a content with some parts of names.

    What the manifest says beside names (gates, helpers) is the same for all commits, and stays.
    """
    kept: dict[str, object] = {}
    for field in names.__struct_fields__:
        value = getattr(names, field)
        if isinstance(value, Mapping):
            kept[field] = {key: one for key, one in value.items() if _may_stand(key, pieces)}
        elif isinstance(value, frozenset):
            kept[field] = frozenset(name for name in value if _may_stand(name, pieces))
        else:
            kept[field] = value
    return Names(**kept)  # type: ignore[arg-type]  # Field by field what the names have.


def _may_stand(name: str, pieces: frozenset[bytes]) -> bool:
    return "*" in name or _parts_of(name) <= pieces


def union(every: Iterable[Names]) -> Names:
    """Return the names of all commits together."""
    merged: dict[str, object] = {}
    all_names = list(every)
    for field in Names.__struct_fields__:
        values = [getattr(one, field) for one in all_names]
        if isinstance(values[0], Mapping):
            merged[field] = {key: value for one in values for key, value in one.items()}
        elif isinstance(values[0], frozenset):
            merged[field] = frozenset[str]().union(*values)
        else:
            merged[field] = tuple(dict.fromkeys(name for one in values for name in one))
    return Names(**merged)  # type: ignore[arg-type]  # Field by field what the names have.


def covers(wide: Names, narrow: Names) -> bool:
    """Whether what is searched for ``narrow`` is searched for ``wide`` as well."""
    for field in Names.__struct_fields__:
        ours, theirs = getattr(wide, field), getattr(narrow, field)
        if not set(theirs) <= set(ours):
            return False
    return True


def number_of(*parts: str) -> int:
    """Return a number for a set's sum: 128 bits, so that different sets have different sums."""
    raw = "\0".join(parts).encode("utf-8", "surrogateescape")
    return int.from_bytes(blake2b(raw, digest_size=16).digest(), "big")


def _key(file: File, space: bytes) -> str:
    return f"g{file.key}{space.hex()[:32]}"


def _facts_key(key: Key) -> str:
    return f"f{key[0]}{key[1].hex()[:32]}"


def version_of(languages: Iterable[Language]) -> bytes:
    """Return what identifies the languages that contents are read with."""
    rows = sorted(f"{one.name} {one.version}" for one in languages)
    return "\n".join(["history 1", *rows]).encode()
