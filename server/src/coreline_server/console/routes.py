# SPDX-License-Identifier: Apache-2.0
"""The console's addresses: they read, call the same desk as the API does, and render a page."""

from importlib.resources import files
from typing import Annotated, Any

from litestar import Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.exceptions import ValidationException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from coreline.errors import CorelineError, InputError
from coreline_server.auth.model import NewApiToken
from coreline_server.auth.rules import form_token
from coreline_server.console import pages, selling, setup
from coreline_server.console.forms import SESSION_COOKIE, AnyRequest, convert, read_own_form
from coreline_server.console.layout import Frame
from coreline_server.console.model import WHO, Sources
from coreline_server.console.replies import html, to
from coreline_server.licensing.model import NewCustomer
from coreline_server.problems import kind_of

AUDIT_SHOWN = 200

# Nothing from elsewhere, no script at all, no frame around us.
CSP = (
    "default-src 'self'; script-src 'none'; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: browsers would then send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
    '<circle cx="12" cy="12" r="10" fill="none" stroke="#0b8a76" stroke-width="2"'
    ' stroke-dasharray="4 2.3"/><circle cx="12" cy="12" r="5" fill="#0b8a76"/></svg>'
)

Cursor = Annotated[str | None, QueryParameter(name="cursor", max_length=300)]
"""Where a page of a list begins."""


class _SignInNeededError(Exception):
    """Nobody is signed in; the browser is sent to the form."""


@get("/", include_in_schema=False)
async def root() -> Redirect:
    """Send people who type the bare address to the console."""
    return Redirect("/console", status_code=303)


@get("/console")
async def overview(
    sources: NamedDependency[Sources], frame: NamedDependency[Frame]
) -> Response[str]:
    """Show how things stand."""
    found = sources.desk.tally()
    counts = {
        "customers": (found.customers, "/console/customers"),
        "active licenses": (found.licenses.get("active", 0), "/console/licenses?status=active"),
        "trials": (found.licenses.get("trial", 0), "/console/licenses?status=trial"),
        "in grace": (found.licenses.get("grace", 0), "/console/licenses?status=grace"),
        "seats taken": (found.seats, "/console/licenses"),
        "packages": (len(sources.packages()), "/console/packages"),
    }
    return html(pages.overview(frame, counts, await sources.funnel()))


@get("/console/customers")
async def customers(
    sources: NamedDependency[Sources], frame: NamedDependency[Frame], cursor: Cursor = None
) -> Response[str]:
    """Show customers."""
    return html(pages.customers(frame, sources.desk.customers(cursor), sources.manifest.segments))


@post("/console/customers")
async def add_customer(
    request: AnyRequest, sources: NamedDependency[Sources], frame: NamedDependency[Frame]
) -> Response[str]:
    """Keep a customer."""
    form = await read_own_form(request)
    try:
        await sources.desk.add_customer(convert(form, NewCustomer), WHO)
    except CorelineError as error:
        found = sources.desk.customers()
        page = pages.customers(frame, found, sources.manifest.segments, error, form)
        return html(page, kind_of(error).status)
    return to("/console/customers")


@get("/console/packages")
async def packages(
    sources: NamedDependency[Sources], frame: NamedDependency[Frame]
) -> Response[str]:
    """Show packages."""
    return html(pages.packages(frame, sources.packages()))


@get("/console/tokens")
async def tokens(sources: NamedDependency[Sources], frame: NamedDependency[Frame]) -> Response[str]:
    """Show API tokens."""
    return html(pages.tokens(frame, sources.keeper.tokens()))


@post("/console/tokens")
async def issue_token(
    request: AnyRequest, sources: NamedDependency[Sources], frame: NamedDependency[Frame]
) -> Response[str]:
    """Make an API token and show it this once."""
    form = await read_own_form(request)
    try:
        caller = _console(request, sources)
        issued = await sources.keeper.issue_token(convert(form, NewApiToken), caller)
    except CorelineError as error:
        page = pages.tokens(frame, sources.keeper.tokens(), refused=error)
        return html(page, kind_of(error).status)
    return html(pages.tokens(frame, sources.keeper.tokens(), issued.token))


