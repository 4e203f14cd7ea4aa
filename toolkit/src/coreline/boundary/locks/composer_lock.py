# SPDX-License-Identifier: Apache-2.0
"""``composer.lock`` of Composer, which says the licenses: several of one package are a choice."""

from collections.abc import Iterator

import msgspec

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked
from coreline.boundary.locking import decode, strings


class _Package(msgspec.Struct):
    name: str
    version: object = ""
    license: object = ()
    dist: object = None


class _File(msgspec.Struct):
    packages: list[_Package] = []
    packages_dev: list[_Package] = msgspec.field(default_factory=list, name="packages-dev")


def _read(data: bytes) -> Iterator[Locked]:
    file = decode(data, _File)
    at, line = 0, 1
    for is_dev, packages in ((False, file.packages), (True, file.packages_dev or [])):
        for one in packages:
            found = data.find(b'"name": ' + msgspec.json.encode(one.name), at)
            if found >= 0:
                line, at = line + data.count(b"\n", at, found), found
            if isinstance(one.dist, dict) and one.dist.get("type") == "path":
                continue
            version = one.version if isinstance(one.version, str) else ""
            # The documentation of Composer's schema: an array is "or".
            license_ = " OR ".join(strings(one.license))
            yield Locked("composer", one.name, version, line, license_, is_dev)


LOCK = Lock(
    name="composer-lock",
    sentence="Composer's lock, with the licenses of the packages.",
    version=1,
    filenames=("composer.lock",),
    read=_read,
    examples=(
        LockExample(
            '{"packages": [\n{"name": "a/b", "version": "1.0", "license": ["MIT", "GPL-3.0-only"]}'
            '],\n"packages-dev": [\n{"name": "c/d", "version": "2.0", "license": ["BSD-3-Clause"]}'
            "]}",
            (
                Locked("composer", "a/b", "1.0", 2, "MIT OR GPL-3.0-only"),
                Locked("composer", "c/d", "2.0", 4, "BSD-3-Clause", True),
            ),
        ),
    ),
)
