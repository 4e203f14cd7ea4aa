# SPDX-License-Identifier: Apache-2.0
"""Whether a reference means a wrap: names resolved to the files of the tree, never by prefix."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from msgspec.structs import replace

from coreline.boundary.facts import Reference
from coreline.boundary.layout import PYTHON_SUFFIXES, Found, Layout
from coreline.boundary.names import Names, normalize
from coreline.boundary.ownership import CORE, MIXED

_ALIAS = re.compile(r"^(?:[@~]/|\./|/)+")
_WILDCARD = re.compile(r"[*{$]")


class Meant(NamedTuple):
    """The wrap that a reference means, and the name by which it does."""

    wrap: str
    name: str


class Resolver:
    """Resolves the references of the core.

    Args:
        owners: the owner of each file: the name of a wrap, or ``CORE``.
        folders: the same of each folder, or ``MIXED``.
        tops: the highest files and folders that are wholly a wrap's.
        layout: the Python modules of the same files.
        names: what the wraps declare.
    """

    def __init__(
        self,
        owners: Mapping[str, str],
        folders: Mapping[str, str],
        tops: Iterable[str],
        layout: Layout,
        names: Names,
    ) -> None:
        self._owners = owners
        self._folders = folders
        self._tops: dict[str, list[str]] = defaultdict(list)
        for top in tops:
            self._tops[top.rpartition("/")[2]].append(top)
        self._layout = layout
        self._names = names

    def meant(self, reference: Reference, path: str) -> Meant | None:
        """Return the wrap that a reference of any form means, as Python and builds mean it."""
        if reference.form == "link":
            return self.link(reference.module, path)
        if reference.form == "build":
            return self.build(reference, path)
        if reference.form == "path":
            return self.path(reference.module, path)
        return self.module(reference, path)

    def module(self, reference: Reference, path: str) -> Meant | None:
        """Return the wrap that an import or a string with a module's name means."""
        parts = reference.module.split(".") if reference.module else []
        if reference.level:
            return self._relative(reference, parts, path)
        if not parts or not all(parts):
            return None
        is_certain = reference.is_name or len(parts) > 1
        found = self._layout.find(parts)
        if found is not None and found.owner != CORE and _is_meant(reference, found, parts):
            return Meant(found.owner, reference.module)
        if found is None or not (found.owner == CORE and found.is_whole):
            declared = self._names.declared(reference.module)
            if declared is not None and (is_certain or _is_distinct(reference.module)):
                return Meant(declared, reference.module)
        return self._imported(reference, parts)

    def _imported(self, reference: Reference, parts: list[str]) -> Meant | None:
        """Return the wrap of a module that is imported *from* a module: ``from app import ee``."""
        for name in reference.names:
            dotted = f"{reference.module}.{name}"
            found = self._layout.find([*parts, name])
            if found is not None and found.is_whole and found.owner != CORE:
                return Meant(found.owner, dotted)
            declared = self._names.modules.get(dotted)
            if declared is not None:
                return Meant(declared, dotted)
        return None

    def _relative(self, reference: Reference, parts: list[str], path: str) -> Meant | None:
        folder = posixpath.dirname(path)
        for _ in range(reference.level - 1):
            folder = posixpath.dirname(folder)
        candidates = [parts] if parts else []
        candidates += [[*parts, name] for name in reference.names if name != "*"]
        for candidate in candidates:
            found: Found | None = self._layout.find_below(folder, candidate)
            if found is not None and found.owner != CORE:
                return Meant(found.owner, found.path.replace("/", "."))
        return None

    def path(self, text: str, path: str) -> Meant | None:
        """Return the wrap that a path in a file's text leads into.

        It is looked up from the file's own folder, from every folder above it, and with an alias
        of a root (``@/``, ``~/``) taken off; the first that exists is meant. What leads into a
        wrap must exist there, or be its folder itself or a wildcard in it. A path that begins
        elsewhere (``github.com/acme/app/ee/fleet``) is known by its end,
        but in Python, whose modules have no such paths.
        """
        stripped = _ALIAS.sub("", text)
        for variant in dict.fromkeys((text, stripped)):
            where = posixpath.dirname(path)
            while variant:
                candidate = posixpath.normpath(posixpath.join(where, variant))
                wrap = self._at(candidate)
                if wrap is not None:
                    return Meant(wrap, text)
                if candidate in self._owners or candidate in self._folders:
                    return None
                if not where:
                    break
                where = posixpath.dirname(where)
        is_python = path.endswith(PYTHON_SUFFIXES)
        if is_python and stripped in self._templates:
            owner = self._templates[stripped]
            return None if owner == CORE else Meant(owner, text)
        wrap = self._package(text)
        if wrap is None and not is_python:
            wrap = self._by_end(stripped)
        return None if wrap is None else Meant(wrap, text)

    @cached_property
    def _templates(self) -> Mapping[str, str]:
        """The owners of files below a folder of templates, by what such a file is asked for by.

        Django and Flask look through the templates of every application, the core's first.
        """
        found: dict[str, str] = {}
        for path, owner in sorted(self._owners.items(), key=lambda one: one[1] != CORE):
            folder, mark, name = path.partition("/templates/")
            if mark and folder:
                found.setdefault(name, owner)
        return found

    def _package(self, text: str) -> str | None:
        """Return the wrap of a distribution whose name has a slash, or of a module in it."""
        name = normalize(text)
        while name:
            if name in self._names.packages:
                return self._names.packages[name]
            name = name.rpartition("/")[0]
        return None

    def _by_end(self, text: str) -> str | None:
        """Return the wrap of a path that begins elsewhere, such as with the name of a host.

        One that begins with the folder itself does not: it was looked up from everywhere already.
        """
        parts = [part for part in text.split("/") if part not in ("", ".", "..")]
        for index, part in enumerate(parts[1:], 1):
            for top in self._tops.get(part, ()):
                rest = parts[index + 1 :]
                if rest and not _WILDCARD.search(rest[0]):
                    wrap = self._at("/".join((top, *rest)))
                else:
                    # The folder alone: only with its parent, or as a part of a repository's name.
                    named = parts[index - 1] == posixpath.basename(posixpath.dirname(top))
                    is_address = index > 2 and "." in parts[0]
                    wrap = self._owner(top) if named or is_address else None
                if wrap is not None:
                    return wrap
        return None

    def mirror(self, dotted: str) -> Meant | None:
        """Return the wrap of a module that exists, every part of its name."""
        found = self._layout.find(dotted.split("."))
        is_whole = found is not None and found.is_whole and found.owner != CORE
        return Meant(found.owner, dotted) if found is not None and is_whole else None

    def wrap_of_word(self, dotted: str) -> str | None:
        """Return the wrap of a package that a module's name begins with, None where none has it."""
        first = dotted.partition(".")[0]
        found = self._layout.find(dotted.split(".")) or self._layout.find([first])
        if found is not None and found.owner != CORE:
            return found.owner
        tops = [self._owner(top) for top in self._tops.get(first, ())]
        return next((wrap for wrap in tops if wrap is not None), None)

    def link(self, target: str, path: str) -> Meant | None:
        """Return the wrap that a symbolic link leads into."""
        joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        wrap = self._owner(joined)
        return None if wrap is None else Meant(wrap, target)

    def _at(self, path: str) -> str | None:
        wildcard = _WILDCARD.search(path)
        if wildcard:
            path = path[: wildcard.start()].rpartition("/")[0]
        wrap = self._owner(path)
        if wrap is not None:
            return wrap
        # JavaScript leaves suffixes away.
        return self._stems.get(path)

    @cached_property
    def _stems(self) -> Mapping[str, str]:
        """The wraps' files without their suffixes, the last one and all of them."""
        return {
            path[:dot]: owner
            for path, owner in self._owners.items()
            if owner != CORE
            for dot in (path.find(".", path.rfind("/") + 1), path.rfind("."))
            if dot > path.rfind("/") + 1
        }

    def _owner(self, path: str) -> str | None:
        """Return the wrap that owns a file or a whole folder, else None."""
        owner = self._owners.get(path) or self._folders.get(path)
        return None if owner in (None, CORE, MIXED) else owner

    def build(self, reference: Reference, path: str) -> Meant | None:
        """Return the wrap that a name in a build means: a distribution, a path or a module."""
        wrap = self._names.packages.get(normalize(reference.module))
        if wrap is not None:
            return Meant(wrap, reference.module)
        if "/" in reference.module:
            return self.path(reference.module, path)
        # An entry point is written module:object.
        parts = (replace(reference, module=part) for part in reference.module.split(":"))
        return next((meant for part in parts if (meant := self.module(part, path))), None)


def _is_meant(reference: Reference, found: Found, parts: list[str]) -> bool:
    """Whether a module that was found is what the text means.

    An import means a module whatever it finds. A string may be anything with dots in it
    (``"settings.update"``), so it has to find more than its first word.
    """
    if reference.is_name:
        return True
    if len(parts) == 1:
        return _is_distinct(parts[0])
    return found.is_whole or found.depth > 1


def _is_distinct(word: str) -> bool:
    """Whether a word alone, in quotes, can only be the name of a module.

    ``"ee"`` or ``"server"`` in a string may be anything; ``"acme_enterprise"`` may not.
    """
    return "_" in word or "." in word
