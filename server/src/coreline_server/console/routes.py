# SPDX-License-Identifier: Apache-2.0
"""The console's addresses: they read, call the same desk as the API does, and render a page."""

import secrets
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files
from typing import Annotated, Any

from litestar import MediaType, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect

from coreline.errors import CorelineError, InputError
from coreline_server.auth.model import NewApiToken
from coreline_server.auth.rules import form_token
from coreline_server.console import pages, setup
from coreline_server.console.forms import SESSION_COOKIE, AnyRequest, convert, read_own_form
from coreline_server.console.layout import Frame
from coreline_server.console.model import Sources
from coreline_server.licensing.model import (
    STATUSES,
    NewCustomer,
    NewLicense,
    Page,
    Revocation,
    Status,
)
from coreline_server.licensing.pages import LIMIT_MAX
from coreline_server.problems import kind_of

WHO = "console"
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
    found = [sources.desk.licenses(limit=LIMIT_MAX, status=s) for s in ("active", "trial", "grace")]
    seats = sources.floor.activations(limit=LIMIT_MAX)
    live = sum(seat.live for seat in seats.items)
    counts = {
        "customers": (_count(sources.desk.customers(limit=LIMIT_MAX)), "/console/customers"),
        "active licenses": (_count(found[0]), "/console/licenses?status=active"),
        "trials": (_count(found[1]), "/console/licenses?status=trial"),
        "in grace": (_count(found[2]), "/console/licenses?status=grace"),
        "seats taken": (f"{live}{'+' if seats.next else ''}", "/console/licenses"),
        "packages": (str(len(sources.packages())), "/console/packages"),
    }
    return _page(pages.overview(frame, counts, await sources.funnel()))


@get("/console/customers")
async def customers(
    sources: NamedDependency[Sources], frame: NamedDependency[Frame], cursor: Cursor = None
) -> Response[str]:
    """Show customers."""
    return _page(pages.customers(frame, sources.desk.customers(cursor), sources.manifest.segments))


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
        page = pages.customers(frame, found, sources.manifest.segments, error)
        return _page(page, kind_of(error).status)
    return _to("/console/customers")


@get("/console/licenses")
async def licenses(
    sources: NamedDependency[Sources],
    frame: NamedDependency[Frame],
    cursor: Cursor = None,
    status: FromQuery[str] = "",
    customer: Annotated[str, QueryParameter(max_length=100)] = "",
) -> Response[str]:
    """Show licenses."""
    chosen = _status(status)
    found = sources.desk.licenses(cursor, customer=customer or None, status=chosen)
    wanted = {row.customer for row in found.items}
    names = {one: sources.desk.customer(one).name for one in wanted}
    return _page(pages.licenses(frame, found, names, chosen, customer or None))


@get("/console/licenses/new")
async def issue_form(
    sources: NamedDependency[Sources], frame: NamedDependency[Frame]
) -> Response[str]:
    """Show the form of a new license."""
    return _page(_issue_form(sources, frame))


@post("/console/licenses/new")
async def issue(
    request: AnyRequest, sources: NamedDependency[Sources], frame: NamedDependency[Frame]
) -> Response[str]:
    """Issue a license."""
    form = await read_own_form(request)
    key = form.pop("key", "") or None
    try:
        new = convert({**form, "expires": _end_of(form.get("expires", ""))}, NewLicense)
        issued = await sources.desk.issue(new, WHO, key)
    except CorelineError as error:
        return _page(_issue_form(sources, frame, error), kind_of(error).status)
    return _to(f"/console/licenses/{issued.id}")


@get("/console/licenses/{license_id:str}")
async def show_license(
    license_id: FromPath[str], sources: NamedDependency[Sources], frame: NamedDependency[Frame]
) -> Response[str]:
    """Show one license."""
    return _page(_license(license_id, sources, frame))


@get("/console/licenses/{license_id:str}/file", media_type=MediaType.TEXT)
async def license_file(
    license_id: FromPath[str], sources: NamedDependency[Sources]
) -> Response[str]:
    """Download the license file."""
    text = sources.desk.file(license_id)
    name = f'attachment; filename="{sources.manifest.product.name}-{license_id}.license"'
    return Response(text, media_type=MediaType.TEXT, headers={"Content-Disposition": name})


@post("/console/licenses/{license_id:str}/registry-token")
async def registry_token(
    license_id: FromPath[str],
    request: AnyRequest,
    sources: NamedDependency[Sources],
    frame: NamedDependency[Frame],
) -> Response[str]:
    """Make a registry token and show it this once."""
    await read_own_form(request)
    token = await sources.desk.registry_token(license_id, WHO)
    return _page(_license(license_id, sources, frame, registry_token=token))


