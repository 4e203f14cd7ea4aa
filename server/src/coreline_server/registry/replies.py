# SPDX-License-Identifier: Apache-2.0
"""Answers on the raw ASGI interface: the index is asked for so often that each layer counts."""

import base64
import binascii
import hashlib
from collections.abc import Iterable

import msgspec
from litestar.types import HTTPScope, Send

from coreline.errors import CorelineError
from coreline_server.problems import PROBLEM_JSON, problem

Headers = list[tuple[bytes, bytes]]
CHALLENGE = (b"www-authenticate", b'Basic realm="coreline registry", charset="UTF-8"')


def header(scope: HTTPScope, name: bytes) -> str | None:
    """Return a header of the request, joined by commas where it was sent twice (RFC 9110, 5.3)."""
    values = [value for key, value in scope["headers"] if key == name]
    return b",".join(values).decode("latin-1") if values else None


def password_sha256(authorization: str | None) -> bytes | None:
    """Return the SHA-256 of a Basic password (RFC 7617); None when no credential was sent.

    The user's name is not looked at: pip and uv want one, ``__token__`` by custom. What cannot be
    decoded counts as a wrong credential, never as none.
    """
    if not authorization:
        return None
    scheme, _, value = authorization.partition(" ")
    password = b""
    if scheme.lower() == "basic":
        try:
            password = base64.b64decode(value.strip(), validate=True).partition(b":")[2]
        except binascii.Error:
            password = b""
    return hashlib.sha256(password).digest()


def unchanged(scope: HTTPScope, etag: bytes) -> bool:
    """Say whether the client has this representation already (RFC 9110, 13.1.2)."""
    told = header(scope, b"if-none-match")
    if told is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in told.split(",")}
    return "*" in tags or etag.decode() in tags


async def reply(send: Send, scope: HTTPScope, status: int, headers: Headers, body: bytes) -> None:
    """Send a whole answer; without its body for HEAD."""
    headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    content = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": content, "more_body": False})


async def refuse(
    send: Send, scope: HTTPScope, error: CorelineError, extra: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """Send a refusal as problem+json (RFC 9457)."""
    body = problem(error)
    headers: Headers = [(b"content-type", PROBLEM_JSON.encode()), *extra]
    if body.status == 401:
        headers.append(CHALLENGE)
    await reply(send, scope, body.status, headers, msgspec.json.encode(body))


async def redirect(send: Send, scope: HTTPScope, status: int, location: str) -> None:
    """Send a redirect. The root path of a proxy in front belongs to the address."""
    target = scope.get("root_path", "") + location
    await reply(send, scope, status, [(b"location", target.encode())], b"")
