# SPDX-License-Identifier: Apache-2.0
"""Container images: an OCI layout, as a folder or a tar file, and what ``docker save`` writes."""

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from coreline.sources.archive import Archive, Walk
from coreline.sources.unpack.gunzip import Unpacked
from coreline.sources.unpack.images import FolderParts, TarParts, walk_image
from coreline.sources.unpack.limits import ArchiveError, Budget
from coreline.sources.unpack.member import Member
from coreline.sources.unpack.packing import make_tar, make_tar_gz
from coreline.sources.unpack.tars import walk_tar

_FIRST = re.compile(
    r"^(blobs/|oci-layout$|index\.json$|manifest\.json$|repositories$|[0-9a-f]{64}|[^/]+/layer\.tar$)"
)
_PYTHON = re.compile(r"^.*/(?:site|dist)-packages/")


def _walk(file: BinaryIO, budget: Budget) -> Iterator[Member]:
    return walk_image(TarParts(file, budget), budget)


def _is_kind(file: BinaryIO) -> bool:
    """Whether a tar file is an image, by the first name in it."""
    budget = Budget(1 << 20)
    try:
        first = next(walk_tar(Unpacked(file, budget), budget), None)
    except ArchiveError:
        return False
    return first is not None and _FIRST.match(first.path) is not None


def _folder(folder: Path) -> Walk | None:
    if not (folder / "oci-layout").is_file() or not (folder / "index.json").is_file():
        return None
    return lambda _file, budget: walk_image(FolderParts(folder), budget)


def _example(files: Mapping[str, bytes]) -> bytes:
    layer = make_tar_gz({f"app/{path}": data for path, data in files.items()})
    parts: dict[str, bytes] = {}

    def add(data: bytes) -> dict[str, object]:
        digest = sha256(data).hexdigest()
        parts[f"blobs/sha256/{digest}"] = data
        return {"digest": f"sha256:{digest}", "size": len(data)}

    manifest = json.dumps({"schemaVersion": 2, "layers": [add(layer)]}).encode()
    index = json.dumps({"schemaVersion": 2, "manifests": [add(manifest)]}).encode()
    version = b'{"imageLayoutVersion": "1.0.0"}'
    return make_tar({"oci-layout": version, "index.json": index, **parts})


ARCHIVE = Archive(
    name="image",
    sentence="Container images: OCI layouts (a folder or .tar) and docker save (.tar).",
    suffixes=(".tar", ".tar.gz", ".tgz", ".oci"),
    walk=_walk,
    example=_example,
    root=lambda path: _PYTHON.sub("", path),
    has_license=False,
    is_kind=_is_kind,
    folder=_folder,
)
