# SPDX-License-Identifier: Apache-2.0
"""What a path in a build file means: it may lead to what a build has yet to make.

``ee/dist/app.js`` or ``ee/bin/Release/ee.dll`` is in no tree, and is of the wrap all the same.
Such a path is looked up from the file's own folder and from the root alone, and what exists of it
has to be the wrap's folder, so that a folder of a common name elsewhere makes no false finding.
"""

import posixpath

from coreline.boundary.extension import Resolve
from coreline.boundary.facts import Reference
from coreline.boundary.resolve import Meant
from coreline.boundary.world import World


def resolver(world: World) -> Resolve:
    """Return what resolves the references of build files in a tree."""

    def resolve(reference: Reference, path: str) -> Meant | None:
        meant = world.common.meant(reference, path)
        if meant is None and reference.form in ("build", "path") and "/" in reference.module:
            return _made_later(world, reference.module, path)
        return meant

    return resolve


def _made_later(world: World, text: str, path: str) -> Meant | None:
    if text.startswith("/"):
        return None
    for anchor in dict.fromkeys((posixpath.dirname(path), "")):
        candidate = posixpath.normpath(posixpath.join(anchor, text))
        while candidate and not world.exists(candidate):
            candidate = posixpath.dirname(candidate)
        wrap = world.wrap_of(candidate) if candidate in world.folders else None
        if wrap is not None and candidate:
            return Meant(wrap, text)
    return None
