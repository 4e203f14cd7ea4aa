# SPDX-License-Identifier: Apache-2.0
"""The one table from errors to HTTP statuses, and their form: problem+json (RFC 9457).

Every refusal that leaves the server passes here. A subject raises an error of ``coreline.errors``
with a code of this table; a code that is not in it gets the status of its kind of error.
"""

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

from litestar import Request, Response, get
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from litestar.types import ExceptionHandlersMap
from msgspec import UNSET, Struct, UnsetType

from coreline.errors import CorelineError, InputError, NothingToDo, OutsideError

log = logging.getLogger("coreline.server")

PROBLEM_JSON = "application/problem+json"


class Kind(NamedTuple):
    """What all problems of a code have in common."""

    status: int
    title: str


KINDS: Mapping[str, Kind] = {
    # auth
    "sign-in-needed": Kind(401, "Credentials are needed"),
    "token-unknown": Kind(401, "The token is not known"),
    "password-wrong": Kind(401, "The password is wrong"),
    "password-unset": Kind(409, "No password is set yet"),
    "scope-missing": Kind(403, "The token may not do this"),
    "setup-link-invalid": Kind(403, "The setup link is not valid"),
    "form-forged": Kind(403, "The form did not come from this server's page"),
    "form-invalid": Kind(400, "A field of the form is not valid"),
    "password-too-short": Kind(400, "The password is too short"),
    "attempts-exceeded": Kind(429, "Too many attempts"),
    "api-token-not-found": Kind(404, "No such API token"),
    # licensing
    "customer-not-found": Kind(404, "No such customer"),
    "license-not-found": Kind(404, "No such license"),
    "activation-not-found": Kind(404, "No such activation"),
    "license-unknown": Kind(401, "The license is not known here"),
    "license-expired": Kind(402, "The license has expired"),
    "license-not-started": Kind(403, "The license has not started"),
    "license-revoked": Kind(403, "The license was revoked"),
    "activation-lapsed": Kind(410, "The seat's lease has lapsed"),
    "seats-exhausted": Kind(409, "All seats are taken"),
    "idempotency-key-reused": Kind(422, "The idempotency key was used for another request"),
    "segment-unknown": Kind(400, "The manifest has no such segment"),
    "edition-unknown": Kind(400, "The manifest has no such edition"),
    "trial-not-offered": Kind(400, "The edition has no trial"),
    "trial-too-long": Kind(400, "The trial is longer than the edition's"),
    "expiry-too-early": Kind(400, "The license would end before it begins"),
    "license-too-long": Kind(400, "The license is longer than the key may sign"),
    "date-out-of-range": Kind(400, "A date is out of range"),
    "seats-out-of-range": Kind(400, "The number of seats is out of range"),
    "features-too-many": Kind(400, "Too many features for one license"),
    "text-length-wrong": Kind(400, "A text is too long for a license, or empty"),
    "text-not-printable": Kind(400, "A text for a license has control characters"),
    "renewal-too-short": Kind(400, "The license runs as long already"),
    "license-revoked-already": Kind(409, "The license is revoked already"),
    "cursor-invalid": Kind(400, "The cursor is not valid"),
    # registry
    "registry-credential-missing": Kind(401, "A registry token is needed"),
    "registry-credential-unknown": Kind(401, "The registry token is not known"),
    "registry-credential-upload-only": Kind(403, "The token is for uploads"),
    "registry-license-expired": Kind(402, "The license has expired"),
    "registry-license-revoked": Kind(402, "The license was revoked"),
    "registry-license-not-started": Kind(402, "The license has not started"),
    "registry-license-without-wrap": Kind(402, "The license does not include this package"),
    "project-unknown": Kind(404, "No such project"),
    "file-not-found": Kind(404, "No such file"),
    "not-acceptable": Kind(406, "Not available in this form"),
    "blob-lost": Kind(500, "A file's content is gone"),
    "upload-not-allowed": Kind(403, "The token may not upload"),
    "package-unknown": Kind(403, "The manifest knows no such package"),
    "file-exists": Kind(409, "File already exists"),
    "upload-invalid": Kind(400, "The upload is not valid"),
    "upload-digest-mismatch": Kind(400, "The upload is not what its digest says"),
    "filename-invalid": Kind(400, "The file name is not valid"),
    "archive-unreadable": Kind(400, "The archive cannot be read"),
    "archive-bomb": Kind(400, "The archive is too large unpacked"),
    "archive-path-outside": Kind(400, "The archive leads outside of itself"),
    "metadata-invalid": Kind(400, "The package's metadata is not valid"),
    "blob-not-kept": Kind(503, "A file could not be kept"),
    # telemetry and funnel
    "events-invalid": Kind(400, "Events are not valid"),
    "events-too-large": Kind(413, "Too many events at once"),
    "encoding-unknown": Kind(415, "The content's encoding is not known"),
    "moment-invalid": Kind(400, "A time is not valid"),
    "period-empty": Kind(400, "The period is empty"),
    "events-not-loaded": Kind(503, "Events cannot be loaded"),
    "spool-not-durable": Kind(503, "Events cannot be kept"),
    # what the server itself needs
    "not-ready": Kind(503, "The server is not ready"),
    "server-closing": Kind(503, "The server is shutting down"),
    "database-closed": Kind(503, "The server is shutting down"),
    "database-write-failed": Kind(503, "The database could not be written"),
    "file-not-written": Kind(503, "A file could not be written"),
    "key-purpose-wrong": Kind(503, "The vendor's signing key is not for licenses"),
    "key-refused": Kind(503, "The vendor's signing key is damaged"),
    "key-unreadable": Kind(503, "The vendor's signing key cannot be read"),
    "key-outside-dates": Kind(503, "The vendor's signing key has ended"),
    "key-not-found": Kind(503, "The vendor's signing key is missing"),
    "key-revoked": Kind(503, "The vendor's signing key is revoked"),
    "revocations-too-many": Kind(503, "The revocation list is full"),
    "revocations-refused": Kind(503, "The kept revocation list is damaged"),
    # HTTP itself
    "request-invalid": Kind(400, "The request is not valid"),
    "not-found": Kind(404, "There is nothing at this address"),
    "method-not-allowed": Kind(405, "The address does not know this method"),
    "body-too-large": Kind(413, "The body is too large"),
    "internal": Kind(500, "A bug in the server"),
}

