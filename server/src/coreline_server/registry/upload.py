# SPDX-License-Identifier: Apache-2.0
"""Take an upload: the form that twine and uv send (the legacy upload API), checked before kept.

The content is hashed while it is written to a draft; nothing is readable until all agrees: the
digests that the client gave, the file's name, its metadata, the manifest.
"""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from multipart import (  # type: ignore[import-untyped]  # The library ships no types.
    MultipartSegment,
    ParserError,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)
from packaging.version import InvalidVersion, Version

from coreline.errors import InputError
from coreline_server.registry.archives import Package, read_package
from coreline_server.registry.model import File
from coreline_server.registry.rules import is_name, normalized
from coreline_server.registry.store import Added, BlobStore, Draft, FileStore

FIELD_BYTES_MAX = 1 << 20
FIELDS_MAX = 512
PIECE_BYTES = 1 << 20


@dataclass(slots=True)
class _Hashes:
    """The digests that the upload API knows, over one content."""

    sha256: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    blake2: hashlib.blake2b = field(default_factory=lambda: hashlib.blake2b(digest_size=32))
    md5: "hashlib._Hash" = field(default_factory=lambda: hashlib.md5(usedforsecurity=False))

    def update(self, piece: bytearray) -> None:
        self.sha256.update(piece)
        self.blake2.update(piece)
        self.md5.update(piece)


