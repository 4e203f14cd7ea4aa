# SPDX-License-Identifier: Apache-2.0
"""Zip files of Go modules: every file below ``MODULE@VERSION/`` (Go Modules Reference)."""

import re
import zipfile
from collections.abc import Mapping
from typing import BinaryIO

from coreline.sources.archive import Archive
from coreline.sources.unpack.packing import make_zip
from coreline.sources.unpack.zips import walk_zip

_PREFIX = re.compile(r"[^@]+@v\d[^/@]*/")


def _is_kind(file: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return bool(names) and all(_PREFIX.match(name) for name in names)


def _example(files: Mapping[str, bytes]) -> bytes:
    return make_zip({f"example.com/acme@v1.0.0/{path}": data for path, data in files.items()})


ARCHIVE = Archive(
    name="go-module",
    sentence="Zip files of Go modules, as module proxies serve them (.zip).",
    suffixes=(".zip",),
    walk=walk_zip,
    example=_example,
    root=lambda path: _PREFIX.sub("", path, count=1),
    is_kind=_is_kind,
)
