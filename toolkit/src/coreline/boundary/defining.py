# SPDX-License-Identifier: Apache-2.0
"""What the files of the wraps define by name, from the cache where nothing of them has changed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from coreline.boundary.extension import Language
from coreline.boundary.facts import Definition
from coreline.boundary.kinds import Kinds
from coreline.boundary.ownership import CORE
from coreline.boundary.world import Defined
from coreline.sources.tree import Entry, SourceTree

if TYPE_CHECKING:
    from coreline.sources.cache import FactCache

_Rows = list[tuple[str, str, Definition]]


def find_definitions(
    languages: Sequence[Language],
    tree: SourceTree,
    entries: Iterable[Entry],
    owners: Mapping[str, str],
    cache: "FactCache | None",
) -> list[Defined]:
    """Return what the files of the wraps define.

    Args:
        languages: all languages; those that say nothing of definitions are left out.
        tree: reads the files.
        entries: all files.
        owners: the owner of each.
        cache: what earlier runs found; None reads every file of the wraps.
    """
    kinds = Kinds(languages)
    asked = [
        (entry, language)
        for entry in entries
        if owners[entry.path] != CORE and entry.kind in ("file", "executable")
        if (language := kinds.of(entry.path)) is not None and defines(language)
    ]
    return remembered(asked, defined_in, tree, owners, cache, _version(languages))


Asked = Sequence[tuple[Entry, Language]]
Define = Callable[[Language, bytes], list[Definition]]


def remembered(
    asked: Asked,
    define: Define,
    tree: SourceTree,
    owners: Mapping[str, str],
    cache: "FactCache | None",
    version: bytes,
) -> list[Defined]:
    """Return what some files define, from the cache where they were asked before.

    Args:
        asked: the files, with the language of each.
        define: takes a file's language and bytes, and returns what it defines.
        tree: reads the files.
        owners: the owner of each file.
        cache: what earlier runs found; None reads every file.
        version: changes whenever ``define`` finds something else in the same bytes.
    """
    if not asked:
        return []
    store = None if cache is None else cache.opened(version)
    whole = _digest(asked, owners, tree.space)
    kept = None if store is None or whole is None else store.get(whole)
    if kept is not None:
        try:
            rows = msgspec.msgpack.decode(kept, type=_Rows)
            return [Defined(*row) for row in rows]
        except msgspec.MsgspecError:
            pass
    found = _read(tree, asked, define, owners, store)
    if store is not None and cache is not None and whole is not None:
        store.put(whole, msgspec.msgpack.encode([tuple(one) for one in found]))
        cache.save()
    return found


def _read(
    tree: SourceTree,
    asked: Asked,
    define: Define,
    owners: Mapping[str, str],
    store: "FactCache | None",
) -> list[Defined]:
    found: dict[str, Sequence[Definition]] = {}
    waiting: list[tuple[Entry, Language]] = []
    for entry, language in asked:
        kept = None if store is None or entry.blob is None else store.get(_key(entry, language))
        if kept is None:
            waiting.append((entry, language))
            continue
        try:
            found[entry.path] = msgspec.msgpack.decode(kept, type=list[Definition])
        except msgspec.MsgspecError:
            waiting.append((entry, language))
    contents = tree.read(entry for entry, _ in waiting)
    for (entry, language), content in zip(waiting, contents, strict=True):
        # A file that cannot be read is reported where the facts of all files are gathered.
        if content.data is None or b"\0" in content.data:
            continue
        found[entry.path] = define(language, content.data)
        if store is not None and entry.blob is not None:
            store.put(_key(entry, language), msgspec.msgpack.encode(found[entry.path]))
    return [
        Defined(entry.path, owners[entry.path], one)
        for entry, _ in asked
        for one in found.get(entry.path, ())
    ]


def defines(language: Language) -> bool:
    """Whether files of a language are asked: settings, tables … are defined in any code."""
    return language.define is not None or language.reads_names


def defined_in(language: Language, data: bytes) -> list[Definition]:
    """Return what a file of a wrap defines; nothing of a binary one is asked."""
    # Imported only where a file is read: its many expressions take a while to compile.
    from coreline.boundary.defining_names import definitions

    own = [] if language.define is None else list(language.define(data))
    return [*own, *definitions(data)] if language.reads_names else own


def _key(entry: Entry, language: Language) -> str:
    return f"{entry.blob}{entry.stamp}{language.name}"


def _digest(
    asked: Iterable[tuple[Entry, Language]], owners: Mapping[str, str], space: str
) -> str | None:
    """Return what identifies the contents of all files of the wraps; None where one is unknown."""
    digest = sha256(space.encode())
    for entry, _ in asked:
        if entry.blob is None:
            return None
        row = f"{entry.path}\0{owners[entry.path]}\0{entry.blob}{entry.stamp}\0"
        digest.update(row.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _version(languages: Iterable[Language]) -> bytes:
    versions = sorted(f"{one.name} {one.version}" for one in languages if defines(one))
    return "\n".join(["definitions 2", *versions]).encode()
