# SPDX-License-Identifier: Apache-2.0
"""The HTTP routes of customers' machines: validate, activate, heartbeat, free."""

from typing import Annotated, Any

from litestar import Request, Router, delete, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.types import Guard

from coreline.errors import InputError
from coreline_server.licensing import pages
from coreline_server.licensing.floor import Floor
from coreline_server.licensing.model import (
    ActivationView,
    Lease,
    License,
    LicenseView,
    NewActivation,
    Page,
)

# Any: Litestar's own parameters of a request are the user, the credentials and the state.
AnyRequest = Request[Any, Any, Any]
Connection = ASGIConnection[Any, Any, Any, Any]

VENDOR = "vendor"
MACHINE = [{"licenseToken": list[str]()}]


@get("/v1/validate", summary="Validate a license", security=MACHINE)
async def validate(floor: NamedDependency[Floor], license: NamedDependency[License]) -> LicenseView:
    """Return the status and the newest token, so that a renewal reaches the machine."""
    return floor.validate(license)


@post("/v1/activations", summary="Take a seat", security=MACHINE)
async def activate(
    data: JSONBody[NewActivation], floor: NamedDependency[Floor], license: NamedDependency[License]
) -> Lease:
    """Take a seat for a machine. The same fingerprint gets the same seat again."""
    return await floor.activate(license, data)


@post(
    "/v1/activations/{activation_id:str}/heartbeat",
    summary="Keep a seat",
    status_code=200,
    security=MACHINE,
)
async def heartbeat(
    activation_id: FromPath[str], floor: NamedDependency[Floor], license: NamedDependency[License]
) -> Lease:
    """Extend the lease. Without heartbeats the seat frees itself when the lease ends."""
    return await floor.heartbeat(license, activation_id)


@delete("/v1/activations/{activation_id:str}", summary="Free a seat", security=MACHINE)
async def release(
    activation_id: FromPath[str], floor: NamedDependency[Floor], license: NamedDependency[License]
) -> None:
    """Free a seat before its lease ends."""
    await floor.release(license, activation_id)


@get(
    "/v1/activations",
    summary="List activations, newest first",
    opt={VENDOR: True},
    security=[{"apiToken": []}],
)
async def list_activations(
    floor: NamedDependency[Floor],
    cursor: Annotated[
        str | None, QueryParameter(max_length=300, description="The `next` of the page before.")
    ] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=pages.LIMIT_MAX)] = pages.LIMIT,
    license_id: Annotated[str | None, QueryParameter(name="license", max_length=100)] = None,
) -> Page[ActivationView]:
    """List seats that were taken, lapsed ones too."""
    return floor.activations(cursor, limit, license_id)


async def provide_license(request: AnyRequest) -> License:
    """Give a handler the license that the guard has found."""
    license: License = request.state.license
    return license


def routes(floor: Floor, admin: Guard) -> list[Router]:
    """Return the routes of machines, and the vendor's list of them."""

    # Litestar wants one router for one path, so the guard looks at the route's own mark.
    def admit(connection: Connection, handler: BaseRouteHandler) -> None:
        if handler.opt.get(VENDOR):
            admin(connection, handler)
        else:
            connection.state.license = floor.license(_bearer(connection))

    return [
        Router(
            path="/",
            route_handlers=[validate, activate, heartbeat, release, list_activations],
            guards=[admit],
            dependencies={
                "floor": Provide(lambda: floor, sync_to_thread=False),
                "license": Provide(provide_license),
            },
            tags=["activations"],
        )
    ]


def _bearer(request: Connection) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise InputError(
            "sign-in-needed",
            "The request carries no license.",
            "Send the header `Authorization: Bearer LICENSE-TOKEN`.",
        )
    return token.strip()
