# SPDX-License-Identifier: Apache-2.0
"""The desk where packages are handed out: the index pages and the files, on raw ASGI.

Who may have what is decided in ``policy`` alone; this module asks and answers.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import BinaryIO, cast
from urllib.parse import unquote

from litestar.types import HTTPScope, Receive, Scope, Send

from coreline.errors import CorelineError, InputError, InternalError
from coreline_server.registry import replies
from coreline_server.registry.accept import negotiate
from coreline_server.registry.explain import address
from coreline_server.registry.formats.pypi import FORMAT
from coreline_server.registry.model import File, Holder
from coreline_server.registry.pages import Page, Pages
from coreline_server.registry.policy import NO_CREDENTIAL, Access, Bearer, Decision, Verdict, decide
from coreline_server.registry.rules import is_name, normalized
from coreline_server.registry.store import BearerStore, BlobStore, FileStore

PIECE_BYTES = 1 << 18
_SUFFIXES = {".metadata": Access.METADATA, ".provenance": Access.PROVENANCE}
_IMMUTABLE = b"max-age=31536000, immutable"

Downloaded = Callable[[str, File, str | None], None]


class Desk:
    """Hands out index pages and files.

    Args:
        files, bearers, blobs: what the registry keeps.
        packages: each known package's wrap, or None for core, by normalized name.
        clock: seconds since 1970, UTC.
        contact: where a customer can renew: a host, or a host and a path.
        downloaded: told of each file handed out: project, file, license (None for anyone else).
    """

    def __init__(
        self,
        *,
        files: FileStore,
        bearers: BearerStore,
        blobs: BlobStore,
        packages: Mapping[str, str | None],
        clock: Callable[[], int],
        contact: str,
        downloaded: Downloaded,
    ) -> None:
        self._files = files
        self._bearers = bearers
        self._blobs = blobs
        self._packages = packages
        self._clock = clock
        self._contact = contact
        self._downloaded = downloaded
        self._pages = Pages(files, FORMAT)
        self._media_types = tuple(FORMAT.pages)

    async def index(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer below ``/simple/``."""
        await self._answer(cast("HTTPScope", scope), send, "/simple", self._index)

    async def content(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer below ``/files/``."""
        await self._answer(cast("HTTPScope", scope), send, "/files", self._content)

    async def _answer(
        self,
        scope: HTTPScope,
        send: Send,
        mount: str,
        handle: Callable[[HTTPScope, Send, str], Awaitable[None]],
    ) -> None:
        if str(scope["type"]) != "http":  # Litestar calls a mount for WebSockets too.
            return
        if scope["method"] not in ("GET", "HEAD"):
            error = InputError("method-not-allowed", "Only GET and HEAD are known here.")
            await replies.refuse(send, scope, error, [(b"allow", b"GET, HEAD")])
            return
        path = unquote(scope["raw_path"].decode("latin-1")).removeprefix(scope["root_path"])
        try:
            await handle(scope, send, path.removeprefix(mount))
        except CorelineError as error:
            await replies.refuse(send, scope, error)

    # Index ---------------------------------------------------------------------------------------

    async def _index(self, scope: HTTPScope, send: Send, path: str) -> None:
        if path in ("", "/"):
            await self._root(scope, send, path)
            return
        name = path.strip("/")
        project = normalized(name)
        if not is_name(name):
            raise _no_project(name)
        if path != f"/{project}/":
            await replies.redirect(send, scope, 301, f"/simple/{project}/")
            return
        if project not in self._packages:
            raise _no_project(name)
        wrap = self._packages[project]
        bearer = self._bearer(scope)
        decision = decide(wrap, bearer, Access.INDEX, now=self._clock())
        if decision.verdict is not Verdict.ALLOW:
            raise _refusal(decision, project)
        media_type = self._negotiate(scope)
        await self._page(scope, send, self._pages.page(project, media_type), media_type, wrap)

    async def _root(self, scope: HTTPScope, send: Send, path: str) -> None:
        if path == "":
            await replies.redirect(send, scope, 301, "/simple/")
            return
        bearer, now = self._bearer(scope), self._clock()
        shown = tuple(
            name
            for name in self._files.projects()
            if name in self._packages
            and decide(self._packages[name], bearer, Access.INDEX, now=now).verdict is Verdict.ALLOW
        )
        media_type = self._negotiate(scope)
        # The list differs by caller, as the page of a wrap does.
        await self._page(scope, send, self._pages.root(shown, media_type), media_type, "any")

    async def _page(
        self, scope: HTTPScope, send: Send, page: Page, media_type: str, wrap: str | None
    ) -> None:
        headers: replies.Headers = [
            (b"content-type", _content_type(media_type)),
            (b"etag", page.etag),
            (b"vary", b"Accept" if wrap is None else b"Accept, Authorization"),
            (b"cache-control", b"no-cache" if wrap is None else b"private, no-cache"),
        ]
        if replies.unchanged(scope, page.etag):
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        await replies.reply(send, scope, 200, headers, page.body)

    def _negotiate(self, scope: HTTPScope) -> str:
        accept = replies.header(scope, b"accept")
        media_type = negotiate(accept, self._media_types, FORMAT.aliases)
        if media_type is None:
            raise InputError(
                "not-acceptable",
                f"The index cannot be given as {accept}.",
                f"Accept one of {', '.join(self._media_types)}.",
            )
        return media_type

    def _bearer(self, scope: HTTPScope) -> Bearer | Holder:
        digest = replies.password_sha256(replies.header(scope, b"authorization"))
        return Bearer.NOBODY if digest is None else self._bearers.bearer(digest)

    # Files ---------------------------------------------------------------------------------------

    async def _content(self, scope: HTTPScope, send: Send, path: str) -> None:
        project, _, name = path.removeprefix("/").partition("/")
        if project not in self._packages:
            raise _no_project(project)
        access, filename = _split(name)
        file = self._files.file(project, filename)
        wrap, bearer = self._packages[project], self._bearer(scope)
        uploaded_at = file.uploaded_at if file else None
        decision = decide(wrap, bearer, access, now=self._clock(), uploaded_at=uploaded_at)
        if decision.verdict is Verdict.EXPLAIN and isinstance(bearer, Holder):
            target = address(bearer.license_id, decision, self._contact)
            await replies.redirect(send, scope, 302, target)
            return
        if decision.verdict is not Verdict.ALLOW:
            raise _refusal(decision, project)
        sha256 = _sha256(file, access)
        if file is None or sha256 is None:
            raise InputError("file-not-found", f"{project} has no file {name!r}.")
        if access is Access.FILE and scope["method"] == "GET":
            license_id = bearer.license_id if wrap and isinstance(bearer, Holder) else None
            self._downloaded(project, file, license_id)
        await self._blob(scope, send, sha256, wrap)

    async def _blob(self, scope: HTTPScope, send: Send, sha256: str, wrap: str | None) -> None:
        etag = f'"{sha256}"'.encode()
        scope_of_cache = b"public, " if wrap is None else b"private, "
        headers: replies.Headers = [
            (b"content-type", b"application/octet-stream"),
            (b"etag", etag),
            (b"cache-control", scope_of_cache + _IMMUTABLE),
            (b"x-content-type-options", b"nosniff"),
        ]
        if replies.unchanged(scope, etag):
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        file, size = await asyncio.to_thread(_open, self._blobs, sha256)
        try:
            headers.append((b"content-length", b"%d" % size))
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            if scope["method"] == "GET":
                while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            file.close()


def _open(blobs: BlobStore, sha256: str) -> tuple[BinaryIO, int]:
    path = blobs.path(sha256)
    try:
        return path.open("rb"), path.stat().st_size
    except FileNotFoundError as error:
        raise InternalError(
            "blob-lost",
            "The registry lists this file, but its content is gone.",
            "The vendor should restore the data directory from a backup.",
        ) from error


def _split(name: str) -> tuple[Access, str]:
    for suffix, access in _SUFFIXES.items():
        if name.endswith(suffix):
            return access, name.removesuffix(suffix)
    return Access.FILE, name


def _sha256(file: File | None, access: Access) -> str | None:
    if file is None or access is Access.PROVENANCE:
        # Uploads carry no attestations yet, so no file has a provenance to show.
        return None
    return file.sha256 if access is Access.FILE else file.metadata_sha256


def _content_type(media_type: str) -> bytes:
    return (f"{media_type}; charset=utf-8" if "html" in media_type else media_type).encode()


def _no_project(name: str) -> InputError:
    return InputError(
        "project-unknown",
        f"There is no project {name!r} here.",
        "This registry holds the vendor's own packages; others come from the public index.",
    )


def _refusal(decision: Decision, project: str) -> InputError:
    if decision is NO_CREDENTIAL:
        return InputError(
            decision.code,
            f"{project} is proprietary: it needs a registry token of a license.",
            "Put it into the index's address: https://__token__:TOKEN@HOST/simple/.",
        )
    if decision.verdict is Verdict.FORBID:
        return InputError(
            decision.code,
            "This token may upload packages and read the index; it may not download.",
            "Use a registry token of a license.",
        )
    return InputError(
        decision.code,
        f"{project} needs a registry token, and the one that was sent is not known here.",
        "It may have been replaced: copy the token of your license again.",
    )
