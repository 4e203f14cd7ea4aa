# SPDX-License-Identifier: Apache-2.0
"""The console's addresses about licenses. They call the same desk as the API does."""

import contextlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Annotated

from litestar import MediaType, Response, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, QueryParameter

from coreline.errors import CorelineError, InputError
from coreline_server.console import sales
from coreline_server.console.forms import AnyRequest, convert, read_own_form
from coreline_server.console.layout import NOTHING, Frame
from coreline_server.console.model import WHO, Sources
from coreline_server.console.replies import html, to
from coreline_server.licensing.model import STATUSES, NewLicense, Renewal, Revocation, Status
from coreline_server.licensing.pages import LIMIT_MAX
from coreline_server.problems import kind_of

Cursor = Annotated[str | None, QueryParameter(name="cursor", max_length=300)]


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
    of = sources.desk.customer(customer) if customer else None
    return html(sales.licenses(frame, found, names, chosen, of))


@get("/console/licenses/new")
async def issue_form(
    sources: NamedDependency[Sources],
    frame: NamedDependency[Frame],
    customer: Annotated[str, QueryParameter(max_length=100)] = "",
) -> Response[str]:
    """Show the form of a new license, for a customer where one is chosen."""
    return html(_issue_form(sources, frame, given={"customer": customer} if customer else NOTHING))


@post("/console/licenses/new")
async def issue(
    request: AnyRequest, sources: NamedDependency[Sources], frame: NamedDependency[Frame]
) -> Response[str]:
    """Issue a license."""
    form = await read_own_form(request)
    key = form.pop("key", "") or None
    try:
        new = convert({**form, "expires": _begin_of(form.get("expires", ""))}, NewLicense)
        issued = await sources.desk.issue(new, WHO, key)
    except CorelineError as error:
        return html(_issue_form(sources, frame, error, form), kind_of(error).status)
    return to(f"/console/licenses/{issued.id}")


@get("/console/licenses/{license_id:str}")
async def show_license(
    license_id: FromPath[str], sources: NamedDependency[Sources], frame: NamedDependency[Frame]
) -> Response[str]:
    """Show one license."""
    return html(_license(license_id, sources, frame))


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
    return html(_license(license_id, sources, frame, registry_token=token))


@post("/console/licenses/{license_id:str}/registry-tokens/revoke")
async def revoke_registry_tokens(
    license_id: FromPath[str], request: AnyRequest, sources: NamedDependency[Sources]
) -> Response[str]:
    """Revoke the registry tokens of a license."""
    await read_own_form(request)
    await sources.desk.revoke_registry_tokens(license_id, WHO)
    return to(f"/console/licenses/{license_id}")


@post("/console/licenses/{license_id:str}/renew")
async def renew(
    license_id: FromPath[str], request: AnyRequest, sources: NamedDependency[Sources]
) -> Response[str]:
    """Renew a license."""
    form = await read_own_form(request)
    renewal = convert({"expires": _begin_of(form.get("expires", ""))}, Renewal)
    await sources.desk.renew(license_id, renewal, WHO)
    return to(f"/console/licenses/{license_id}")


@post("/console/licenses/{license_id:str}/revoke")
async def revoke(
    license_id: FromPath[str], request: AnyRequest, sources: NamedDependency[Sources]
) -> Response[str]:
    """Revoke a license."""
    form = await read_own_form(request)
    await sources.desk.revoke(license_id, convert(form, Revocation), WHO)
    return to(f"/console/licenses/{license_id}")


def _license(
    license_id: str, sources: Sources, frame: Frame, *, registry_token: str | None = None
) -> str:
    row = sources.desk.license(license_id)
    seats = sources.floor.activations(limit=LIMIT_MAX, license_id=license_id)
    customer = sources.desk.customer(row.customer)
    taken, tokens = sources.floor.taken(license_id), sources.desk.registry_tokens(license_id)
    return sales.license_(frame, row, customer, seats, taken, tokens, registry_token=registry_token)


def _issue_form(
    sources: Sources,
    frame: Frame,
    refused: CorelineError | None = None,
    given: Mapping[str, str] = NOTHING,
) -> str:
    people = sources.desk.customers(limit=LIMIT_MAX).items
    chosen = given.get("customer", "")
    if chosen and all(one.id != chosen for one in people):
        # The list ends somewhere; a customer whose own page one comes from is chosen anyway.
        with contextlib.suppress(InputError):
            people = [*people, sources.desk.customer(chosen)]
    key = secrets.token_hex(16)
    return sales.issue_form(frame, people, sources.desk.editions(), key, refused, given)


def _status(text: str) -> Status | None:
    for known in STATUSES:
        if known == text:
            return known
    return None


def _begin_of(day: str) -> datetime | str:
    """Return when a day begins in UTC, as the command line reads a day too."""
    if not day:
        return ""
    try:
        date = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise InputError("form-invalid", f"{day} is no day.", "Write YYYY-MM-DD.") from error
    return datetime.combine(date, time(), UTC)


HANDLERS: list[HTTPRouteHandler] = [
    licenses,
    issue_form,
    issue,
    show_license,
    license_file,
    registry_token,
    revoke_registry_tokens,
    renew,
    revoke,
]
