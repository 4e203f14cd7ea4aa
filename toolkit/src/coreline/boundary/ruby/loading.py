# SPDX-License-Identifier: Apache-2.0
"""Which wrap a reference of a Ruby file means: a loaded file, a gem, a view, or a constant."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from coreline.boundary.extension import Resolve
from coreline.boundary.facts import Reference
from coreline.boundary.names import normalize
from coreline.boundary.ownership import CORE
from coreline.boundary.resolve import Meant
from coreline.boundary.ruby.constants import Constants
from coreline.boundary.world import World

_CONSTANT = re.compile(r"(::)?[A-Z]\w*(::[A-Z]\w*)*( in .*)?")
_SUFFIXES = (".rb", ".so", ".bundle", ".jar", "")
_LOAD_ROOT = re.compile(r"(?:^|/)(?:lib|spec|test|app/\w+)/(?=[^/])")
_LIBRARY = re.compile(r"(?:^|/)lib/(?=[^/])")
_VIEWS = re.compile(r"(?:^|/)app/(?:views|javascript)/(?=[^/])")
_WILDCARDS = "*?[{#"


def resolver(world: World) -> Resolve:
    """Return what resolves the references of Ruby files in a tree."""
    constants, files = Constants(world), Files(world)

    def resolve(reference: Reference, path: str) -> Meant | None:
        text = reference.module
        if reference.form == "link":
            return world.common.link(text, path)
        if reference.form == "lookup":
            return constants.mirrored(text)
        if _CONSTANT.fullmatch(text):
            return constants.meant(text)
        if reference.form == "string":
            wrap = files.named(text, path, is_view=reference.is_name)
        elif reference.form == "path":
            wrap = files.at(text, path)
        elif reference.form == "build":
            wrap = files.gem(text)
        else:
            wrap = files.loaded(text, path, is_relative=reference.level > 0)
        return None if wrap is None else Meant(wrap, text)

    return resolve


def words(owners: Mapping[str, str]) -> set[str]:
    """Return what ``require`` calls the files of wraps that are in no folder named for a wrap.

    A file ``plus/lib/acme/fleet.rb`` is required as ``acme/fleet``; ``acme`` alone is the core's
    where the core has such a folder too.
    """
    found: dict[str, set[str]] = {"core": set(), "wrap": set()}
    for path, owner in owners.items():
        if path.endswith(".rb") and (root := _LIBRARY.search(path)) is not None:
            found["core" if owner == CORE else "wrap"].add(path[root.end() : -3])
    if not found["wrap"]:
        return set()
    shared = {part for name in found["core"] for part in _beginnings(name)}
    return {
        next((part for part in _beginnings(name) if part not in shared), name)
        for name in found["wrap"] - found["core"]
    }


def _beginnings(name: str) -> list[str]:
    """Return the folders above a name, highest first, and the name."""
    parts = name.split("/")
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


class Files:
    """The files of a tree, as Ruby and Rails find them.

    Args:
        world: the tree.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def loaded(self, text: str, path: str, *, is_relative: bool) -> str | None:
        """Return the wrap of a file that is required or loaded."""
        folder = posixpath.dirname(path)
        if is_relative:
            return self._first(folder, text)
        text = _without_start(text)
        if text.startswith(("./", "../")):
            # From the file's folder, or from the file itself as ``__FILE__`` has it.
            return self._first(folder, text) or self._first(folder, text.partition("/")[2])
        owners = self._loadable.get(text.removesuffix(".rb"))
        if owners:
            return _single(owners)
        return self.gem(text) or self._first("", text)

    def _first(self, folder: str, text: str) -> str | None:
        whole = _join(folder, text)
        found = next((f"{whole}{end}" for end in _SUFFIXES if self._world.exists(whole + end)), "")
        return self._world.wrap_of(found) if found else None

    @cached_property
    def _loadable(self) -> Mapping[str, set[str]]:
        """The owners of files by what ``require`` calls them."""
        found: dict[str, set[str]] = defaultdict(set)
        for path, owner in self._world.owners.items():
            if path.endswith(".rb"):
                for root in _LOAD_ROOT.finditer(path):
                    found[path[root.end() : -3]].add(owner)
        return found

    def gem(self, text: str) -> str | None:
        """Return the wrap of a gem, or of a file in it: ``acme-ee`` holds ``acme/ee``."""
        names = self._world.names
        while text:
            for name in (text, text.replace("/", "-")):
                wrap = names.modules.get(name) or names.packages.get(normalize(name))
                if wrap is not None:
                    return wrap
            text = text.rpartition("/")[0]
        return None

    def named(self, text: str, path: str, *, is_view: bool) -> str | None:
        """Return the wrap of what a string names: a view of Rails, a gem, or a file that exists."""
        if is_view and "/" in text and (owners := self._views.get(_view(text))):
            return _single(owners)
        if is_view and "/" not in text:
            return self.gem(text)
        return self.at(text, path)

    @cached_property
    def _views(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for path, owner in self._world.owners.items():
            for root in _VIEWS.finditer(path):
                found[_view(path[root.end() :])].add(owner)
        return found

    def at(self, text: str, path: str) -> str | None:
        """Return the wrap of a file or folder that a path leads to.

        What begins with a slash is a route, and one word alone may be anything.
        """
        text = _without_start(text)
        cut = min((text.find(char) for char in _WILDCARDS if char in text), default=-1)
        text = text[:cut].rpartition("/")[0] if cut >= 0 else text
        if not text or text.startswith("/") or "://" in text or (cut < 0 and "/" not in text):
            return None
        folder = posixpath.dirname(path)
        for start in dict.fromkeys((folder, posixpath.dirname(folder), "")):
            found = _join(start, text)
            if found and self._world.exists(found):
                return self._world.wrap_of(found)
        return None


def _without_start(text: str) -> str:
    """Return a path without an expression that it begins with, as in ``"#{Rails.root}/ee"``."""
    return text.removeprefix("#{}").lstrip("/") if text.startswith("#{}") else text


def _view(path: str) -> str:
    """Return what ``render`` calls a file: no underscore before its name and no suffixes."""
    folder, _, name = path.rpartition("/")
    return _join(folder, name.removeprefix("_").partition(".")[0])


def _single(owners: Iterable[str]) -> str | None:
    found = set(owners)
    return next(iter(found)) if len(found) == 1 and CORE not in found else None


def _join(folder: str, name: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, name)) if name else folder
    return "" if joined == "." else joined
