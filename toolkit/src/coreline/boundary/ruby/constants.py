# SPDX-License-Identifier: Apache-2.0
"""Which wrap a constant of Ruby means: looked up as Ruby and Zeitwerk do, never by its end alone.

The first part of a name is looked for in the modules around it, from the innermost out, then at
the top; the rest is looked for in what that is (Ruby, "Modules and Classes", constants). What a
superclass may hold is not known. A file's path says what it defines where nothing else does
(Zeitwerk: ``app/*`` and ``lib`` are roots, ``a/b_c.rb`` defines ``A::BC``).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from coreline.boundary.ownership import CORE
from coreline.boundary.resolve import Meant
from coreline.boundary.ruby.extract import read
from coreline.boundary.world import World

SUFFIX = ".rb"
_ROOT = re.compile(r"(?:^|/)(?:lib|app/\w+|concerns)/(?=[^/])")


class Constants:
    """The constants that the files of a tree define, as far as names of a wrap are concerned.

    Args:
        world: the tree.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._wraps: dict[str, str] = {}
        self._inner: dict[str, str] = {}
        self._searched: set[str] = set()
        for path, wrap, one in world.definitions:
            if one.kind != "namespace" or not path.endswith((SUFFIX, ".rake")):
                continue
            if one.line == 0:
                # Not a constant, only what is searched to find one.
                self._searched.add(one.name)
                continue
            self._wraps[one.name] = wrap
            for above in _above(one.name):
                self._inner.setdefault(above, wrap)
        self._core = {
            one.name
            for path, facts in world.facts.items()
            if facts.definitions and world.owners.get(path) == CORE
            for one in facts.definitions
            if one.kind == "namespace"
        }
        self._declared = {
            name: wrap for name, wrap in world.names.modules.items() if name[:1].isupper()
        }

    def meant(self, module: str) -> Meant | None:
        """Return the wrap that a constant means, written as ``extract.written`` does."""
        name, scopes = read(module)
        for prefix in _prefixes(name, scopes):
            full = _join(prefix, name.removeprefix("::"))
            owner = self._owner(full, depth=prefix.count("::") + 1 if prefix else 0)
            if owner is not None:
                return Meant(owner, full) if owner != CORE else None
        return None

    def mirrored(self, name: str) -> Meant | None:
        """Return the wrap that has a mirror of a class of the core inside a module of its own."""
        for top in sorted(self._searched & self._inner.keys()):
            full = _join(top, name.removeprefix("::"))
            if full in self._wraps and full not in self._core:
                return Meant(self._wraps[full], full)
        return None

    def _owner(self, full: str, depth: int) -> str | None:
        """Return whose a constant is; None where nothing of its name is known.

        Args:
            full: the constant, from the top.
            depth: how many of its parts are the modules around the place: they exist.
        """
        for one in (full, *_above(full)):
            if one.count("::") < depth:
                break
            if one in self._declared:
                return self._declared[one]
            if one in self._core:
                return CORE
            if one in self._wraps:
                return self._wraps[one]
            if one in self._inner and one.rpartition("::")[2] in self._searched:
                # The module is the wrap's alone, so whatever is in it is too.
                return self._inner[one]
            owners = self._files.get(_stem(one))
            if owners:
                return next(iter(owners)) if len(owners) == 1 else CORE
        return None

    @cached_property
    def _files(self) -> Mapping[str, set[str]]:
        """The owners of files by the constant that their path says they define."""
        found: dict[str, set[str]] = defaultdict(set)
        for path, owner in self._world.owners.items():
            if path.endswith(SUFFIX):
                for root in _ROOT.finditer(path):
                    found[_plain(path[root.end() : -len(SUFFIX)])].add(owner)
        return found


def _stem(name: str) -> str:
    return _plain(name.replace("::", "/"))


def _plain(path: str) -> str:
    # Whether ``SSO`` or ``Sso`` is in ``sso.rb`` is for the inflections of the product.
    return path.replace("_", "").lower()


def _above(name: str) -> Iterator[str]:
    """Yield the modules that a constant is in, innermost first."""
    while "::" in name:
        name = name.rpartition("::")[0]
        yield name


def _prefixes(name: str, scopes: tuple[str, ...]) -> Iterator[str]:
    if not name.startswith("::"):
        for count in range(len(scopes), 0, -1):
            parts: list[str] = []
            for one in scopes[:count]:
                parts = [one[2:]] if one.startswith("::") else [*parts, one]
            yield "::".join(parts)
    yield ""


def _join(prefix: str, name: str) -> str:
    return f"{prefix}::{name}" if prefix else name
