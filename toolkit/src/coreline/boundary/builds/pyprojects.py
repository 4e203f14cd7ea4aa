# SPDX-License-Identifier: Apache-2.0
"""``pyproject.toml``: the license of a package, what it needs and takes, and its entry points."""

from collections.abc import Iterator

from msgspec.structs import replace

from coreline.boundary.builds.packaging import places
from coreline.boundary.builds.words import in_order
from coreline.boundary.extension import Source
from coreline.boundary.facts import FileFacts, Reference
from coreline.boundary.packages import Metadata, facts_of, requirement_names, unreadable


def extract(source: Source) -> FileFacts:
    """Return the facts of a pyproject.toml."""
    import tomllib

    try:
        data = tomllib.loads(source.data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return unreadable(source, "TOML")
    project = _table(data, "project")
    needed = [*_texts(project.get("dependencies"))]
    needed += _texts(_table(data, "build-system").get("requires"))
    groups = [*_table(project, "optional-dependencies").values()]
    groups += _table(data, "dependency-groups").values()
    poetry = _table(_table(data, "tool"), "poetry")
    main = _table(poetry, "dependencies")
    needed += [name for name in main if not _table(main, name).get("optional")]
    of_groups = (_table(one, "dependencies") for one in _tables(_table(poetry, "group")))
    extra = [name for name in main if _table(main, name).get("optional")]
    extra += [name for one in (_table(poetry, "dev-dependencies"), *of_groups) for name in one]
    metadata = Metadata(
        licenses=tuple(_licenses(data, project)),
        needed=tuple(requirement_names(needed)),
        optional=tuple(requirement_names([*(t for one in groups for t in _texts(one)), *extra])),
    )
    facts = facts_of(source, metadata)
    return replace(facts, references=_references(source, metadata, facts))


def _references(source: Source, metadata: Metadata, facts: FileFacts) -> tuple[Reference, ...]:
    """Return what the metadata names, and what the keys of the tools say of paths."""
    named = [one for one in facts.references if one.needed or one.guard is not None]
    mentioned = [one for one in facts.references if not one.needed and one.guard is None]
    lines = {one.line for one in named}
    needed = (name for name in metadata.needed)
    paths = [one for one in places(source, mentioned, needed) if one.line not in lines]
    return in_order([*named, *paths])


def _licenses(data: dict[str, object], project: dict[str, object]) -> Iterator[tuple[str, str]]:
    """Yield what the keys of PEP 621, PEP 639 and Poetry say of the license."""
    poetry = _table(_table(data, "tool"), "poetry")
    for name, table in (("project", project), ("tool.poetry", poetry)):
        value = table.get("license")
        if isinstance(value, dict):
            value = value.get("text")
        if isinstance(value, str) and "\n" not in value.strip():
            yield f"{name}.license", value.strip()
        for text in _texts(table.get("classifiers")):
            if text.startswith("License ::"):
                yield f"{name}.classifiers", text


def _table(data: dict[str, object], key: str) -> dict[str, object]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _tables(table: dict[str, object]) -> list[dict[str, object]]:
    return [_table(table, key) for key in table]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from (one for one in value if isinstance(one, str))