@post("/console/tokens/{token_id:str}/revoke")
async def revoke_token(
    token_id: FromPath[str], request: AnyRequest, sources: NamedDependency[Sources]
) -> Response[str]:
    """Revoke an API token."""
    await read_own_form(request)
    await sources.keeper.revoke_token(token_id, _console(request, sources))
    return to("/console/tokens")


@get("/console/audit")
async def audit(sources: NamedDependency[Sources], frame: NamedDependency[Frame]) -> Response[str]:
    """Show what was done."""
    broken_at = await sources.keeper.verify_audit()
    return html(pages.audit(frame, sources.keeper.newest(AUDIT_SHOWN), broken_at))


@post("/console/sign-out")
async def sign_out(request: AnyRequest, sources: NamedDependency[Sources]) -> Response[str]:
    """End the session."""
    await read_own_form(request)
    await sources.keeper.sign_out(request.cookies.get(SESSION_COOKIE, ""))
    answer = to("/console/sign-in")
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@get("/console/style.css", media_type="text/css", include_in_schema=False, sync_to_thread=False)
def style() -> Response[str]:
    """Serve the style sheet."""
    text = files("coreline_server.console").joinpath("style.css").read_text(encoding="utf-8")
    return Response(text, media_type="text/css", headers={"Cache-Control": "max-age=300"})


@get("/console/icon.svg", media_type="image/svg+xml", include_in_schema=False, sync_to_thread=False)
def icon() -> Response[str]:
    """Serve the icon."""
    return Response(ICON, media_type="image/svg+xml", headers={"Cache-Control": "max-age=86400"})


def routes(sources: Sources) -> list[Router]:
    """Return the console's pages, and those before it: setup and sign-in."""
    keeper = sources.keeper

    # Any: Litestar's own parameters of a connection.
    async def signed_in(
        connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler
    ) -> None:
        if keeper.session_caller(connection.cookies.get(SESSION_COOKIE)) is None:
            raise _SignInNeededError

    async def provide_frame(request: AnyRequest) -> Frame:
        return _frame(request, sources)

    def failure(request: AnyRequest, error: CorelineError) -> Response[str]:
        answer = html(pages.failure(_frame(request, sources), error), kind_of(error).status)
        return _with_headers(answer)

    def unreadable(request: AnyRequest, _: ValidationException) -> Response[str]:
        said = InputError("request-invalid", "This address cannot be read.", "Choose a page above.")
        return failure(request, said)

    inside = Router(
        path="/",
        route_handlers=[
            overview,
            customers,
            add_customer,
            *selling.HANDLERS,
            packages,
            tokens,
            issue_token,
            revoke_token,
            audit,
            sign_out,
        ],
        guards=[signed_in],
        dependencies={
            "sources": Provide(lambda: sources, sync_to_thread=False),
            "frame": Provide(provide_frame),
        },
        exception_handlers={
            _SignInNeededError: _to_sign_in,
            CorelineError: failure,
            ValidationException: unreadable,
        },
        include_in_schema=False,
        response_headers=HEADERS,
    )
    outside = Router(
        path="/",
        route_handlers=[setup.show_setup, setup.set_up, setup.show_sign_in, setup.sign_in],
        dependencies={"keeper": Provide(lambda: keeper, sync_to_thread=False)},
        response_headers=HEADERS,
    )
    return [inside, outside, Router(path="/", route_handlers=[root, style, icon])]


def _frame(request: AnyRequest, sources: Sources) -> Frame:
    here = "/" + "/".join(request.url.path.split("/")[1:3])
    token = form_token(request.cookies.get(SESSION_COOKIE, ""))
    return Frame(sources.manifest.product.name, token, here)


def _console(request: AnyRequest, sources: Sources) -> Any:
    caller = sources.keeper.session_caller(request.cookies.get(SESSION_COOKIE))
    if caller is None:
        raise _SignInNeededError
    return caller


def _to_sign_in(_: AnyRequest, __: _SignInNeededError) -> Response[str]:
    return _with_headers(to("/console/sign-in"))


def _with_headers(answer: Response[str]) -> Response[str]:
    """Give an answer to an error the headers that the router gives only to its handlers' own."""
    answer.headers.update(HEADERS)
    return answer
