# SPDX-License-Identifier: Apache-2.0
"""``poetry.lock``. Versions 1.5 to 1.8 of Poetry did not say what is for developers only."""

import re
from collections.abc import Iterator

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked
from coreline.boundary.locking import blocks, is_dev_group

_GROUP = re.compile(r'"([^"]*)"')


def _read(data: bytes) -> Iterator[Locked]:
    for block in blocks(data):
        groups = _GROUP.findall(block.raw("groups") or "")
        is_dev = block.value("category") == "dev" or (
            bool(groups) and all(map(is_dev_group, groups))
        )
        name = block.value("name")
        # A package of the repository has a directory as its source.
        if name and 'type = "directory"' not in block.text:
            yield Locked("pypi", name, block.value("version"), block.line, is_dev=is_dev)


LOCK = Lock(
    name="poetry-lock",
    sentence="Poetry's lock. It says no licenses.",
    version=2,
    filenames=("poetry.lock",),
    read=_read,
    examples=(
        LockExample(
            '# @generated\n\n[[package]]\nname = "a"\nversion = "1.0"\ngroups = ["main", "dev"]\n\n'
            '[[package]]\nname = "b"\nversion = "2.0"\ngroups = ["dev"]\n\n'
            '[[package]]\nname = "own"\nversion = "0"\n\n[package.source]\ntype = "directory"\n\n'
            '[metadata]\nlock-version = "2.1"\n',
            (Locked("pypi", "a", "1.0", 4), Locked("pypi", "b", "2.0", 9, "", True)),
        ),
        LockExample(
            '[[package]]\nname = "a"\nversion = "1.0"\ncategory = "dev"\n',
            (Locked("pypi", "a", "1.0", 2, "", True),),
        ),
    ),
)
