# SPDX-License-Identifier: Apache-2.0
"""Zip files of a source tree, as code hosts offer them for download."""

from collections.abc import Mapping

from coreline.sources.archive import Archive, without_first
from coreline.sources.unpack.packing import make_zip
from coreline.sources.unpack.zips import walk_zip


def _example(files: Mapping[str, bytes]) -> bytes:
    return make_zip({f"acme-main/{path}": data for path, data in files.items()})


ARCHIVE = Archive(
    name="source-zip",
    sentence="Zip files of a source tree (.zip).",
    suffixes=(".zip",),
    walk=walk_zip,
    example=_example,
    root=without_first,
)
