# SPDX-License-Identifier: Apache-2.0
"""Which file of a tree a path of Rust means, as ``rustc`` finds the files of modules.

Source: The Rust Reference, "Modules" (module source filenames) and "Paths".
"""

import posixpath
from collections.abc import Iterator, Mapping

from coreline.boundary.code.paths import meant_by_path
from coreline.boundary.extension import Resolve
from coreline.boundary.facts import Reference
from coreline.boundary.names import normalize
from coreline.boundary.ownership import CORE
from coreline.boundary.resolve import Meant
from coreline.boundary.world import World

_ROOTS = ("mod.rs", "lib.rs", "main.rs", "build.rs")
_CRATE_FOLDERS = ("bin", "tests", "examples", "benches")


def words(owners: Mapping[str, str]) -> Iterator[str]:
    """Yield the names of a wrap's modules that stand among modules of the core."""
    wraps = [path for path, owner in owners.items() if owner != CORE and path.endswith(".rs")]
    if not wraps:
        return
    core = {path for path, owner in owners.items() if owner == CORE and path.endswith(".rs")}
    parents = {posixpath.dirname(path) for path in core} | {path[:-3] for path in core}
    for path in wraps:
        folder, name = posixpath.split(path)
        if name == "mod.rs":
            folder, name = posixpath.split(folder)
        if folder in parents and name not in _ROOTS:
            yield name.removesuffix(".rs")


def resolver(world: World) -> Resolve:
    """Make what resolves the paths, the modules and the crates of Rust."""

    def meant(reference: Reference, path: str) -> Meant | None:
        text = reference.module
        if reference.form == "link":
            return world.common.meant(reference, path)
        if "/" in text:
            return meant_by_path(world, text, path)
        parts = [part.removeprefix("r#") for part in text.split("::") if part]
        parts += [name for name in reference.names if name != "*"][:1]
        if not parts or ("::" not in text and reference.form == "string"):
            return None
        owner = _found(world, parts, path)
        if owner is None and parts[0] not in ("crate", "self", "super"):
            names = world.names
            owner = names.packages.get(normalize(parts[0])) or names.declared(".".join(parts))
        return None if owner in (None, CORE) else Meant(owner, text)

    return meant


def _found(world: World, parts: list[str], path: str) -> str | None:
    """Return the owner of the file that a path of modules leads to; None where it leads to none."""
    folder = _module_folder(path)
    rest = list(parts)
    if rest[0] in ("crate", "$crate"):
        folder, rest = _crate_folder(world, path), rest[1:]
    while rest and rest[0] in ("self", "super"):
        folder = posixpath.dirname(folder) if rest.pop(0) == "super" else folder
    found: str | None = None
    for part in rest:
        node = posixpath.join(folder, part)
        owner = world.owners.get(f"{node}.rs")
        if owner is None:
            owner = world.owners.get(f"{node}/mod.rs")
        if owner is None and node not in world.folders:
            break
        found = owner if owner is not None else found
        folder = node
    return found


def _module_folder(path: str) -> str:
    """Return the folder in which the modules of a file are."""
    folder, name = posixpath.split(path)
    is_root = name in _ROOTS or posixpath.basename(folder) in _CRATE_FOLDERS
    return folder if is_root else path.removesuffix(".rs")


def _crate_folder(world: World, path: str) -> str:
    """Return the folder of the root module of a file's crate."""
    folder = posixpath.dirname(path)
    while folder:
        if f"{folder}/lib.rs" in world.owners or f"{folder}/main.rs" in world.owners:
            return folder
        if f"{folder}/Cargo.toml" in world.owners:
            break
        folder = posixpath.dirname(folder)
    return posixpath.join(folder, "src")
