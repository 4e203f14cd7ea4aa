# SPDX-License-Identifier: Apache-2.0
"""``tsconfig.json`` and ``jsconfig.json``: what names mean, and what a build takes from a wrap."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from coreline.boundary.extension import Example, Language, Resolve, Source
from coreline.boundary.facts import FileFacts, Reference, Setting
from coreline.boundary.packages import unreadable
from coreline.boundary.text import Lines

if TYPE_CHECKING:
    from coreline.boundary.world import World

_DECODE_ERRORS = (ValueError, RecursionError)


def _extract(source: Source) -> FileFacts:
    from coreline.boundary.javascript.jsonc import loads, table

    try:
        data = loads(source.data)
    except _DECODE_ERRORS:
        return unreadable(source, "JSON")
    options = table(data, "compilerOptions")
    return FileFacts(
        references=tuple(_references(source, data, options)) if source.hits else (),
        settings=tuple(_settings(data, options)),
    )


def _settings(data: object, options: dict[str, object]) -> Iterator[Setting]:
    from coreline.boundary.javascript.jsonc import table, texts

    whole = data if isinstance(data, dict) else {}
    for text in texts(whole.get("extends")):
        yield Setting("tsconfig.extends", "", text)
    for text in _referenced(whole):
        yield Setting("tsconfig.references", "", text)
    for key in ("baseUrl", "rootDirs"):
        for text in texts(options.get(key)):
            yield Setting(f"tsconfig.{key}", "", text)
    paths = table(options, "paths")
    for pattern in paths:
        for text in texts(paths[pattern]):
            yield Setting("tsconfig.paths", pattern, text)


def _referenced(data: dict[str, object]) -> list[str]:
    references = data.get("references")
    rows = references if isinstance(references, list) else []
    found = (one.get("path") for one in rows if isinstance(one, dict))
    return [path for path in found if isinstance(path, str)]


def _references(source: Source, data: object, options: dict[str, object]) -> Iterator[Reference]:
    """Yield what names a wrap: needed where ``tsc`` fails without it, a mention else."""
    from coreline.boundary.javascript.jsonc import table, texts

    whole = data if isinstance(data, dict) else {}
    needed = [*texts(whole.get("extends")), *_referenced(whole), *texts(whole.get("files"))]
    # What is excluded is left out on purpose: that is no dependence.
    mentioned = texts(whole.get("include"))
    for key in ("rootDirs", "rootDir", "baseUrl", "outDir", "types", "typeRoots"):
        mentioned += texts(options.get(key))
    paths = table(options, "paths")
    mentioned += [text for pattern in paths for text in (pattern, *texts(paths[pattern]))]
    lines = Lines(source.data)
    seen: set[tuple[str, bool]] = set()
    for text, is_needed in (*((t, True) for t in needed), *((t, False) for t in mentioned)):
        raw = b'"%s"' % text.encode("utf-8", "replace")
        offset = source.data.find(raw)
        is_hit = any(offset <= start < offset + len(raw) for start, _ in source.hits)
        if (text, is_needed) not in seen and offset >= 0 and is_hit:
            seen.add((text, is_needed))
            place = lines.place(offset)
            yield Reference(
                place.line,
                place.column,
                "build",
                text,
                needed=is_needed,
                is_name=False,
                text=place.text,
            )


def _aliases(raw: bytes) -> Iterator[tuple[str, str]]:
    """Yield what ``paths`` call folders, from the folder of the file."""
    from coreline.boundary.javascript.jsonc import loads, table, texts

    if b'"paths"' not in raw:
        return
    try:
        options = table(loads(raw), "compilerOptions")
    except _DECODE_ERRORS:
        return
    base = options.get("baseUrl")
    paths = table(options, "paths")
    for pattern in paths:
        for text in texts(paths[pattern]):
            target = text.removesuffix("*").rstrip("/")
            start = f"{base}/" if isinstance(base, str) else ""
            yield pattern.partition("*")[0].rstrip("/"), start + target


def _resolver(world: "World") -> Resolve:
    from coreline.boundary.javascript.resolve import config_resolver

    return config_resolver(world)


LANGUAGE = Language(
    name="tsconfig",
    sentence="The paths, the base and the projects that a TypeScript configuration names.",
    version=1,
    extract=_extract,
    examples=(
        Example(
            '{"references": [{"path": "../ee"}], // the wrap\n}',
            (("build", None, "../ee", ()),),
        ),
        Example(
            '{"compilerOptions": {"paths": {"@ours/*": ["./ee/*"]}}}',
            (("build", None, "./ee/*", ()),),
        ),
        Example(
            '{"extends": ["./base", "../ee/tsconfig"]}', (("build", None, "../ee/tsconfig", ()),)
        ),
        Example('{\n/* "ee/x" */ "include": ["src"] }'),
    ),
    filenames=("tsconfig.json", "tsconfig.*.json", "jsconfig.json", "jsconfig.*.json"),
    always=True,
    aliases=_aliases,
    resolver=_resolver,
)
