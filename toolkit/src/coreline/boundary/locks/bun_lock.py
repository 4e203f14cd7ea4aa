# SPDX-License-Identifier: Apache-2.0
"""``bun.lock`` of Bun: JSON with commas at the ends. The binary ``bun.lockb`` cannot be read."""

import re
from collections.abc import Iterator, Mapping

import msgspec

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked
from coreline.boundary.locking import Lines, decode, reached

_TRAILING = re.compile(rb",(?=\s*[}\]])")
_SHIPPED = ("dependencies", "optionalDependencies", "peerDependencies")


class _File(msgspec.Struct):
    workspaces: dict[str, dict[str, object]] = {}
    packages: dict[str, list[object]] = {}


def _read(data: bytes) -> Iterator[Locked]:
    file = decode(_TRAILING.sub(b"", data), _File)
    lines = Lines(data, b"[")
    used = _used(file)
    for key, row in file.packages.items():
        line = lines.of(key)
        name, at, version = row[0].rpartition("@") if row and isinstance(row[0], str) else ("",) * 3
        if name and at and not version.startswith(("workspace:", "link:", "file:")):
            yield Locked("npm", name, version, line, is_dev=key not in used)


def _used(file: _File) -> set[str]:
    """Return the keys of the packages that are more than a developer's tool."""
    edges = {
        key: [found for name in _names(row) if (found := _resolve(file.packages, key, name))]
        for key, row in file.packages.items()
    }
    roots = [name for table in file.workspaces.values() for name in _shipped(table)]
    return reached(roots, edges)


def _names(row: list[object]) -> list[str]:
    return [name for one in row if isinstance(one, dict) for name in _shipped(one)]


def _shipped(table: Mapping[str, object]) -> list[str]:
    tables = (table.get(kind) for kind in _SHIPPED)
    return [name for one in tables if isinstance(one, dict) for name in one]


def _resolve(packages: Mapping[str, object], key: str, name: str) -> str | None:
    """Return the key that a package finds a name by: the nearest one above it."""
    above = key
    while above:
        if f"{above}/{name}" in packages:
            return f"{above}/{name}"
        above = above.rpartition("/")[0]
    return name if name in packages else None


LOCK = Lock(
    name="bun-lock",
    sentence="Bun's lock. It says no licenses.",
    version=1,
    filenames=("bun.lock",),
    read=_read,
    examples=(
        LockExample(
            '{\n"lockfileVersion": 1,\n"workspaces": {"": {"name": "shop",\n'
            '"dependencies": {"a": "^1.0.0",},\n"devDependencies": {"c": "^3.0.0",},},},\n'
            '"packages": {\n"a": ["a@1.0.0", "", {"dependencies": {"@s/b": "2"}}, "x"],\n'
            '"@s/b": ["@s/b@2.0.0", "", {}, "x"],\n"c": ["c@3.0.0", "", {}, "x"],\n'
            '"own": ["own@workspace:packages/own"],\n}\n}\n',
            (
                Locked("npm", "a", "1.0.0", 7),
                Locked("npm", "@s/b", "2.0.0", 8),
                Locked("npm", "c", "3.0.0", 9, "", True),
            ),
        ),
    ),
)
