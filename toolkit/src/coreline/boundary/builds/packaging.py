# SPDX-License-Identifier: Apache-2.0
"""Paths in ``pyproject.toml``: which of them a build or an installation fails without.

By each tool's own behavior: uv, Poetry and setuptools stop where a path that they were given does
not exist; hatch stops for ``force-include`` alone and leaves other paths out without a word; test
runners, type checkers and linters are no build. What a key excludes, or forbids (as the contracts
of import-linter do), is no reference.
"""

from collections.abc import Iterable, Iterator

from coreline.boundary.builds.toml import Toml
from coreline.boundary.builds.words import as_path, bare, clean, reference, value_at
from coreline.boundary.extension import Source
from coreline.boundary.facts import Reference
from coreline.boundary.names import normalize
from coreline.boundary.text import Lines

_LEFT_OUT = ("exclu", "omit", "ignor", "skip", "forbidden", "importlinter", "tach")
_NEEDED: tuple[tuple[str, ...], ...] = (
    ("tool", "uv", "workspace", "members"),
    ("tool", "hatch", "build", "*", "force-include"),
    ("tool", "setuptools", "packages"),
    ("tool", "setuptools", "package-dir"),
    ("tool", "setuptools", "py-modules"),
    ("tool", "setuptools", "dynamic"),
    ("tool", "poetry", "packages"),
    ("tool", "maturin", "manifest-path"),
    ("tool", "flit", "module"),
    ("project", "dependencies"),
    ("build-system",),
)
_EXTRA: tuple[tuple[str, ...], ...] = (
    ("tool", "poetry", "group"),
    ("tool", "poetry", "dev-dependencies"),
    ("tool", "pdm", "dev-dependencies"),
    ("project", "optional-dependencies"),
    ("dependency-groups",),
)
_MODULES = ("packages", "py-modules", "attr", "dependencies", "requires")
"""Keys whose values are names of modules or distributions; the others hold paths."""
_SOURCES = (("tool", "uv", "sources"), ("tool", "poetry", "dependencies"))


def places(
    source: Source, mentions: Iterable[Reference], needed: Iterable[str]
) -> Iterator[Reference]:
    """Yield what the keys of a file say of the paths and modules in it.

    Args:
        source: the file.
        mentions: what else names a wrap in it; kept where no key says more.
        needed: the distributions that the package needs.
    """
    toml = Toml(source.data)
    names = {normalize(name) for name in needed}
    lines = Lines(source.data)
    spans: dict[tuple[int, int], tuple[str, ...] | None] = {}
    for hit in sorted([*source.hits, *bare(source)]):
        keys = toml.keys(*hit)
        at, text = value_at(source.data, hit)
        place = lines.place(at)
        spans[place.line, place.column] = keys
        role = None if keys is None or _is_left_out(keys) else _role(keys, names)
        if role is not None and "*" not in text:
            guard = "extra" if role == "extra" else None
            path = clean(text) if keys and keys[-1] in _MODULES else as_path(text)
            yield reference(lines, at, path, needed=guard is None, guard=guard)
    for one in mentions:
        keys = spans.get((one.line, one.column), ())
        if keys is not None and not _is_left_out(keys) and _role(keys, names) is None:
            yield one


def _is_left_out(keys: tuple[str, ...]) -> bool:
    return any(word in key.lower() for key in keys for word in _LEFT_OUT)


def _role(keys: tuple[str, ...], names: set[str]) -> str | None:
    """Return whether a value is "needed" or an "extra", None where it is a mention."""
    for table in _SOURCES:
        if keys[: len(table)] == table and len(keys) > len(table):
            is_path = keys[-1] in ("path", "subdirectory")
            return (
                None
                if not is_path
                else "needed"
                if normalize(keys[len(table)]) in names
                else "extra"
            )
    if any(_begins(keys, table) for table in _EXTRA):
        return "extra"
    # Where packages are searched for, a folder that does not exist holds none.
    if any(_begins(keys, table) for table in _NEEDED) and "find" not in keys:
        return "needed"
    return None


def _begins(keys: tuple[str, ...], table: tuple[str, ...]) -> bool:
    """Whether keys begin with a table's; a star is any number of keys."""
    if "*" not in table:
        return keys[: len(table)] == table
    star = table.index("*")
    return keys[:star] == table[:star] and table[star + 1] in keys[star:]
