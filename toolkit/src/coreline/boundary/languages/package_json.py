# SPDX-License-Identifier: Apache-2.0
"""``package.json``: the license of a package, what it needs, and the names that it defines."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from coreline.boundary.extension import Example, Language, Resolve, Source
from coreline.boundary.facts import Definition, FileFacts, Reference
from coreline.boundary.packages import Metadata, facts_of, unreadable
from coreline.boundary.text import Lines
from coreline.boundary.tokens import tokens

if TYPE_CHECKING:
    from coreline.boundary.world import World


_LINES_MAX = 500
_OPTIONAL = ("devDependencies", "optionalDependencies", "peerDependencies")


def _extract(source: Source) -> FileFacts:
    from coreline.boundary.javascript.npm import settings_of

    data = _load(source.data)
    if data is None:
        return unreadable(source, "JSON")
    bundled = data.get("bundledDependencies") or data.get("bundleDependencies")
    facts = facts_of(
        source,
        Metadata(
            licenses=tuple(_licenses(data)),
            needed=(*_names(data, "dependencies"), *_texts(bundled)),
            optional=_names(data, *_OPTIONAL),
        ),
    )
    # A folder of the tree has to be there, whichever table names it.
    own = [*_local(source, data), *_renamed(source, data), *_workspaces(source, data)]
    taken = {one.module.rstrip("/") for one in own}
    found = [*facts.references, *_repeated(source, [*own, *facts.references])]
    others = (
        one
        for one in found
        if one.module.rstrip("/") not in taken and not one.module.startswith("npm:")
    )
    return replace(
        facts,
        references=(*own, *others),
        settings=tuple(settings_of(source, data)),
    )


def _load(raw: bytes) -> dict[str, Any] | None:
    from coreline.boundary.javascript.jsonc import strict

    try:
        data = strict(raw)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else {}


def _licenses(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the license, in each of the shapes that npm has had for it."""
    several = data.get("licenses")
    for value in (data.get("license"), *(several if isinstance(several, list) else ())):
        # An object with a type, as npm had it before SPDX expressions.
        text = value.get("type") if isinstance(value, dict) else value
        if isinstance(text, str):
            yield "license", text


def _names(data: dict[str, Any], *keys: str) -> tuple[str, ...]:
    tables = (data.get(key) for key in keys)
    return tuple(name for table in tables if isinstance(table, dict) for name in table)


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _repeated(source: Source, found: Iterable[Reference]) -> Iterator[Reference]:
    """Yield what is named again on other lines, as scripts do: each of them has to change."""
    known = {(one.line, one.module) for one in found}
    # The line of a dependency says nothing more.
    settled = {one.line for one in found if one.is_name}
    lines: dict[int, list[tuple[int, int]]] = {}
    for start, end in source.hits:
        lines.setdefault(source.data.rfind(b"\n", 0, start) + 1, []).append((start, end))
    number, counted = 1, 0
    for begin, hits in islice(lines.items(), _LINES_MAX):
        number += source.data.count(b"\n", counted, begin)
        counted = begin
        stop = source.data.find(b"\n", begin)
        line = source.data[begin : stop if stop >= 0 else len(source.data)]
        moved = [(start - begin, end - begin) for start, end in hits]
        for one in tokens(Source(line, source.names, moved)):
            if number not in settled and (number, one.module) not in known:
                form = one.form if one.form == "path" else "build"
                yield replace(one, line=number, form=form)


def _local(source: Source, data: dict[str, Any]) -> Iterator[Reference]:
    from coreline.boundary.javascript.npm import local_dependencies

    lines = Lines(source.data)
    for name, _ in local_dependencies(data, "dependencies", "devDependencies"):
        yield _build(source, lines, name, name, needed=True)


