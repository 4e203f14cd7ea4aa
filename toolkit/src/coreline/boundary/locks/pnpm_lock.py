# SPDX-License-Identifier: Apache-2.0
"""``pnpm-lock.yaml``, of versions 5 to 9. Read by its lines: pnpm writes one key a line.

Up to version 6 a package says itself that it is for developers only; later ones are followed from
the packages of the workspace. Licenses are not in it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked
from coreline.boundary.locking import reached, rows

_KEY = re.compile(r"^( *)(?:'([^'\n]*)'|\"([^\"\n]*)\"|([^\s#'\"][^\n]*?)):(?: +(.*))?$")
# "/name/1.0.0", "/name@1.0.0(peer@2)", "name@1.0.0", "@scope/name@1.0.0".
_PACKAGE = re.compile(r"^/?((?:@[^/@]+/)?[^/@]+)[@/]v?([^(_/]+)")
_SHIPPED = ("dependencies", "optionalDependencies")


class _File:
    """What the lines say, gathered on the way down."""

    def __init__(self) -> None:
        self.packages: dict[str, int] = {}
        self.dev: set[str] = set()
        self.roots: list[str] = []
        self.edges: dict[str, list[str]] = defaultdict(list)
        self.has_snapshots = False


def _read(data: bytes) -> Iterator[Locked]:
    file = _scan(data)
    used = reached(file.roots, file.edges) if file.has_snapshots else set()
    kept = {_plain(one) for one in used}
    for key, line in file.packages.items():
        match = _PACKAGE.match(key)
        if match is not None and not match[2].startswith(("file:", "link:")):
            is_dev = _plain(key) not in kept if file.has_snapshots else key in file.dev
            yield Locked("npm", match[1], match[2], line, is_dev=is_dev)


def _plain(key: str) -> str:
    """Return a key without the peers that it was installed beside."""
    return key.partition("(")[0]


def _scan(data: bytes) -> _File:
    file = _File()
    path: list[str] = []
    for number, row in enumerate(rows(data), 1):
        match = _KEY.match(row)
        depth = len(match[1]) // 2 if match else 0
        if match is None or depth > len(path):
            continue
        key = match[2] or match[3] or match[4] or ""
        path[depth:] = [key]
        _take(file, path, (match[5] or "").strip("'\""), number)
    return file


def _take(file: _File, path: list[str], value: str, number: int) -> None:
    match path:
        case ["packages", key]:
            file.packages.setdefault(key, number)
        case ["packages", key, "dev"] if value == "true":
            file.dev.add(key)
        case ["snapshots"]:
            file.has_snapshots = True
        case ["snapshots", key, kind, name] if kind in _SHIPPED:
            file.edges[key].append(_pinned(name, value))
        case ["importers", _, kind, name, "version"] if kind in _SHIPPED:
            file.roots.append(_pinned(name, value))
        case _:
            pass


def _pinned(name: str, version: str) -> str:
    """Return the key of a package; an alias is pinned by the other package's whole key."""
    is_key = "@" in _plain(version)[1:]
    return version if is_key else f"{name}@{version}"


LOCK = Lock(
    name="pnpm-lock",
    sentence="pnpm's lock, of versions 5 to 9. It says no licenses.",
    version=1,
    filenames=("pnpm-lock.yaml",),
    read=_read,
    examples=(
        LockExample(
            "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n"
            "        specifier: ^1.0.0\n        version: 1.0.0(b@2.0.0)\n    devDependencies:\n"
            "      c:\n        specifier: ^3.0.0\n        version: 3.0.0\n\npackages:\n\n"
            "  a@1.0.0:\n    resolution: {integrity: x}\n\n  '@s/b@2.0.0':\n    hasBin: true\n\n"
            "  c@3.0.0:\n    hasBin: true\n\nsnapshots:\n\n  a@1.0.0(b@2.0.0):\n"
            "    dependencies:\n      '@s/b': 2.0.0\n\n  '@s/b@2.0.0': {}\n\n  c@3.0.0: {}\n",
            (
                Locked("npm", "a", "1.0.0", 17),
                Locked("npm", "@s/b", "2.0.0", 20),
                Locked("npm", "c", "3.0.0", 23, "", True),
            ),
        ),
        LockExample(
            "lockfileVersion: 5.4\npackages:\n  /a/1.0.0_b@2.0.0:\n    dev: false\n"
            "  /@s/c/3.0.0:\n    dev: true\n",
            (Locked("npm", "a", "1.0.0", 3), Locked("npm", "@s/c", "3.0.0", 5, "", True)),
        ),
        LockExample(
            "lockfileVersion: '6.0'\npackages:\n  /a@1.0.0(b@2.0.0):\n    dev: false\n",
            (Locked("npm", "a", "1.0.0", 3),),
        ),
    ),
)
