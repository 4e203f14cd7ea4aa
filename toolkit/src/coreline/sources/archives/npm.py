# SPDX-License-Identifier: Apache-2.0
"""Packages of npm: a compressed tar file whose files are all in one folder, mostly package/."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from coreline.sources.archive import Archive, without_first
from coreline.sources.unpack.gunzip import Unpacked
from coreline.sources.unpack.limits import Budget
from coreline.sources.unpack.member import Member
from coreline.sources.unpack.packing import make_tar_gz
from coreline.sources.unpack.tars import walk_tar


def _walk(file: BinaryIO, budget: Budget) -> Iterator[Member]:
    return walk_tar(Unpacked(file, budget), budget)


def _example(files: Mapping[str, bytes]) -> bytes:
    named = {f"package/{path}": data for path, data in files.items()}
    package = b'{"name": "acme", "version": "1.0.0", "license": "Apache-2.0"}\n'
    return make_tar_gz({"package/package.json": package, **named})


ARCHIVE = Archive(
    name="npm",
    sentence="Packages of npm (.tgz).",
    suffixes=(".tgz",),
    walk=_walk,
    example=_example,
    root=without_first,
)