BY_ERROR: tuple[tuple[type[CorelineError], Kind], ...] = (
    (InputError, Kind(400, "The request cannot be meant as it stands")),
    (NothingToDo, Kind(409, "The work is already done")),
    (OutsideError, Kind(503, "Something that the server needs has failed")),
    (CorelineError, KINDS["internal"]),
)

CODE_BY_STATUS = {
    400: "request-invalid",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
}


class Mistake(Struct, frozen=True):
    """One mistake in a request."""

    where: str
    message: str


class Problem(Struct, frozen=True, kw_only=True):
    """The members of RFC 9457, and ours: the stable code, the hint, the mistakes of a request."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    hint: str = ""
    mistakes: list[Mistake] | UnsetType = UNSET


def kind_of(error: CorelineError) -> Kind:
    """Return the status and the title of an error."""
    if error.code in KINDS:
        return KINDS[error.code]
    return next(kind for base, kind in BY_ERROR if isinstance(error, base))


def problem(error: CorelineError) -> Problem:
    """Put an error into the form that leaves the server."""
    kind = kind_of(error)
    return Problem(
        type=f"/problems/{error.code}",
        title=kind.title,
        status=kind.status,
        detail=error.sentence,
        code=error.code,
        hint=error.hint,
    )


def respond(body: Problem, headers: Mapping[str, str] | None = None) -> Response[Problem]:
    """Make the response of a problem."""
    return Response(
        body, status_code=body.status, media_type=PROBLEM_JSON, headers=dict(headers or {})
    )


# Any: Litestar's own parameters of a request are the user, the credentials and the state.
AnyRequest = Request[Any, Any, Any]


def _refused(_: AnyRequest, error: CorelineError) -> Response[Problem]:
    body = problem(error)
    if body.status >= 500:
        log.error("%s: %s", error.code, error.sentence, exc_info=error)
    # RFC 9110, section 11.6.1: a 401 names the scheme that would be accepted.
    headers = {"WWW-Authenticate": 'Bearer realm="coreline"'} if body.status == 401 else {}
    return respond(body, headers)


def _http(request: AnyRequest, error: HTTPException) -> Response[Problem]:
    status = error.status_code
    code = CODE_BY_STATUS.get(status, "internal" if status >= 500 else "request-invalid")
    mistakes = _mistakes(error.extra)
    body = Problem(
        type=f"/problems/{code}",
        title=KINDS[code].title,
        status=status,
        detail=_detail(request, error),
        code=code,
        hint="See /openapi.json for what this address takes." if status < 500 else "",
        mistakes=mistakes or UNSET,
    )
    if status >= 500:
        log.error("internal", exc_info=error)
    return respond(body, error.headers)


def _detail(request: AnyRequest, error: HTTPException) -> str:
    path = request.scope["path"]
    if error.status_code == 404:
        return f"There is nothing at {path}."
    if error.status_code == 405:
        return f"{path} does not know {request.scope['method']}."
    return "The server failed." if error.status_code >= 500 else error.detail


def _mistakes(extra: object) -> list[Mistake]:
    items = extra if isinstance(extra, list) else []
    return [
        Mistake(where=str(item.get("key", "")), message=str(item.get("message", "")))
        for item in items
        if isinstance(item, dict)
    ]


def _too_deep(_: AnyRequest, error: RecursionError) -> Response[Problem]:
    # A body of nothing but brackets exhausts the decoder's stack: the sender's mistake, not a bug.
    log.warning("request-invalid: nested too deeply", exc_info=error)
    return respond(
        problem(InputError("request-invalid", "The body is nested too deeply.", "Send it flat."))
    )


def _bug(_: AnyRequest, error: Exception) -> Response[Problem]:
    # The cause goes to the log, never to the client: it may hold a secret.
    log.error("internal", exc_info=error)
    code = "internal"
    return respond(
        Problem(
            type=f"/problems/{code}",
            title=KINDS[code].title,
            status=500,
            detail="The server met a bug of its own; its log has the details.",
            code=code,
        )
    )


class KindView(Struct, frozen=True):
    """What all problems of a code have in common."""

    code: str
    status: int
    title: str


@get("/problems/{code:str}", summary="What a problem's type means", tags=["problems"])
async def explain(code: FromPath[str]) -> KindView:
    """Answer at the address that a problem's `type` names."""
    if code not in KINDS:
        raise InputError("not-found", f"There is no problem {code}.")
    return KindView(code, *KINDS[code])


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    CorelineError: _refused,
    HTTPException: _http,
    RecursionError: _too_deep,
    Exception: _bug,
}
