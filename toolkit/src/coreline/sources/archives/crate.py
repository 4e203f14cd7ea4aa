# SPDX-License-Identifier: Apache-2.0
"""Crates of Rust: a compressed tar file whose files are all in the folder name-version/."""

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
    named = {f"acme-1.0.0/{path}": data for path, data in files.items()}
    cargo = b'[package]\nname = "acme"\nversion = "1.0.0"\nlicense = "Apache-2.0"\n'
    return make_tar_gz({"acme-1.0.0/Cargo.toml": cargo, **named})


ARCHIVE = Archive(
    name="crate",
    sentence="Crates of Rust (.crate).",
    suffixes=(".crate",),
    walk=_walk,
    example=_example,
    root=without_first,
)
