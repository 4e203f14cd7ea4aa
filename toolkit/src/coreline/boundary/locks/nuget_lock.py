# SPDX-License-Identifier: Apache-2.0
"""``packages.lock.json`` of NuGet. It says neither licenses nor what is for tests."""

from collections.abc import Iterator

import msgspec

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked
from coreline.boundary.locking import Lines, decode


class _File(msgspec.Struct):
    dependencies: dict[str, dict[str, dict[str, object]]] = {}


def _read(data: bytes) -> Iterator[Locked]:
    lines = Lines(data, b"{")
    seen: set[tuple[str, str]] = set()
    for framework in decode(data, _File).dependencies.values():
        for name, row in framework.items():
            line = lines.of(name)
            version = row.get("resolved")
            if row.get("type") != "Project" and isinstance(version, str):
                if (name, version) not in seen:
                    yield Locked("nuget", name, version, line)
                seen.add((name, version))


LOCK = Lock(
    name="nuget-lock",
    sentence="NuGet's lock. It says neither licenses nor what is for tests.",
    version=1,
    filenames=("packages.lock.json",),
    read=_read,
    examples=(
        LockExample(
            '{\n"version": 1,\n"dependencies": {\n"net8.0": {\n"A.B": {\n"type": "Direct",\n'
            '"resolved": "1.0.0"\n},\n"own": {\n"type": "Project"\n}\n}\n}\n}\n',
            (Locked("nuget", "A.B", "1.0.0", 5),),
        ),
    ),
)
