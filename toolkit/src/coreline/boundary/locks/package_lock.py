# SPDX-License-Identifier: Apache-2.0
"""``package-lock.json`` and ``npm-shrinkwrap.json`` of npm, of every version (1 to 3)."""

from collections.abc import Iterator

import msgspec

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked
from coreline.boundary.locking import Lines, decode, strings


class _Package(msgspec.Struct):
    name: object = None
    version: object = None
    license: object = None
    dev: object = False
    link: object = False
    dependencies: object = None


class _File(msgspec.Struct):
    packages: dict[str, _Package] | None = None
    dependencies: dict[str, "_Nested"] | None = None


class _Nested(msgspec.Struct):
    version: object = None
    dev: object = False
    dependencies: dict[str, "_Nested"] | None = None


_FOLDER = "node_modules/"


def _read(data: bytes) -> Iterator[Locked]:
    file = decode(data, _File)
    lines = Lines(data, b"{")
    if file.packages is None:
        yield from _nested(file.dependencies or {}, lines)
        return
    for key, one in file.packages.items():
        line = lines.of(key)
        # Outside node_modules/ are the packages of the workspace, which links lead to.
        if _FOLDER not in key or one.link is True or not isinstance(one.version, str):
            continue
        # An alias ("npm:other@1") is installed in a folder of another name.
        name = one.name if isinstance(one.name, str) else key.rpartition(_FOLDER)[2]
        yield Locked("npm", name, one.version, line, _license(one.license), one.dev is True)


def _nested(tables: dict[str, _Nested], lines: Lines) -> Iterator[Locked]:
    """Yield the packages of the first version, which has them below those that need them."""
    waiting = [iter(tables.items())]
    while waiting:
        name, one = next(waiting[-1], ("", None))
        if one is None:
            waiting.pop()
            continue
        line = lines.of(name)
        version = one.version
        if isinstance(version, str) and not version.startswith(("file:", "link:")):
            yield Locked("npm", name, version, line, is_dev=one.dev is True)
        waiting.append(iter((one.dependencies or {}).items()))


def _license(value: object) -> str:
    """Return a license as old packages write it too: an object, or a list of a choice."""
    if isinstance(value, dict):
        value = value.get("type")
    if isinstance(value, list):
        value = [one.get("type") if isinstance(one, dict) else one for one in value]
    return " OR ".join(strings(value))


LOCK = Lock(
    name="package-lock",
    sentence="npm's lock; from version 2 on it says the licenses too.",
    version=1,
    filenames=("package-lock.json", "npm-shrinkwrap.json"),
    read=_read,
    examples=(
        LockExample(
            '{"lockfileVersion": 3, "packages": {\n'
            '"": {"name": "shop", "version": "1.0.0", "license": "MIT"},\n'
            '"node_modules/pad": {"version": "1.3.0", "license": "WTFPL"},\n'
            '"node_modules/@s/x/node_modules/y": {"version": "2.0.0", "dev": true},\n'
            '"node_modules/own": {"resolved": "packages/own", "link": true},\n'
            '"node_modules/old": {"version": "0.1.0", "license": [{"type": "MIT"}, "ISC"]}\n}}',
            (
                Locked("npm", "pad", "1.3.0", 3, "WTFPL"),
                Locked("npm", "y", "2.0.0", 4, "", True),
                Locked("npm", "old", "0.1.0", 6, "MIT OR ISC"),
            ),
        ),
        LockExample(
            '{"lockfileVersion": 1, "dependencies": {\n"a": {"version": "1.0.0",\n'
            '"dependencies": {\n"b": {"version": "2.0.0", "dev": true}}}}}',
            (Locked("npm", "a", "1.0.0", 2), Locked("npm", "b", "2.0.0", 4, "", True)),
        ),
    ),
)
