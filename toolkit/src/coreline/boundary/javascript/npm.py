# SPDX-License-Identifier: Apache-2.0
"""What a ``package.json`` says of names: its own, those below it, and those with ``#``."""

from collections.abc import Iterator

from coreline.boundary.extension import Source
from coreline.boundary.facts import Setting
from coreline.boundary.javascript.jsonc import table, texts

LOCAL = ("file:", "link:", "portal:")
"""Protocols of a dependency that is a folder (pnpm, Yarn: "Protocols")."""

_DEPTH_MAX = 20
_MAIN = ("source", "types", "typings", "module", "main", "browser", "svelte", "react-native")
_TABLES = (
    *("dependencies", "devDependencies", "optionalDependencies", "peerDependencies"),
    *("resolutions", "overrides"),
)


def settings_of(source: Source | None, data: dict[str, object]) -> Iterator[Setting]:
    """Yield what a package's metadata says of how names are resolved.

    Args:
        source: its bytes, where it matters which names of a wrap a registry is asked for.
        data: what they hold.
    """
    name = data.get("name")
    if isinstance(name, str) and name:
        yield Setting("npm.name", "", name)
    for field in _MAIN:
        value = data.get(field)
        if isinstance(value, str):
            yield Setting("npm.main", field, value)
    yield from _targets("npm.exports", data.get("exports"))
    yield from _targets("npm.imports", data.get("imports"))
    for key in _TABLES:
        yield from _dependencies(source, table(data, key))


def _dependencies(source: Source | None, dependencies: dict[str, object]) -> Iterator[Setting]:
    for name, version in dependencies.items():
        if not isinstance(version, str) or version.startswith("workspace:"):
            continue
        if version.startswith(LOCAL):
            yield Setting("npm.local", name, version.partition(":")[2])
        elif source is not None and source.names.search(f"/{name}/".encode("utf-8", "replace")):
            # Only of names that a wrap has as well it matters that a registry has them.
            yield Setting("npm.dependency", name, version)


def _targets(kind: str, value: object) -> Iterator[Setting]:
    """Yield each path below a package with what it means, all conditions one after another.

    ``exports`` may be one target, conditions, or paths with either (Node.js, "Package entry
    points").
    """
    if isinstance(value, dict) and any(key.startswith((".", "#")) for key in value):
        for path in value:
            yield from (Setting(kind, path, text) for text in _leaves(value[path], 0))
    elif value is not None:
        yield from (Setting(kind, ".", text) for text in _leaves(value, 0))


def _leaves(value: object, depth: int) -> list[str]:
    if depth > _DEPTH_MAX:
        return []
    if isinstance(value, dict):
        return [text for one in value.values() for text in _leaves(one, depth + 1)]
    if isinstance(value, list):
        return [text for one in value for text in _leaves(one, depth + 1)]
    return texts(value)


def local_dependencies(data: dict[str, object], *keys: str) -> Iterator[tuple[str, str]]:
    """Yield the dependencies that are folders of the same tree: their names and folders.

    The folder of a package of the workspace (``workspace:``) is found by its name.
    """
    for key in keys:
        for name, version in table(data, key).items():
            if isinstance(version, str) and version.startswith("workspace:"):
                yield name, ""
            elif isinstance(version, str) and version.startswith(LOCAL):
                yield name, version.partition(":")[2]
