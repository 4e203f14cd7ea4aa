# SPDX-License-Identifier: Apache-2.0
"""Read an uploaded wheel or source distribution as little as possible, and trust nothing in it.

What is decompressed is bounded by the size of the upload, so a zip bomb costs its sender more than
us; names that would leave the folder into which a client unpacks are refused for all customers.
"""

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from email.errors import MessageError
from pathlib import PurePosixPath
from typing import IO, BinaryIO, Literal

from packaging.metadata import parse_email
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from coreline.errors import InputError

METADATA_BYTES_MAX = 1 << 20
ENTRIES_MAX = 100_000
UNPACKED_BYTES_FREE = 64 << 20
UNPACKED_RATIO_MAX = 50

# What the standard library raises on an archive made to break it.
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)

Kind = Literal["bdist_wheel", "sdist"]


@dataclass(frozen=True, slots=True)
class Package:
    """What a file says about itself.

    Attributes:
        name: normalized (PEP 503).
        metadata: the core metadata of a wheel; a source distribution's may still change, so None.
    """

    name: str
    version: str
    kind: Kind
    requires_python: str | None
    metadata: bytes | None


def read_package(filename: str, file: BinaryIO, size: int) -> Package:
    """Read name, version and metadata, and check that they agree with the file's name.

    Args:
        filename: the base name under which the file is to be served.
        file: the content, seekable.
        size: of the content in bytes.

    Raises:
        InputError: the name is not that of a wheel or a source distribution
            (``filename-invalid``), the archive cannot be read (``archive-unreadable``), unpacks to
            too much (``archive-bomb``) or outside its folder (``archive-path-outside``), or its
            metadata is missing, wrong or of another package (``metadata-invalid``).
    """
    kind, name, version = _parse(filename)
    allowed = max(UNPACKED_BYTES_FREE, UNPACKED_RATIO_MAX * size)
    file.seek(0)
    try:
        if kind == "bdist_wheel":
            content = _wheel_metadata(file, size, allowed)
        else:
            content = _sdist_metadata(file, allowed)
    except _BROKEN as error:
        raise InputError(
            "archive-unreadable",
            f"{filename} cannot be read: {error}.",
            "Build the package again; the upload may have been cut off.",
        ) from error
    requires_python = _check_metadata(content, filename, name, version)
    return Package(
        name, str(version), kind, requires_python, content if kind == "bdist_wheel" else None
    )


def _parse(filename: str) -> tuple[Kind, str, Version]:
    try:
        if filename.endswith(".whl"):
            name, version, _, _ = parse_wheel_filename(filename)
            return "bdist_wheel", name, version
        if filename.endswith(".tar.gz"):
            name, version = parse_sdist_filename(filename)
            return "sdist", name, version
    except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion) as error:
        raise _bad_filename(str(error)) from error
    raise _bad_filename(f"{filename!r} is neither a wheel (.whl) nor a source archive (.tar.gz)")


def _bad_filename(message: str) -> InputError:
    return InputError(
        "filename-invalid",
        f"{message.rstrip('.')}.",
        "Upload what `python -m build` or `uv build` made, under the name it gave.",
    )


def _wheel_metadata(file: BinaryIO, size: int, allowed: int) -> bytes:
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        _require_few(len(entries))
        names = [entry.filename for entry in entries]
        _require_inside(names)
        if len(set(names)) != len(names):
            # Readers differ in which of the two they take, so a scanner and pip would too.
            raise zipfile.BadZipFile("a name occurs twice")
        if sum(entry.compress_size for entry in entries) > size:
            raise zipfile.BadZipFile("entries overlap")
        if sum(entry.file_size for entry in entries) > allowed:
            raise _bomb()
        found = [name for name in names if _is_metadata(name, ".dist-info", "METADATA")]
        if len(found) != 1:
            raise _bad_metadata(f"The wheel has {len(found)} .dist-info/METADATA files, not one.")
        folder = found[0].removesuffix("METADATA")
        missing = [name for name in ("WHEEL", "RECORD") if folder + name not in names]
        if missing:
            # Clients refuse to install it (binary distribution format, "The .dist-info directory").
            raise _bad_metadata(f"The wheel has no {folder}{missing[0]}.")
        with archive.open(found[0]) as stream:
            return _bounded(stream)


def _sdist_metadata(file: BinaryIO, allowed: int) -> bytes:
    stream = _Bounded(gzip.GzipFile(fileobj=file, mode="rb"), allowed)
    content: bytes | None = None
    count = 0
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            count += 1
            _require_few(count)
            _require_inside([member.name])
            if content is None and _is_metadata(member.name, "", "PKG-INFO"):
                inside = archive.extractfile(member)
                content = _bounded(inside) if inside else None
    if content is None:
        raise _bad_metadata("The source archive has no PKG-INFO in its folder.")
    return content


class _Bounded(io.RawIOBase):
    """A stream that refuses to give more than a number of bytes."""

    def __init__(self, stream: gzip.GzipFile, allowed: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = allowed

    def read(self, size: int = -1) -> bytes:
        # One byte more than is left is enough to know that there is too much.
        wanted = self._left + 1 if size < 0 else min(size, self._left + 1)
        data = self._stream.read(wanted)
        self._left -= len(data)
        if self._left < 0:
            raise _bomb()
        return data


def _is_metadata(name: str, suffix: str, leaf: str) -> bool:
    parts = name.split("/")
    return len(parts) == 2 and parts[0].endswith(suffix) and parts[1] == leaf


def _require_few(count: int) -> None:
    if count > ENTRIES_MAX:
        raise InputError(
            "archive-bomb",
            f"The archive has more than {ENTRIES_MAX:,} entries.",
            "Split the package, or ship its data apart.",
        )


def _require_inside(names: Iterable[str]) -> None:
    for name in names:
        path = PurePosixPath(name)
        # A drive or a backslash is a path of its own where a customer runs Windows.
        if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name[:2]:
            raise InputError(
                "archive-path-outside",
                f"The archive holds {name!r}, which leads out of the folder it is unpacked into.",
                "Build the package again from clean sources.",
            )


def _bounded(stream: IO[bytes]) -> bytes:
    content = stream.read(METADATA_BYTES_MAX + 1)
    if len(content) > METADATA_BYTES_MAX:
        raise _bad_metadata(f"The metadata has more than {METADATA_BYTES_MAX >> 20} MiB.")
    return content


def _bomb() -> InputError:
    return InputError(
        "archive-bomb",
        "The archive unpacks to far more than its own size.",
        f"An archive may unpack to {UNPACKED_RATIO_MAX} times its size, or to "
        f"{UNPACKED_BYTES_FREE >> 20} MiB.",
    )


def _check_metadata(content: bytes, filename: str, name: str, version: Version) -> str | None:
    """Compare metadata with the file's name; return the Python versions it asks for."""
    try:
        raw, _ = parse_email(content)
        told = raw.get("name", ""), Version(raw.get("version", ""))
        requires_python = raw.get("requires_python")
        if requires_python is not None:
            # Clients parse it before they choose a file; one bad value spoils the whole index.
            SpecifierSet(requires_python)
    except (InvalidVersion, InvalidSpecifier, MessageError, ValueError) as error:
        raise _bad_metadata(f"The metadata of {filename} is not valid: {error}.") from error
    if (canonicalize_name(told[0]), told[1]) != (name, version):
        raise _bad_metadata(f"{filename} says inside that it is {told[0]} {told[1]}.")
    return requires_python


def _bad_metadata(sentence: str) -> InputError:
    return InputError(
        "metadata-invalid", sentence, "Build the package again with a current build backend."
    )
