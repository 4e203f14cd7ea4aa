# SPDX-License-Identifier: Apache-2.0
"""What look-ups and names mean in a tree: whether a wrap has the mirror, and whose a name is."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from msgspec.structs import replace

from coreline.boundary.extension import Resolve
from coreline.boundary.facts import Reference
from coreline.boundary.ownership import CORE
from coreline.boundary.resolve import Meant
from coreline.boundary.world import World


class HelperPlace(NamedTuple):
    """A look-up helper and where the core defines it."""

    path: str
    reference: Reference
    call: str
    core: str
    into: str
    wrap: str
    is_declared: bool


class Beyond:
    """Resolves look-ups and names of one tree.

    Args:
        world: the tree.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._declared = {one.call: one for one in world.names.lookups}

    def resolved(
        self, reference: Reference, path: str, resolve: Resolve
    ) -> Iterator[tuple[Reference, Meant]]:
        """Yield a look-up or a name with the wrap that it means, if it means one."""
        if reference.form == "name":
            meant = self.name(reference)
        elif reference.module:
            meant = self.lookup(reference, path, resolve)
            reference = self.guarded(reference)
        else:
            return
        if meant is not None:
            yield reference, meant

    def lookup(self, reference: Reference, path: str, resolve: Resolve) -> Meant | None:
        """Return the wrap whose mirror a call finds; None where no wrap has one.

        Args:
            reference: the call, with the module that the helper makes of what it is handed.
            path: the file of the call.
            resolve: resolves the references of the file's language.
        """
        name = reference.module
        if "/" in name:
            return self._world.common.path(name, path)
        if "::" not in name:
            meant = self._world.common.mirror(name)
            if meant is not None:
                return meant
        wrap = self._by_constant.get(_underscored(name)) if name[:1].isupper() else None
        if wrap is not None:
            return Meant(wrap, name)
        # What the rest resolves may be found by its beginning alone: no mirror is there then.
        return None if resolve == self._world.common.meant else resolve(reference, path)

    @cached_property
    def _by_constant(self) -> Mapping[str, str]:
        """The wraps' files of Ruby by every end of their paths, as constants are looked up."""
        found: dict[str, str] = {}
        for path, owner in self._world.owners.items():
            if owner != CORE and path.endswith(".rb"):
                parts = path.removesuffix(".rb").split("/")
                found.update({"/".join(parts[i:]): owner for i in range(len(parts))})
        return found

    def guarded(self, reference: Reference) -> Reference:
        """Return a look-up with the guard that its helper is, where the call has none."""
        guard = self._guards.get(reference.names[0]) or reference.guard
        return replace(reference, guard=guard)

    @cached_property
    def _guards(self) -> Mapping[str, str | None]:
        found: dict[str, str | None] = {}
        for one in self.helpers:
            found[one.call] = found.get(one.call) or one.reference.guard
        return found

    @cached_property
    def helpers(self) -> list[HelperPlace]:
        """The look-up helpers that the core defines."""
        found: dict[tuple[str, str], HelperPlace] = {}
        for path, facts in self._world.facts.items():
            if self._world.owners.get(path) != CORE:
                continue
            for reference in facts.references:
                if reference.form == "lookup" and not reference.module:
                    place = self._helper(path, reference)
                    if place is not None:
                        found.setdefault((path, place.call), place)
        return list(found.values())

    def _helper(self, path: str, reference: Reference) -> HelperPlace | None:
        call, core, into = reference.names
        declared = self._declared.get(call)
        if declared is not None:
            return HelperPlace(
                path, reference, call, declared.core, declared.into, declared.wrap, True
            )
        meant = self._world.common.path(into + "/", path) if "/" in into else None
        wrap = self._world.names.modules.get(into) if meant is None else meant.wrap
        wrap = wrap or self._world.common.wrap_of_word(into)
        if wrap is None:
            return None
        return HelperPlace(path, reference, call, core, into, wrap, False)

    def name(self, reference: Reference) -> Meant | None:
        """Return the wrap whose name is read; None where the core defines it as well."""
        names = self._world.names
        wrap, kind = names.defined.get(reference.module, ("", "declared"))
        if not wrap:
            raw = reference.module.encode("utf-8", "surrogateescape")
            wrap = names.globs.get(names.glob_of(raw) or "", "")
        is_shared = kind != "declared" and kind in self._defined[reference.module]
        return None if is_shared or not wrap else Meant(wrap, reference.module)

    @cached_property
    def _defined(self) -> Mapping[str, set[str]]:
        """What the core defines of the names that wraps define."""
        found: dict[str, set[str]] = defaultdict(set)
        for path, facts in self._world.facts.items():
            if self._world.owners.get(path) == CORE:
                for one in facts.definitions:
                    found[one.name].add(one.kind)
        return found


def _underscored(constant: str) -> str:
    """Return the path of a constant as Zeitwerk and Rails name it: ``EE::FooBar``, ee/foo_bar."""
    parts = constant.split("::")
    return "/".join(
        re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", part).lower()
        for part in parts
    )
