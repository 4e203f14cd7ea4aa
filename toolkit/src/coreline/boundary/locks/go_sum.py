# SPDX-License-Identifier: Apache-2.0
"""``go.sum``: the modules whose contents were verified, so a build or its tests used them."""

from collections.abc import Iterator

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked
from coreline.boundary.locking import rows


def _read(data: bytes) -> Iterator[Locked]:
    # Versions of a module follow one another in order; the newest is the one that is built.
    found: dict[str, Locked] = {}
    for number, row in enumerate(rows(data), 1):
        parts = row.split()
        if not parts:
            continue
        if len(parts) != 3 or not parts[2].startswith("h1:"):
            raise ValueError("no go.sum")
        if not parts[1].endswith("/go.mod"):
            found[parts[0]] = Locked("go", parts[0], parts[1], number)
    yield from found.values()


LOCK = Lock(
    name="go-sum",
    sentence="Go's checksums. They say neither licenses nor what is for tests.",
    version=1,
    filenames=("go.sum",),
    read=_read,
    examples=(
        LockExample(
            "example.com/a v1.0.0 h1:x=\nexample.com/a v1.0.0/go.mod h1:x=\n"
            "example.com/a v1.1.0 h1:x=\nexample.com/b v2.0.0/go.mod h1:x=\n",
            (Locked("go", "example.com/a", "v1.1.0", 3),),
        ),
    ),
)
