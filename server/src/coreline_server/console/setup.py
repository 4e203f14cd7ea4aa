# SPDX-License-Identifier: Apache-2.0
"""The one-time setup link, and the sign-in. People post forms; scripts may post JSON to /setup."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
from litestar import MediaType, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromQuery

from coreline.errors import CorelineError, InputError
from coreline_server.auth.keeper import Keeper
from coreline_server.auth.model import Setup, SetupDone
from coreline_server.auth.rules import PASSWORD_LENGTH_MIN
from coreline_server.console.forms import SESSION_COOKIE, AnyRequest, convert, read_form
from coreline_server.console.html import tag
from coreline_server.console.layout import field as labeled
from coreline_server.console.layout import narrow, notice, shown_once
from coreline_server.problems import kind_of

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def _body() -> RequestBody:
    text = Schema(type=OpenAPIType.STRING)
    schema = Schema(
        type=OpenAPIType.OBJECT,
        properties={"token": text, "password": text},
        required=["token", "password"],
    )
    media = OpenAPIMediaType(schema=schema)
    return RequestBody(content={JSON: media, FORM: media}, required=True)


@dataclass
class SetupOperation(Operation):
    """Says that the body is JSON or a form; the handler reads it itself."""

    request_body: RequestBody | None = field(default_factory=_body)


@get("/setup", include_in_schema=False, media_type=MediaType.HTML)
async def show_setup(keeper: NamedDependency[Keeper], token: FromQuery[str] = "") -> Response[str]:
    """Show the form that sets the console's password."""
    try:
        keeper.require_setup_link(token)
    except CorelineError as error:
        return _html(narrow("Set up", _refused(error), _to_sign_in()), kind_of(error).status)
    return _html(_setup_form(token))


@post(
    "/setup",
    summary="Set the console's password with the one-time link",
    operation_class=SetupOperation,
    status_code=200,
    tags=["setup"],
)
async def set_up(request: AnyRequest, keeper: NamedDependency[Keeper]) -> Response[SetupDone]:
    """Set the password and use up the link. Answers an API token with the scope admin."""
    if request.content_type[0] != FORM:
        done = SetupDone(await keeper.set_up(_decode(await request.body())))
        return Response(done, status_code=200, headers={"Cache-Control": "no-store"})
    # A browser's form is answered with a page, which OpenAPI's readers have no use for.
    page: Any = await _set_up_by_form(request, keeper)
    answer: Response[SetupDone] = page
    return answer


async def _set_up_by_form(request: AnyRequest, keeper: Keeper) -> Response[str]:
    form = await read_form(request)
    try:
        given = {name: form.get(name, "") for name in Setup.__struct_fields__}
        api_token = await keeper.set_up(convert(given, Setup))
    except CorelineError as error:
        page = _setup_form(form.get("token", ""), error)
        return _html(page, kind_of(error).status)
    session = await keeper.open_session()
    page = narrow(
        "The password is set",
        shown_once("API token for scripts (admin)", api_token),
        tag("a", "Open the console", href="/console", class_="button"),
    )
    return _html(page, cookies=[session_cookie(session, request)])


@get("/console/sign-in", include_in_schema=False, media_type=MediaType.HTML)
async def show_sign_in() -> Response[str]:
    """Show the form that asks for the password."""
    return _html(_sign_in_form())


@post("/console/sign-in", include_in_schema=False, media_type=MediaType.HTML)
async def sign_in(request: AnyRequest, keeper: NamedDependency[Keeper]) -> Response[str]:
    """Open a session."""
    form = await read_form(request)
    address = request.client.host if request.client else ""
    try:
        session = await keeper.sign_in(form.get("password", ""), address)
    except CorelineError as error:
        return _html(_sign_in_form(error), kind_of(error).status)
    return _html(
        "", 303, cookies=[session_cookie(session, request)], headers={"Location": "/console"}
    )


def session_cookie(session: str, request: AnyRequest) -> Cookie:
    """Return the cookie of a session: unreadable for scripts, never sent from another site."""
    return Cookie(
        SESSION_COOKIE,
        value=session,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )


def _setup_form(token: str, refused: CorelineError | None = None) -> str:
    password = tag(
        "input",
        name="password",
        type="password",
        required=True,
        minlength=PASSWORD_LENGTH_MIN,
        autocomplete="new-password",
        autofocus=True,
    )
    form = tag(
        "form",
        tag("input", type="hidden", name="token", value=token),
        _user(),
        labeled("Password for this console", password, "12 characters or more. A phrase is good."),
        tag("button", "Set the password"),
        method="post",
        action="/setup",
        class_="stack",
    )
    return narrow("Set up", _refused(refused), form)


def _sign_in_form(refused: CorelineError | None = None) -> str:
    password = tag(
        "input",
        name="password",
        type="password",
        required=True,
        autocomplete="current-password",
        autofocus=True,
    )
    form = tag(
        "form",
        _user(),
        labeled("Password", password),
        tag("button", "Sign in"),
        method="post",
        action="/console/sign-in",
        class_="stack",
    )
    return narrow("Sign in", _refused(refused), form)


def _user() -> str:
    """Name the only user for password managers, which keep a password beside a name."""
    return tag("input", name="user", value="console", autocomplete="username", hidden=True)


def _to_sign_in() -> str:
    return tag("p", tag("a", "Sign in", href="/console/sign-in"))


def _refused(error: CorelineError | None) -> str | None:
    if error is None:
        return None
    return notice("bad", tag("strong", error.sentence), tag("small", error.hint))


def _decode(body: bytes) -> Setup:
    try:
        return msgspec.json.decode(body, type=Setup)
    except msgspec.MsgspecError as error:
        raise InputError(
            "request-invalid",
            f"The body is not what this address takes: {error}.",
            'Send {"token": "…", "password": "…"} as JSON.',
        ) from error


def _html(
    page: str,
    status: int = 200,
    *,
    cookies: list[Cookie] | None = None,
    headers: dict[str, str] | None = None,
) -> Response[str]:
    return Response(
        page, status_code=status, media_type=MediaType.HTML, cookies=cookies, headers=headers
    )