@post("/console/licenses/{license_id:str}/revoke")
async def revoke(
    license_id: FromPath[str], request: AnyRequest, sources: NamedDependency[Sources]
) -> Response[str]:
    """Revoke a license."""
    form = await read_own_form(request)
    await sources.desk.revoke(license_id, convert(form, Revocation), WHO)
    return _to(f"/console/licenses/{license_id}")


@get("/console/packages")
async def packages(
    sources: NamedDependency[Sources], frame: NamedDependency[Frame]
) -> Response[str]:
    """Show packages."""
    return _page(pages.packages(frame, sources.packages()))


@get("/console/tokens")
async def tokens(sources: NamedDependency[Sources], frame: NamedDependency[Frame]) -> Response[str]:
    """Show API tokens."""
    return _page(pages.tokens(frame, sources.keeper.tokens()))


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
        return _page(page, kind_of(error).status)
    return _page(pages.tokens(frame, sources.keeper.tokens(), issued.token))


@post("/console/tokens/{token_id:str}/revoke")
async def revoke_token(
    token_id: FromPath[str], request: AnyRequest, sources: NamedDependency[Sources]
) -> Response[str]:
    """Revoke an API token."""
    await read_own_form(request)
    await sources.keeper.revoke_token(token_id, _console(request, sources))
    return _to("/console/tokens")


@get("/console/audit")
async def audit(sources: NamedDependency[Sources], frame: NamedDependency[Frame]) -> Response[str]:
    """Show what was done."""
    entries = list(sources.keeper.audit())
    broken_at = sources.keeper.verify_audit()
    return _page(pages.audit(frame, entries[::-1][:AUDIT_SHOWN], broken_at))


@post("/console/sign-out")
async def sign_out(request: AnyRequest, sources: NamedDependency[Sources]) -> Response[str]:
    """End the session."""
    await read_own_form(request)
    await sources.keeper.sign_out(request.cookies.get(SESSION_COOKIE, ""))
    answer = _to("/console/sign-in")
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
    def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        if keeper.session_caller(connection.cookies.get(SESSION_COOKIE)) is None:
            raise _SignInNeededError

    async def provide_frame(request: AnyRequest) -> Frame:
        return _frame(request, sources)

    def failure(request: AnyRequest, error: CorelineError) -> Response[str]:
        return _page(pages.failure(_frame(request, sources), error), kind_of(error).status)

    inside = Router(
        path="/",
        route_handlers=[
            overview,
            customers,
            add_customer,
            licenses,
            issue_form,
            issue,
            show_license,
            license_file,
            registry_token,
            revoke,
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
        exception_handlers={_SignInNeededError: _to_sign_in, CorelineError: failure},
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


def _license(
    license_id: str, sources: Sources, frame: Frame, *, registry_token: str | None = None
) -> str:
    row = sources.desk.license(license_id)
    seats = sources.floor.activations(limit=LIMIT_MAX, license_id=license_id)
    customer = sources.desk.customer(row.customer)
    return pages.license_(frame, row, customer, seats, registry_token=registry_token)


def _issue_form(sources: Sources, frame: Frame, refused: CorelineError | None = None) -> str:
    people = sources.desk.customers(limit=LIMIT_MAX).items
    key = secrets.token_hex(16)
    return pages.issue_form(frame, people, sources.desk.editions(), key, refused)


# Any: what is on the page does not matter for its length.
def _count(page: Page[Any]) -> str:
    return f"{len(page.items)}{'+' if page.next else ''}"


def _status(text: str) -> Status | None:
    for known in STATUSES:
        if known == text:
            return known
    return None


def _end_of(day: str) -> datetime | str:
    """Return the end of a day in UTC, so that a license lasts through the day that it names."""
    if not day:
        return ""
    try:
        date = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise InputError("form-invalid", f"{day} is no day.", "Write YYYY-MM-DD.") from error
    return datetime.combine(date, time(), UTC) + timedelta(days=1)


def _console(request: AnyRequest, sources: Sources) -> Any:
    caller = sources.keeper.session_caller(request.cookies.get(SESSION_COOKIE))
    if caller is None:
        raise _SignInNeededError
    return caller


def _page(page: str, status: int = 200) -> Response[str]:
    return Response(page, status_code=status, media_type=MediaType.HTML)


def _to(address: str) -> Response[str]:
    return Response("", status_code=303, media_type=MediaType.HTML, headers={"Location": address})


def _to_sign_in(_: AnyRequest, __: _SignInNeededError) -> Response[str]:
    return _to("/console/sign-in")
