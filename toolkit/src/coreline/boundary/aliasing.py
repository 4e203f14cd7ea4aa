# SPDX-License-Identifier: Apache-2.0
"""Names that configurations of the core give to folders of a wrap: code may know it by no other.

``"paths": {"@premium/*": ["../ee/*"]}`` makes ``@premium/fleet`` a module of the wrap, though
nothing of the wrap's own is called so. Such names have to be known before anything is searched.
"""

import posixpath
from collections.abc import Iterable, Mapping, Sequence
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

_Pairs = list[tuple[str, str]]

_LENGTH_MIN = 3
"""A shorter name (``@``, ``~``) is an alias of everything, not of a wrap."""


def find_aliases(
    languages: Sequence[Language],
    tree: SourceTree,
    entries: Iterable[Entry],
    owners: Mapping[str, str],
    cache: "FactCache | None",
) -> list[Defined]:
    """Return the aliases of folders and files that are wholly a wrap's, as names of packages.

    Args:
        languages: all languages; those that know of no aliases are left out.
        tree: reads the files.
        entries: all files.
        owners: the owner of each.
        cache: what earlier runs found; None reads every configuration.
    """
    asking = [one for one in languages if one.aliases is not None]
    names = [name.partition("*") for one in asking for name in one.filenames]
    if not names or not any(owners.values()):
        return []
    # Nearly no path has a name that a configuration could have, which is asked first.
    endings = tuple({end or begin for begin, _, end in names})
    beginnings = tuple({f"/{begin}" for begin, _, _ in names if begin})
    only_endings = tuple({end for begin, _, end in names if not begin})
    kinds = Kinds(asking)
    asked = [
        (entry, language)
        for entry in entries
        if (path := entry.path).endswith(endings)
        and (path.endswith(only_endings) or f"/{path}".startswith(beginnings, path.rfind("/") + 1))
        and owners[path] == CORE
        if (language := kinds.of(path)) is not None
    ]
    found = _read(tree, asked, cache, asking) if asked else {}
    return named_by(found, owners)


def named_by(found: Mapping[str, _Pairs], owners: Mapping[str, str]) -> list[Defined]:
    """Return those of some aliases that mean a wrap.

    Args:
        found: the aliases in each file: a name, and the path that it stands for.
        owners: the owner of each file of the tree.
    """
    named = [
        (path, name, posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))
        for path, pairs in found.items()
        for name, target in pairs
        if sum(map(str.isalnum, name)) >= _LENGTH_MIN
    ]
    wraps = _wholly({target for _, _, target in named}, owners) if named else {}
    return [
        Defined(path, wraps[target], Definition("package", name, 1))
        for path, name, target in named
        if target in wraps
    ]


def _read(
    tree: SourceTree,
    asked: Sequence[tuple[Entry, Language]],
    cache: "FactCache | None",
    languages: Iterable[Language],
) -> dict[str, _Pairs]:
    """Return the aliases in each file, from the cache where its content is known."""
    versions = sorted(f"{one.name} {one.version}" for one in languages)
    store = None if cache is None else cache.opened("\n".join(["aliases 1", *versions]).encode())
    found: dict[str, _Pairs] = {}
    waiting: list[tuple[Entry, Language]] = []
    for entry, language in asked:
        kept = None if store is None or entry.blob is None else store.get(_key(entry, language))
        try:
            if kept is not None:
                found[entry.path] = msgspec.msgpack.decode(kept, type=_Pairs)
                continue
        except msgspec.MsgspecError:
            pass
        waiting.append((entry, language))
    contents = tree.read(entry for entry, _ in waiting)
    for (entry, language), content in zip(waiting, contents, strict=True):
        if content.data is None or language.aliases is None:
            continue
        found[entry.path] = list(language.aliases(content.data))
        if store is not None and entry.blob is not None:
            store.put(_key(entry, language), msgspec.msgpack.encode(found[entry.path]))
    if store is not None and cache is not None and waiting:
        cache.save()
    return found


def _key(entry: Entry, language: Language) -> str:
    return f"{entry.blob}{entry.stamp}{language.name}"


def _wholly(targets: Iterable[str], owners: Mapping[str, str]) -> dict[str, str]:
    """Return those of some files and folders that are wholly a wrap's, with the wrap's name."""
    above: dict[str, str] = {}
    for path, owner in owners.items():
        while owner and path and above.get(path) != owner:
            above[path] = owner
            path = path.rpartition("/")[0]
    candidates = {one: above[one] for one in targets if one in above}
    return {
        target: wrap
        for target, wrap in candidates.items()
        if owners.get(target) == wrap
        or all(owner == wrap for path, owner in owners.items() if path.startswith(f"{target}/"))
    }
