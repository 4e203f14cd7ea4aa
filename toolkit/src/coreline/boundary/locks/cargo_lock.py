# SPDX-License-Identifier: Apache-2.0
"""``Cargo.lock``. It does not say what is for developers only."""

from collections.abc import Iterator

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked
from coreline.boundary.locking import blocks


def _read(data: bytes) -> Iterator[Locked]:
    for block in blocks(data):
        # A crate without a source is of the workspace.
        if block.value("source") and block.value("name"):
            yield Locked("cargo", block.value("name"), block.value("version"), block.line)


LOCK = Lock(
    name="cargo-lock",
    sentence="Cargo's lock. It says neither licenses nor what is for tests.",
    version=1,
    filenames=("cargo.lock",),
    read=_read,
    examples=(
        LockExample(
            'version = 4\n\n[[package]]\nname = "own"\nversion = "0.1.0"\n\n'
            '[[package]]\nname = "serde"\nversion = "1.0.1"\nsource = "registry+x"\n',
            (Locked("cargo", "serde", "1.0.1", 8),),
        ),
    ),
)
