# SPDX-License-Identifier: Apache-2.0
"""``pylock.toml`` (PEP 751). Packages for developers carry a marker of their dependency groups."""

from collections.abc import Iterator

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked
from coreline.boundary.locking import blocks


def _read(data: bytes) -> Iterator[Locked]:
    for block in blocks(data, "packages"):
        marker = block.value("marker")
        is_own = block.raw("directory") is not None or "[packages.directory]" in block.text
        is_dev = "dependency_groups" in marker and "extras" not in marker
        if block.value("name") and not is_own:
            version = block.value("version")
            yield Locked("pypi", block.value("name"), version, block.line, is_dev=is_dev)


LOCK = Lock(
    name="pylock",
    sentence="Python's common lock (PEP 751). It says no licenses.",
    version=1,
    filenames=("pylock.toml", "pylock.*.toml"),
    read=_read,
    examples=(
        LockExample(
            'lock-version = "1.0"\n\n[[packages]]\nname = "a"\nversion = "1.0"\n\n'
            '[[packages]]\nname = "b"\nversion = "2.0"\nmarker = "\'dev\' in dependency_groups"\n\n'
            '[[packages]]\nname = "own"\ndirectory = { path = "." }\n',
            (Locked("pypi", "a", "1.0", 4), Locked("pypi", "b", "2.0", 8, "", True)),
        ),
    ),
)
