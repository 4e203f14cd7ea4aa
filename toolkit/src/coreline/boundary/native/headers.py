# SPDX-License-Identifier: Apache-2.0
"""Which file of a tree an ``#include`` means; nobody is asked for the include paths of a build."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from coreline.boundary.code.paths import meant_by_path
from coreline.boundary.extension import Resolve
from coreline.boundary.facts import Reference
from coreline.boundary.names import normalize
from coreline.boundary.ownership import CORE
from coreline.boundary.resolve import Meant
from coreline.boundary.world import World

SOURCES = (".c", ".cc", ".cpp", ".cxx", ".c++", ".m", ".mm", ".cu")
HEADERS = (".h", ".hh", ".hpp", ".hxx", ".h++", ".inc", ".inl", ".ipp", ".tcc", ".def")


_LIBRARY = re.compile(r"^(.*/)?(lib(?=.*\.))?|\.(so|dll|dylib|a|lib)[.\d]*$")


def words(owners: Mapping[str, str]) -> Iterator[str]:
    """Yield how the headers of the wraps can be included: the shortest end of each one's path
    that is no end of a path of the core."""
    mine = [path for path, owner in owners.items() if owner != CORE and path.endswith(HEADERS)]
    if not mine:
        return
    rivals = _by_name(path for path, owner in owners.items() if owner == CORE)
    for path in mine:
        parts = path.split("/")
        same = rivals.get(parts[-1], ())
        for count in range(1, len(parts) + 1):
            end = "/".join(parts[-count:])
            if not any(one == end or one.endswith(f"/{end}") for one in same):
                yield end
                break


def resolver(world: World) -> Resolve:
    """Make what resolves includes, and the names of libraries, in a tree."""
    headers = _by_name(path for path in world.owners if path.endswith((*HEADERS, *SOURCES)))

    def meant(reference: Reference, path: str) -> Meant | None:
        text = reference.module
        if reference.form not in ("static", "local"):
            # A library is known by its path, or by its name as a package of the wrap's.
            wrap = world.names.packages.get(normalize(_LIBRARY.sub("", text)))
            if wrap is not None:
                return Meant(wrap, text)
            return meant_by_path(world, text, path) if "/" in text else None
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), text))
        if beside in world.owners:
            wrap = world.wrap_of(beside)
            return None if wrap is None else Meant(wrap, _shown(text))
        end = posixpath.normpath(text).lstrip("./")
        if not reference.is_name and "/" not in end:
            # ``<string.h>`` is the system's, whoever has a header of that name.
            return None
        found = [
            one
            for one in headers.get(posixpath.basename(end), ())
            if one == end or one.endswith(f"/{end}")
        ]
        wraps = {world.wrap_of(one) for one in found}
        # Which of them is found depends on the build; the core wins a tie.
        wrap = next(iter(wraps)) if len(wraps) == 1 else None
        return None if wrap is None else Meant(wrap, _shown(text))

    return meant


def _by_name(paths: Iterator[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        found[path.rpartition("/")[2]].append(path)
    return found


def _shown(text: str) -> str:
    return text.removeprefix("./")