def _renamed(source: Source, data: dict[str, Any]) -> Iterator[Reference]:
    """Yield packages that are installed by another name: ``"fleet": "npm:@acme/ee@1"``."""
    lines = Lines(source.data)
    for key in ("dependencies", *_OPTIONAL):
        table = data.get(key)
        for version in table.values() if isinstance(table, dict) else ():
            if isinstance(version, str) and version.startswith("npm:"):
                name = version[4:5] + version[5:].partition("@")[0]
                if source.names.search(name.encode("utf-8", "replace")):
                    needed = key == "dependencies"
                    one = _build(source, lines, version, name, needed=needed)
                    yield one if needed else replace(one, guard="extra")


def _workspaces(source: Source, data: dict[str, Any]) -> Iterator[Reference]:
    """Yield the folders of the workspace: one that is not there is no failure."""
    value = data.get("workspaces")
    packages = value.get("packages") if isinstance(value, dict) else value
    lines = Lines(source.data)
    for text in _texts(packages):
        if source.hits and source.names.search(f"/{text}/".encode("utf-8", "replace")):
            folder = text if "/" in text else f"{text}/"
            yield replace(
                _build(source, lines, text, folder, needed=False), form="path", is_name=False
            )


def _build(source: Source, lines: Lines, text: str, module: str, *, needed: bool) -> Reference:
    at = source.data.find(b'"%s"' % text.encode("utf-8", "replace"))
    place = lines.place(max(0, at))
    return Reference(place.line, place.column, "build", module, needed=needed, text=place.text)


def _define(raw: bytes) -> Iterable[Definition]:
    data = _load(raw)
    name = data.get("name") if data is not None else None
    if not isinstance(name, str) or not name.strip():
        return
    at = raw.find(b'"%s"' % name.encode("utf-8", "replace"))
    line = raw.count(b"\n", 0, max(0, at)) + 1
    # One plain word may be the name of anything of any registry: only code that imports it as a
    # package means this one.
    is_distinct = any(char in name for char in "/-_.")
    yield Definition("package" if is_distinct else "namespace", name, line)


def _aliases(raw: bytes) -> Iterator[tuple[str, str]]:
    """Yield the names of dependencies that are folders, and of ``imports``."""
    from coreline.boundary.javascript.npm import settings_of

    if b'"imports"' not in raw and b'"file:' not in raw and b'"link:' not in raw:
        return
    for one in settings_of(None, _load(raw) or {}):
        if one.kind == "npm.local":
            yield one.name, one.value
        elif one.kind == "npm.imports":
            target = one.value.partition("*")[0].rstrip("/")
            yield one.name.partition("*")[0].rstrip("/"), target


def _resolver(world: "World") -> Resolve:
    from coreline.boundary.javascript.resolve import metadata_resolver

    return metadata_resolver(world)


LANGUAGE = Language(
    name="package-json",
    sentence="The license, the dependencies and the names of a JavaScript package.",
    version=6,
    extract=_extract,
    examples=(
        Example('{"dependencies": {"acme-ee": "1"}}', (("build", None, "acme-ee", ()),)),
        Example('{"optionalDependencies": {"acme-ee": "1"}}', (("build", "extra", "acme-ee", ()),)),
        Example(
            '{"devDependencies": {"acme-ee": "workspace:*"}}', (("build", None, "acme-ee", ()),)
        ),
        Example(
            '{"dependencies": {"x": "file:../ee"}}',
            (("build", None, "x", ()), ("path", None, "file:../ee", ())),
        ),
        Example('{"dependencies": {"x": "npm:acme-ee@1"}}', (("build", None, "acme-ee", ()),)),
        Example('{"bundledDependencies": ["acme-ee"]}', (("build", None, "acme-ee", ()),)),
        Example(
            '{"scripts": {\n"a": "x ee/a.js",\n"b": "y ee/a.js"\n}}',
            (("path", None, "ee/a.js", ()), ("path", None, "ee/a.js", ())),
        ),
        Example('{"workspaces": ["ee"]}', (("path", None, "ee/", ()),)),
    ),
    filenames=("package.json",),
    always=True,
    define=_define,
    aliases=_aliases,
    resolver=_resolver,
)
