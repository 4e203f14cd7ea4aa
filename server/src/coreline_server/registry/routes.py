# SPDX-License-Identifier: Apache-2.0
"""The registry's addresses: ``/simple/``, ``/files/``, ``/upload/``, and the refusal explained."""

from collections.abc import Callable
from typing import Any

from litestar import Request, Response, Router, asgi, get, post
from litestar.datastructures import State
from litestar.enums import MediaType
from litestar.params import FromPath
from msgspec import Struct

from coreline.errors import InputError
from coreline_server.problems import Problem, problem, respond
from coreline_server.registry.desk import Desk
from coreline_server.registry.explain import ASK, RENEW, explanation
from coreline_server.registry.policy import Bearer
from coreline_server.registry.replies import CHALLENGE, password_sha256
from coreline_server.registry.store import BearerStore
from coreline_server.registry.upload import Uploads, boundary_of

# Any: Litestar's own parameters of a request are the user and the credentials.
AnyRequest = Request[Any, Any, State]


class UploadReceipt(Struct, frozen=True):
    """What became of an upload; ``new`` is false when the same file was there already."""

    project: str
    filename: str
    sha256: str
    new: bool


def routes(
    desk: Desk, uploads: Uploads, bearers: BearerStore, clock: Callable[[], int]
) -> list[Any]:
    """Return the routes of this subject.

    Args:
        desk: hands out pages and files.
        uploads: takes uploads.
        bearers: knows whose a credential is.
        clock: seconds since 1970, UTC.
    """

    @post(
        "/upload",
        summary="Upload a package (the upload API of twine and uv)",
        status_code=200,
        request_max_body_size=None,
        security=[{"registryToken": []}],
    )
    async def upload(request: AnyRequest) -> Response[UploadReceipt] | Response[Problem]:
        """Take a wheel or a source archive as multipart/form-data."""
        refusal = _refuse_uploader(bearers, request.headers.get("authorization"))
        if refusal is not None:
            return refusal
        boundary = boundary_of(request.headers.get("content-type", ""))
        done = await uploads.take(request.stream(), boundary, clock())
        return Response(UploadReceipt(done.project, done.filename, done.sha256, done.new))

    index = asgi("/simple", is_mount=True, copy_scope=False)(desk.index)
    content = asgi("/files", is_mount=True, copy_scope=False)(desk.content)
    return [Router(path="/", route_handlers=[upload, explain], tags=["registry"]), index, content]


@get(
    [f"/{{refusal:str}}/{verb}/{{contact:path}}" for verb in (RENEW, ASK)],
    media_type=MediaType.JSON,
    status_code=402,
    summary="Why a license was refused",
)
async def explain(refusal: FromPath[str], contact: FromPath[str]) -> Response[Problem]:
    """Say why; the registry sends clients here so that their error message names the reason."""
    error = explanation(refusal, contact)
    if error is None:
        raise InputError("not-found", "There is nothing at this address.")
    return respond(problem(error))


def _refuse_uploader(bearers: BearerStore, authorization: str | None) -> Response[Problem] | None:
    digest = password_sha256(authorization)
    bearer = Bearer.NOBODY if digest is None else bearers.bearer(digest)
    if bearer in (Bearer.VENDOR, Bearer.UPLOADER):
        return None
    hint = "Use the user __token__ and an API token of the vendor as the password."
    if bearer is Bearer.NOBODY:
        error = InputError("registry-credential-missing", "An upload needs an API token.", hint)
    elif bearer is Bearer.UNKNOWN:
        error = InputError("registry-credential-unknown", "This API token is not known.", hint)
    else:
        error = InputError("upload-not-allowed", "A license's token cannot upload.", hint)
    body = problem(error)
    name, value = (part.decode() for part in CHALLENGE)
    return respond(body, {name: value} if body.status == 401 else {})
