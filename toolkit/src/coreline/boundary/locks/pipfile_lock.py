# SPDX-License-Identifier: Apache-2.0
"""``Pipfile.lock`` of Pipenv."""

from collections.abc import Iterator

import msgspec

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked
from coreline.boundary.locking import Lines, decode


class _File(msgspec.Struct):
    default: dict[str, dict[str, object]] = {}
    develop: dict[str, dict[str, object]] = {}


def _read(data: bytes) -> Iterator[Locked]:
    file = decode(data, _File)
    lines = Lines(data, b"{")
    for is_dev, table in ((False, file.default), (True, file.develop)):
        for name, row in table.items():
            line = lines.of(name)
            version = row.get("version")
            if "path" not in row:
                text = version.lstrip("=") if isinstance(version, str) else ""
                yield Locked("pypi", name, text, line, is_dev=is_dev)


LOCK = Lock(
    name="pipfile-lock",
    sentence="Pipenv's lock. It says no licenses.",
    version=1,
    filenames=("pipfile.lock",),
    read=_read,
    examples=(
        LockExample(
            '{\n"default": {\n"a": {\n"hashes": [],\n"version": "==1.0"\n}\n},\n'
            '"develop": {\n"b": {\n"version": "==2.0"\n}\n}\n}\n',
            (Locked("pypi", "a", "1.0", 3), Locked("pypi", "b", "2.0", 9, "", True)),
        ),
    ),
)
