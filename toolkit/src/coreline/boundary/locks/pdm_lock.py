# SPDX-License-Identifier: Apache-2.0
"""``pdm.lock``. Its groups are of extras and of developers alike, told apart by their names."""

import re
from collections.abc import Iterator

from coreline.boundary.extension import Lock, LockExample
from coreline.boundary.facts import Locked
from coreline.boundary.locking import blocks, is_dev_group

_GROUP = re.compile(r'"([^"]*)"')


def _read(data: bytes) -> Iterator[Locked]:
    for block in blocks(data):
        groups = _GROUP.findall(block.raw("groups") or "")
        is_dev = bool(groups) and all(map(is_dev_group, groups))
        name = block.value("name")
        if name and not block.value("path"):
            yield Locked("pypi", name, block.value("version"), block.line, is_dev=is_dev)


LOCK = Lock(
    name="pdm-lock",
    sentence="PDM's lock. It says no licenses.",
    version=2,
    filenames=("pdm.lock",),
    read=_read,
    examples=(
        LockExample(
            '[metadata]\ngroups = ["default", "dev"]\n\n'
            '[[package]]\nname = "a"\nversion = "1.0"\ngroups = ["default", "dev"]\n\n'
            '[[package]]\nname = "b"\nversion = "2.0"\ngroups = ["dev"]\n',
            (Locked("pypi", "a", "1.0", 5), Locked("pypi", "b", "2.0", 10, "", True)),
        ),
    ),
)
