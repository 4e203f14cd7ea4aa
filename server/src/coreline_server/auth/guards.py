# SPDX-License-Identifier: Apache-2.0
"""Guards that let only callers with a scope reach a route. They run before a body is read."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from coreline.errors import InputError
from coreline_server.auth.keeper import Keeper
from coreline_server.auth.model import Caller, Scope

# Any: Litestar's own parameters of a connection are the handler, the user, the credentials, state.
Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]


def bearer(connection: Connection) -> str:
    """Return the token of ``Authorization: Bearer TOKEN`` (RFC 6750, section 2.1).

    Raises:
        InputError: there is none (``sign-in-needed``).
    """
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise InputError(
            "sign-in-needed",
            "The request carries no token.",
            "Send the header `Authorization: Bearer TOKEN`.",
        )
    return token.strip()


def require(keeper: Keeper, scope: Scope) -> Guard:
    """Make the guard of a scope. The caller is then in the connection's state."""

    # Not a plain function: Litestar would send each call of it through a thread.
    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        connection.state.caller = keeper.caller(bearer(connection), scope)

    return guard


def is_admin(keeper: Keeper, connection: Connection) -> bool:
    """Say whether a request carries an API token with the scope admin, where none is needed."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    found = keeper.find(token.strip()) if scheme.lower() == "bearer" else None
    return found is not None and found.scope == "admin"


async def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """Give a handler behind a guard its caller."""
    caller: Caller = request.state.caller
    return caller
