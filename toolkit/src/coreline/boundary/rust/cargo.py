# SPDX-License-Identifier: Apache-2.0
"""Cargo: what a crate or a workspace of the core needs of a wrap, and behind which feature.

Source: The Cargo Book, "Specifying dependencies", "Features", "Workspaces", "Overriding".
"""

import re
from collections.abc import Iterator

from coreline.boundary.extension import Source
from coreline.boundary.facts import Definition, FileFacts
from coreline.boundary.metadata.needs import (
    License,
    Need,
    facts_of,
    is_named,
    offset_of,
    path_need,
)
from coreline.boundary.metadata.tables import Table, is_true, table, tables, text, texts
from coreline.boundary.packages import unreadable

_KINDS = ("dependencies", "dev-dependencies", "build-dependencies")
_TARGETS = ("lib", "bin", "example", "test", "bench")
_NAME = re.compile(
    rb"(?ms)^[ \t]*\[package\][^\n]*\n(?:(?![ \t]*\[).)*?^[ \t]*name\s*=\s*[\"']([^\"'\n]+)"
)


def define(data: bytes) -> Iterator[Definition]:
    """Yield the name of a wrap's crate."""
    match = _NAME.search(data)
    if match is not None:
        name = match[1].decode("utf-8", "replace")
        yield Definition("package", name, data.count(b"\n", 0, match.start(1)) + 1)


def extract(source: Source) -> FileFacts:
    """Return what a ``Cargo.toml`` needs and declares."""
    import tomllib

    try:
        data: Table = tomllib.loads(source.data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return unreadable(source, "TOML")
    return facts_of(
        source,
        _Cargo(source, data).needs(),
        _licenses(source, data),
        # What a feature asks for is a dependency already.
        ignored=lambda one: "/" not in one.module or one.module.startswith("dep:"),
    )


def _licenses(source: Source, data: Table) -> Iterator[License]:
    for name, one in (("package", data), ("workspace.package", table(data, "workspace"))):
        value = text(table(one, "package"), "license")
        if value:
            after = offset_of(source, "license", key=True)
            # Before SPDX expressions, a slash stood for OR.
            yield License(f"{name}.license", re.sub(r"\s*/\s*", " OR ", value), after)


class _Cargo:
    def __init__(self, source: Source, data: Table) -> None:
        self._source = source
        self._data = data
        self._features = table(data, "features")

    def needs(self) -> Iterator[Need]:
        """Yield all that the file asks for."""
        data = self._data
        for one in (data, *(table(table(data, "target"), key) for key in table(data, "target"))):
            for kind in _KINDS:
                yield from self._dependencies(table(one, kind), kind)
        workspace = table(data, "workspace")
        yield from self._dependencies(table(workspace, "dependencies"), "workspace.dependencies")
        for member in (*texts(workspace, "members"), *texts(workspace, "default-members")):
            if not re.search(r"[*?\[]", member):
                yield path_need(member, offset_of(self._source, member))
        patches = (*tables(table(data, "patch")), table(data, "replace"))
        for patch in patches:
            yield from self._dependencies(patch, "patch")
        yield from self._targets()

    def _targets(self) -> Iterator[Need]:
        for kind in _TARGETS:
            value = self._data.get(kind)
            for one in value if isinstance(value, list) else [value]:
                path = text(one, "path") if isinstance(one, dict) else ""
                if path:
                    need = path_need(path, offset_of(self._source, path))
                    yield need._replace(form="test" if kind in ("test", "bench") else "build")

    def _dependencies(self, dependencies: Table, kind: str) -> Iterator[Need]:
        header = re.compile(rb"(?m)^[ \t]*\[[^\]\n]*(?<![\w-])" + re.escape(kind.encode()))
        section = header.search(self._source.data)
        after = section.start() if section else 0
        for name in dependencies:
            spec = table(dependencies, name)
            package = text(spec, "package") or name
            at = offset_of(self._source, name, key=True, after=after)
            path = text(spec, "path")
            if is_named(package, self._source.names.packages):
                need = Need(package, at)
            elif path:
                need = path_need(path if path.endswith("/") else f"{path}/", at)
            else:
                continue
            if kind == "workspace.dependencies":
                # Only what a member asks for is looked for.
                need = need._replace(needed=False)
            elif kind == "dev-dependencies":
                need = need._replace(form="test")
            elif is_true(spec, "optional"):
                need = need._replace(guard=self._feature(name))
            yield need

    def _feature(self, name: str) -> str | None:
        """Return the feature that an optional dependency is behind; None where default asks."""
        enabling = [
            feature for feature in self._features if _asks(texts(self._features, feature), name)
        ]
        if name in self._features and name not in enabling:
            enabling.append(name)
        implied = self._closure("default")
        if name in implied or any(feature in implied for feature in enabling):
            return None
        return f"flag feature {(enabling or [name])[0]}"

    def _closure(self, feature: str) -> set[str]:
        found: set[str] = set()
        waiting = [feature]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += texts(self._features, one)
        return found


def _asks(entries: list[str], name: str) -> bool:
    """Whether a feature turns a dependency on: ``dep:x``, ``x`` or ``x/y``, but not ``x?/y``."""
    return any(one in (name, f"dep:{name}") or one.startswith(f"{name}/") for one in entries)
