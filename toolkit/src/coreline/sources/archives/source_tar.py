# SPDX-License-Identifier: Apache-2.0
"""Source archives: sdists of Python (PEP 625), and any tar file of a source tree."""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from coreline.sources.archive import Archive, without_first
from coreline.sources.unpack.gunzip import Unpacked
from coreline.sources.unpack.limits import Budget
from coreline.sources.unpack.member import Member
from coreline.sources.unpack.packing import make_tar_gz
from coreline.sources.unpack.tars import walk_tar

_INFO = b"Metadata-Version: 2.4\nName: acme\nVersion: 1.0\nLicense-Expression: Apache-2.0\n"


def _walk(file: BinaryIO, budget: Budget) -> Iterator[Member]:
    return walk_tar(Unpacked(file, budget), budget)


def _example(files: Mapping[str, bytes]) -> bytes:
    named = {f"acme-1.0/{path}": data for path, data in files.items()}
    return make_tar_gz({**named, "acme-1.0/PKG-INFO": _INFO})


ARCHIVE = Archive(
    name="source-tar",
    sentence="Sdists of Python and other source archives (.tar.gz, .tar.bz2, .tar.xz, .tar).",
    suffixes=(".tar.gz", ".tar.bz2", ".tar.xz", ".tar", ".tbz2", ".txz"),
    walk=_walk,
    example=_example,
    root=without_first,
)
