# SPDX-License-Identifier: Apache-2.0
"""The HTTP routes of customers' machines: validate, activate, heartbeat, free."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, NamedTuple

from litestar import Request, Router, delete, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

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
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]

VENDOR = "vendor"
MACHINE = [{"licenseToken": list[str]()}]


class Machine(NamedTuple):
    """What the guard leaves for a handler: the seats, and the license that the machine showed.

    Injection would cost more than the work itself on this path (a task group for each request).
    """

    floor: Floor
    license: License


@get("/v1/validate", summary="Validate a license", security=MACHINE)
async def validate(request: AnyRequest) -> LicenseView:
    """Return the status and the newest token, so that a renewal reaches the machine."""
    floor, license = _machine(request)
    return floor.validate(license)


@post("/v1/activations", summary="Take a seat", security=MACHINE)
async def activate(request: AnyRequest, data: JSONBody[NewActivation]) -> Lease:
    """Take a seat for a machine. The same fingerprint gets the same seat again."""
    floor, license = _machine(request)
    return await floor.activate(license, data)


@post(
    "/v1/activations/{activation_id:str}/heartbeat",
    summary="Keep a seat",
    status_code=200,
    security=MACHINE,
)
async def heartbeat(request: AnyRequest, activation_id: FromPath[str]) -> Lease:
    """Extend the lease. Without heartbeats the seat frees itself when the lease ends."""
    floor, license = _machine(request)
    return await floor.heartbeat(license, activation_id)


@delete("/v1/activations/{activation_id:str}", summary="Free a seat", security=MACHINE)
async def release(request: AnyRequest, activation_id: FromPath[str]) -> None:
    """Free a seat before its lease ends."""
    floor, license = _machine(request)
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


def routes(floor: Floor, admin: Guard) -> list[Router]:
    """Return the routes of machines, and the vendor's list of them."""

    # Litestar wants one router for one path, so the guard looks at the route's own mark. It is no
    # plain function, because Litestar would send each call of one through a thread.
    async def admit(connection: Connection, handler: BaseRouteHandler) -> None:
        if handler.opt.get(VENDOR):
            await admin(connection, handler)
        else:
            license = floor.license(_bearer(connection))
            connection.scope["state"]["machine"] = Machine(floor, license)

    return [
        Router(
            path="/",
            route_handlers=[validate, activate, heartbeat, release, list_activations],
            guards=[admit],
            dependencies={"floor": Provide(lambda: floor, sync_to_thread=False)},
            tags=["activations"],
        )
    ]


def _machine(request: AnyRequest) -> Machine:
    machine: Machine = request.scope["state"]["machine"]
    return machine


def _bearer(request: Connection) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise InputError(
            "sign-in-needed",
            "The request carries no license.",
            "Send the header `Authorization: Bearer LICENSE-TOKEN`.",
        )
    return token.strip()
