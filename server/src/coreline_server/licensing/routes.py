# SPDX-License-Identifier: Apache-2.0
"""The HTTP routes of the vendor's desk: customers, licenses, the revocation list."""

from typing import Annotated, Any

from litestar import MediaType, Request, Router, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter

from coreline_server.licensing import machines, pages
from coreline_server.licensing.desk import Desk
from coreline_server.licensing.floor import Floor
from coreline_server.licensing.machines import Guard
from coreline_server.licensing.model import (
    Customer,
    IssuedRegistryToken,
    LicenseView,
    NewCustomer,
    NewLicense,
    Page,
    Renewal,
    Revocation,
    RevokedRegistryTokens,
    Status,
)

Key = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        required=False,
        min_length=1,
        max_length=200,
        description="A retry with the same key makes nothing a second time.",
    ),
]
Limit = Annotated[int, QueryParameter(ge=1, le=pages.LIMIT_MAX, description="Rows on a page.")]
CursorText = Annotated[
    str | None, QueryParameter(max_length=300, description="The `next` of the page before.")
]


@post("/v1/customers", summary="Keep a customer")
async def add_customer(
    data: JSONBody[NewCustomer],
    desk: NamedDependency[Desk],
    who: NamedDependency[str],
    key: Key = None,
) -> Customer:
    """Keep who buys. The segment is one of the manifest's, where it has any."""
    return await desk.add_customer(data, who, key)


@get("/v1/customers", summary="List customers, newest first")
async def list_customers(
    desk: NamedDependency[Desk], cursor: CursorText = None, limit: Limit = pages.LIMIT
) -> Page[Customer]:
    """List customers in pages."""
    return desk.customers(cursor, limit)


@get("/v1/customers/{customer_id:str}", summary="Show a customer")
async def show_customer(customer_id: FromPath[str], desk: NamedDependency[Desk]) -> Customer:
    """Show one customer."""
    return desk.customer(customer_id)


@post("/v1/licenses", summary="Issue a license")
async def issue(
    data: JSONBody[NewLicense],
    desk: NamedDependency[Desk],
    who: NamedDependency[str],
    key: Key = None,
) -> LicenseView:
    """Issue a license of an edition. Without `expires` it lasts a year, a trial its trial days."""
    return await desk.issue(data, who, key)


@get("/v1/licenses", summary="List licenses, newest first")
async def list_licenses(
    desk: NamedDependency[Desk],
    cursor: CursorText = None,
    limit: Limit = pages.LIMIT,
    customer: Annotated[str | None, QueryParameter(max_length=100)] = None,
    status: FromQuery[Status | None] = None,
) -> Page[LicenseView]:
    """List licenses in pages, of one customer or of one status."""
    return desk.licenses(cursor, limit, customer=customer, status=status)


@get("/v1/licenses/{license_id:str}", summary="Show a license")
async def show_license(license_id: FromPath[str], desk: NamedDependency[Desk]) -> LicenseView:
    """Show one license with its status of this moment."""
    return desk.license(license_id)


@get(
    "/v1/licenses/{license_id:str}/file",
    summary="Download the license file",
    media_type=MediaType.TEXT,
)
async def license_file(license_id: FromPath[str], desk: NamedDependency[Desk]) -> str:
    """Return the file for the customer: token, key certificates, newest revocation list."""
    return desk.file(license_id)


@post("/v1/licenses/{license_id:str}/revoke", summary="Revoke a license", status_code=200)
async def revoke(
    license_id: FromPath[str],
    desk: NamedDependency[Desk],
    who: NamedDependency[str],
    data: JSONBody[Revocation | None] = None,
) -> LicenseView:
    """End a license by a signed statement. Products learn it from the revocation list."""
    return await desk.revoke(license_id, data or Revocation(), who)


@post("/v1/licenses/{license_id:str}/renew", summary="Renew a license", status_code=200)
async def renew(
    license_id: FromPath[str],
    data: JSONBody[Renewal],
    desk: NamedDependency[Desk],
    who: NamedDependency[str],
    key: Key = None,
) -> LicenseView:
    """Add a term with a new token. The id, the seats and the registry tokens stay."""
    return await desk.renew(license_id, data, who, key)


@post("/v1/licenses/{license_id:str}/registry-tokens", summary="Make a registry token")
async def registry_token(
    license_id: FromPath[str], desk: NamedDependency[Desk], who: NamedDependency[str]
) -> IssuedRegistryToken:
    """Make the password for pip and uv. It is shown once; only its hash is kept."""
    return IssuedRegistryToken(await desk.registry_token(license_id, who))


@delete(
    "/v1/licenses/{license_id:str}/registry-tokens",
    summary="Revoke the registry tokens of a license",
    status_code=200,
)
async def revoke_registry_tokens(
    license_id: FromPath[str], desk: NamedDependency[Desk], who: NamedDependency[str]
) -> RevokedRegistryTokens:
    """Make them useless at once, as when one leaked. The license lives on; make new ones."""
    return RevokedRegistryTokens(await desk.revoke_registry_tokens(license_id, who))


@get("/v1/revocations", summary="The signed revocation list", media_type=MediaType.TEXT)
async def revocations(desk: NamedDependency[Desk]) -> str:
    """Return the list that products verify. It is public: it holds license ids alone."""
    return desk.revocations()


# Any: Litestar's own parameters of a request are the user, the credentials and the state.
async def provide_who(request: Request[Any, Any, Any]) -> str:
    """Give a handler behind the admin guard the name of its caller."""
    name: str = request.state.caller.name
    return name


def routes(desk: Desk, floor: Floor, admin: Guard) -> list[Router | BaseRouteHandler]:
    """Return the routes of this subject.

    Args:
        desk: customers and licenses.
        floor: seats.
        admin: lets only callers with the scope admin pass, and leaves ``caller`` in the state.
    """
    provide_desk = Provide(lambda: desk, sync_to_thread=False)
    vendor = Router(
        path="/",
        route_handlers=[
            add_customer,
            list_customers,
            show_customer,
            issue,
            list_licenses,
            show_license,
            license_file,
            revoke,
            renew,
            registry_token,
            revoke_registry_tokens,
        ],
        guards=[admin],
        dependencies={"desk": provide_desk, "who": Provide(provide_who)},
        security=[{"apiToken": []}],
        tags=["licensing"],
    )
    public = Router(
        path="/",
        route_handlers=[revocations],
        dependencies={"desk": provide_desk},
        tags=["licensing"],
    )
    return [vendor, public, *machines.routes(floor, admin)]
