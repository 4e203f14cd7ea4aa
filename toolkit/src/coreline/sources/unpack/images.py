# SPDX-License-Identifier: Apache-2.0
"""Container images read layer by layer: the documents that name the layers, and their files.

An image names its parts by the SHA-256 of their content and by their size (OCI image-spec 1.1);
both are held against what is really there. Marks of deleted files (whiteouts) are yielded as they
come: what they hide was shipped all the same.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from coreline.sources.unpack.gunzip import Unpacked
from coreline.sources.unpack.limits import (
    CHUNK_BYTES,
    DOCUMENT_BYTES_MAX,
    LAYERS_MAX,
    ArchiveError,
    Budget,
    Stream,
)
from coreline.sources.unpack.member import Member
from coreline.sources.unpack.streams import Pieces, Section, at_most
from coreline.sources.unpack.tars import walk_tar

WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"

_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_NESTED_MAX = 3


class Parts(Protocol):
    """The files of an image: documents and layers, by their names."""

    def names(self) -> Iterable[str]:
        """Return all names."""
        ...

    def opened(self, name: str) -> AbstractContextManager[Stream]:
        """Open one; an ``ArchiveError`` where there is none."""
        ...


class _Layer(NamedTuple):
    name: str
    label: str
    digest: str
    size: int | None


class FolderParts:
    """An image in a folder (OCI image layout). Links are not followed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> Iterable[str]:
        """Return the names of the documents that can be at the top."""
        return [one for one in ("oci-layout", "index.json") if (self._folder / one).is_file()]

    @contextmanager
    def opened(self, name: str) -> Iterator[Stream]:
        """Open a file."""
        try:
            descriptor = os.open(self._folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise ArchiveError(f"{name} of it cannot be read: {error.strerror}") from error
        with os.fdopen(descriptor, "rb") as file:
            yield file


class TarParts:
    """An image in a tar file, plain or compressed (docker save, an OCI archive)."""

    def __init__(self, file: BinaryIO, budget: Budget) -> None:
        self._file = file
        self._budget = budget
        file.seek(0)
        self._places = self._plain_places() if not _is_compressed(file) else None

    def _plain_places(self) -> dict[str, tuple[int, int]]:
        """Return where the files of a plain tar file are."""
        self._file.seek(0)
        places: dict[str, tuple[int, int]] = {}
        links: dict[str, str] = {}
        for member in walk_tar(_Seeking(self._file), self._budget):
            if member.kind == "link":
                # Old archives link layers that are the same.
                folder = member.path.rpartition("/")[0]
                links[member.path] = os.path.normpath(f"{folder}/{member.target}")
            elif member.kind == "hardlink":
                links[member.path] = member.target
            places[member.path] = (self._file.tell(), member.size)
        return places | {at: places[to] for at, to in links.items() if to in places}

    def names(self) -> Iterable[str]:
        """Return all names."""
        return self._places if self._places is not None else [one.path for one in self._walk()]

    def _walk(self) -> Iterator[Member]:
        self._file.seek(0)
        return walk_tar(Unpacked(self._file, self._budget), self._budget)

    @contextmanager
    def opened(self, name: str) -> Iterator[Stream]:
        """Open a file of it."""
        if self._places is not None:
            if name not in self._places:
                raise ArchiveError(f"{name} of it is missing")
            yield Section(self._file, *self._places[name])
            return
        found = next((one for one in self._walk() if one.path == name), None)
        if found is None:
            raise ArchiveError(f"{name} of it is missing")
        yield Pieces(found.contents())


class _Seeking:
    """A file whose contents can be passed over without being read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._length = file.seek(0, os.SEEK_END)
        file.seek(0)

    def read(self, size: int, /) -> bytes:
        return self._file.read(size)

    def skip(self, size: int, /) -> None:
        at = self._file.tell() + size
        if at > self._length:
            raise ArchiveError("it ends in the middle")
        self._file.seek(at)


def _is_compressed(file: BinaryIO) -> bool:
    head = file.read(6)
    file.seek(0)
    return head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ"))


def walk_image(parts: Parts, budget: Budget) -> Iterator[Member]:
    """Yield the files of an image, its layers from the lowest to the highest.

    Args:
        parts: the files that make up the image.
        budget: what the entries count against.

    Raises:
        ArchiveError: a document or a layer is missing, or not what the image says of it.
    """
    layers = _layers(parts, set(parts.names()))
    if len(layers) > LAYERS_MAX:
        raise ArchiveError(f"it has more than {LAYERS_MAX} layers")
    for number, layer in enumerate(layers, 1):
        label = f"layer-{number}-{layer.label}"
        with parts.opened(layer.name) as stream:
            counted = _Counted(stream)
            for member in walk_tar(Unpacked(counted, budget), budget):
                name = member.path.rpartition("/")[2]
                kind = "whiteout" if name.startswith(WHITEOUT) else member.kind
                yield member._replace(kind=kind, layer=label)
            counted.hold_against(layer)


class _Counted:
    """A stream whose bytes are counted and hashed while they are read."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._digest = sha256()
        self._size = 0

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        self._size += len(data)
        self._digest.update(data)
        return data

    def hold_against(self, layer: _Layer) -> None:
        """Read what is left, and refuse a layer that is not what the image says of it."""
        while self.read(CHUNK_BYTES):
            pass
        if layer.size is not None and self._size != layer.size:
            raise ArchiveError(
                f"the layer {layer.label} has {self._size:,} bytes, and the image says "
                f"{layer.size:,}"
            )
        if layer.digest and self._digest.hexdigest() != layer.digest:
            raise ArchiveError(f"the layer {layer.label} is not the one that the image names")


def _layers(parts: Parts, names: set[str]) -> list[_Layer]:
    if "index.json" in names:
        return _oci_layers(parts, _document(parts, "index.json"), 0)
    if "manifest.json" in names:
        return _docker_layers(_document(parts, "manifest.json"))
    raise ArchiveError("it has neither an index.json nor a manifest.json")


def _oci_layers(parts: Parts, document: object, depth: int) -> list[_Layer]:
    """Return the layers of all images of an index; those of several platforms one after another."""
    if depth > _NESTED_MAX:
        raise ArchiveError("its indexes name each other without an end")
    found: list[_Layer] = []
    for one in _rows(document, "manifests"):
        name, digest, size = _named(one)
        inner = _document(parts, name, digest, size)
        if _rows(inner, "manifests"):
            found += _oci_layers(parts, inner, depth + 1)
        for layer in _rows(inner, "layers"):
            path, digest, size = _named(layer)
            found.append(_Layer(path, digest[:12], digest, size))
        if len(found) > LAYERS_MAX:
            break
    return list(dict.fromkeys(found))


def _docker_layers(document: object) -> list[_Layer]:
    images = document if isinstance(document, list) else []
    found: list[_Layer] = []
    for image in images:
        paths = image.get("Layers") if isinstance(image, dict) else None
        for path in paths if isinstance(paths, list) else ():
            label = str(path).removesuffix("/layer.tar").rpartition("/")[2][:12]
            found.append(_Layer(str(path), label, "", None))
    return list(dict.fromkeys(found))


def _rows(document: object, key: str) -> list[Mapping[str, object]]:
    rows = document.get(key) if isinstance(document, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _named(row: Mapping[str, object]) -> tuple[str, str, int | None]:
    match = _DIGEST.fullmatch(str(row.get("digest")))
    if match is None:
        raise ArchiveError(
            f"it names a part by {str(row.get('digest'))[:100]!r}, which is not read"
        )
    size = row.get("size")
    return f"blobs/sha256/{match[1]}", match[1], size if isinstance(size, int) else None


def _document(parts: Parts, name: str, digest: str = "", size: int | None = None) -> object:
    with parts.opened(name) as stream:
        data = at_most(stream, DOCUMENT_BYTES_MAX)
    if (size is not None and len(data) != size) or (digest and sha256(data).hexdigest() != digest):
        raise ArchiveError(f"{name} of it is not what the index says")
    try:
        document: object = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ArchiveError(f"{name} of it is no JSON") from error
    return document