@dataclass(slots=True)
class _Form:
    """The upload as it arrives."""

    file: BinaryIO
    size_max: int
    fields: dict[str, list[bytes]] = field(default_factory=dict)
    filename: str | None = None
    size: int = 0
    hashes: _Hashes = field(default_factory=_Hashes)
    pending: bytearray = field(default_factory=bytearray)
    segment: MultipartSegment | None = None

    def take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        """Take what the parser found. A field's value is kept, the content is collected."""
        if isinstance(event, MultipartSegment):
            self.segment = event
            if event.name == "content":
                if self.filename is not None:
                    raise _bad_form("The form has more than one file.")
                self.filename = event.filename or ""
        elif event is not None and self.segment is not None:
            self._data(self.segment.name or "", bytes(event))

    def _data(self, name: str, data: bytes) -> None:
        if name == "content":
            self.pending += data
            self.size += len(data)
            if self.size > self.size_max:
                raise InputError(
                    "body-too-large",
                    f"The file has more than {self.size_max >> 20} MiB.",
                    "Ship large data apart from the package, or raise the server's limit.",
                )
            return
        values = self.fields.setdefault(name, [])
        values.append(data)
        if sum(len(value) for value in values) > FIELD_BYTES_MAX:
            raise _bad_form(f"The field {name!r} is too long.")

    def write(self) -> None:
        """Hash and write what has been collected; runs beside the event loop."""
        self.hashes.update(self.pending)
        self.file.write(self.pending)
        self.pending.clear()

    def text(self, name: str) -> str:
        """Return a field's value, empty where it was not sent."""
        return b"".join(self.fields.get(name, [])).decode("utf-8", "replace").strip()


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of an upload."""

    project: str
    filename: str
    sha256: str
    new: bool


class Uploads:
    """Takes uploads.

    Args:
        files: where files are recorded.
        blobs: where contents are kept.
        packages: each known package's wrap, or None for core, by normalized name.
        size_max: of one file, in bytes.
    """

    def __init__(
        self,
        files: FileStore,
        blobs: BlobStore,
        packages: Mapping[str, str | None],
        size_max: int = 1 << 30,
    ) -> None:
        self._files = files
        self._blobs = blobs
        self._packages = packages
        self._size_max = size_max

    async def take(self, body: AsyncIterator[bytes], boundary: str, now: int) -> Uploaded:
        """Take one upload; durable when this returns.

        Args:
            body: the request's body, multipart/form-data.
            boundary: of its parts.
            now: seconds since 1970, UTC.

        Raises:
            InputError: the upload is refused; see ``read_package``, and ``upload-invalid``,
                ``upload-digest-mismatch``, ``package-unknown``, ``file-exists`` and
                ``body-too-large``.
        """
        draft = await asyncio.to_thread(self._blobs.draft)
        try:
            form = _Form(draft.file, self._size_max)
            await _receive(form, body, boundary)
            return await self._keep(form, draft, now)
        finally:
            await asyncio.to_thread(draft.discard)

    async def _keep(self, form: _Form, draft: Draft, now: int) -> Uploaded:
        filename = _check_form(form)
        self._require_known(form.text("name"))
        sha256 = _check_digests(form)
        package = await asyncio.to_thread(read_package, filename, draft.file, form.size)
        _check_claims(form, package)
        self._require_known(package.name)
        there = self._files.file(package.name, filename)
        if there is not None:
            return self._again(package.name, filename, sha256, there.sha256 == sha256)
        await asyncio.to_thread(draft.keep, sha256)
        metadata_sha256 = (
            await asyncio.to_thread(self._blobs.put, package.metadata) if package.metadata else None
        )
        file = File(
            filename=filename,
            version=package.version,
            sha256=sha256,
            size=form.size,
            uploaded_at=now,
            requires_python=package.requires_python,
            metadata_sha256=metadata_sha256,
        )
        added = await self._files.add(package.name, file)
        if added is Added.NEW:
            return Uploaded(package.name, filename, sha256, new=True)
        return self._again(package.name, filename, sha256, added is Added.SAME)

    def _again(self, project: str, filename: str, sha256: str, same: bool) -> Uploaded:
        if same:
            return Uploaded(project, filename, sha256, new=False)
        raise InputError(
            "file-exists",
            f"File already exists: {filename} was uploaded before with other content.",
            "A released file never changes. Raise the version and upload that.",
        )

    def _require_known(self, name: str) -> None:
        if not is_name(name) or normalized(name) not in self._packages:
            known = ", ".join(sorted(self._packages)) or "none"
            raise InputError(
                "package-unknown",
                f"The manifest knows no package {name!r}.",
                f"Add it to `packages` of [core] or of a wrap in coreline.toml (known: {known}), "
                "then restart the server with that manifest.",
            )


def boundary_of(content_type: str) -> str:
    """Return the boundary of a form's parts.

    Raises:
        InputError: the body is not multipart/form-data (``upload-invalid``).
    """
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise _bad_form("The upload is not multipart/form-data.")
    return str(options["boundary"])


async def _receive(form: _Form, body: AsyncIterator[bytes], boundary: str) -> None:
    try:
        with PushMultipartParser(boundary, max_segment_count=FIELDS_MAX, strict=True) as parser:
            async for chunk in body:
                for event in parser.parse(chunk) if chunk else ():
                    form.take(event)
                if len(form.pending) >= PIECE_BYTES:
                    await asyncio.to_thread(form.write)
    except (ParserError, ParserLimitReached) as error:
        raise _bad_form(f"The form cannot be read: {error}.") from error
    await asyncio.to_thread(form.write)


def _check_form(form: _Form) -> str:
    if form.text(":action") != "file_upload":
        raise _bad_form(f"The action is {form.text(':action')!r}, not 'file_upload'.")
    if not form.filename:
        raise _bad_form("The form has no file in its field `content`.")
    if "/" in form.filename or "\\" in form.filename:
        raise _bad_form("The file's name is a path.")
    return form.filename


def _check_digests(form: _Form) -> str:
    """Compare the digests that the client sent; return the SHA-256."""
    for name, got in (
        ("sha256_digest", form.hashes.sha256.hexdigest()),
        ("blake2_256_digest", form.hashes.blake2.hexdigest()),
        ("md5_digest", form.hashes.md5.hexdigest()),
    ):
        told = form.text(name).lower()
        if told and not hmac.compare_digest(told.encode(), got.encode()):
            raise InputError(
                "upload-digest-mismatch",
                f"The content that arrived has another {name} than the form says.",
                "The upload was changed or cut off on its way: try again.",
            )
    return form.hashes.sha256.hexdigest()


def _check_claims(form: _Form, package: Package) -> None:
    """Compare what the form says about the package with what the file itself says."""
    for name, told, is_true in (
        ("name", form.text("name"), normalized(form.text("name")) == package.name),
        ("version", form.text("version"), _same_version(form.text("version"), package.version)),
        ("filetype", form.text("filetype"), form.text("filetype") in ("", package.kind)),
    ):
        if not is_true:
            raise _bad_form(f"The form says {name} {told!r}; the file says otherwise.")


def _same_version(told: str, version: str) -> bool:
    try:
        return Version(told) == Version(version)
    except InvalidVersion:
        return False


def _bad_form(sentence: str) -> InputError:
    return InputError("upload-invalid", sentence, "Upload with twine or `uv publish`.")
