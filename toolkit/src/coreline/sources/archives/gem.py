# SPDX-License-Identifier: Apache-2.0
"""Gems of Ruby: a tar file of a compressed tar file, and of the specification as YAML."""

import gzip
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from coreline.sources.archive import Archive
from coreline.sources.unpack.gunzip import Unpacked
from coreline.sources.unpack.limits import DOCUMENT_BYTES_MAX, ArchiveError, Budget
from coreline.sources.unpack.member import Member, held
from coreline.sources.unpack.packing import make_tar, make_tar_gz
from coreline.sources.unpack.streams import Pieces, at_most
from coreline.sources.unpack.tars import walk_tar

SPECIFICATION = ".gem/metadata.yaml"
"""The path that the specification is given here."""


def _walk(file: BinaryIO, budget: Budget) -> Iterator[Member]:
    has_data = False
    for member in walk_tar(file, budget):
        if member.path == "data.tar.gz":
            has_data = True
            yield from walk_tar(Unpacked(Pieces(member.contents()), budget), budget)
        elif member.path == "metadata.gz":
            text = at_most(Unpacked(Pieces(member.contents()), budget), DOCUMENT_BYTES_MAX)
            yield Member(SPECIFICATION, "file", len(text), held(text))
    if not has_data:
        raise ArchiveError("it has no data.tar.gz")


def _example(files: Mapping[str, bytes]) -> bytes:
    specification = b"--- !ruby/object:Gem::Specification\nname: acme\nlicenses:\n- Apache-2.0\n"
    inner = {
        "metadata.gz": gzip.compress(specification, mtime=0),
        "data.tar.gz": make_tar_gz(files),
    }
    return make_tar(inner)


ARCHIVE = Archive(
    name="gem",
    sentence="Gems of Ruby (.gem).",
    suffixes=(".gem",),
    walk=_walk,
    example=_example,
)
