# SPDX-License-Identifier: Apache-2.0
"""Liveness (the process answers) and readiness (it can do its work), for whoever restarts it."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping

from litestar import Router, get
from litestar.di import NamedDependency, Provide
from msgspec import Struct

from coreline.errors import OutsideError

log = logging.getLogger("coreline.server")

Check = Callable[[], Awaitable[None]]
FRESH_SECONDS = 1.0


class Health(Struct, frozen=True):
    """``status`` is ``live`` or ``ready``."""

    status: str


class Readiness:
    """Runs the checks, at most once a second: anyone may ask, and a check writes to the disk."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._good_until = 0.0

    async def require(self) -> None:
        """Run the checks.

        Raises:
            OutsideError: one of them failed (``not-ready``), with its name.
        """
        if time.monotonic() < self._good_until:
            return
        for name, check in self._checks.items():
            try:
                await check()
            except Exception as error:
                log.error("not ready: %s", name, exc_info=error)
                raise OutsideError(
                    "not-ready", f"The check {name} failed.", "The server's log says why."
                ) from error
        self._good_until = time.monotonic() + FRESH_SECONDS


@get("/health/live", summary="Is the process alive?")
async def live() -> Health:
    """Answer as soon as the process can answer at all."""
    return Health("live")


@get("/health/ready", summary="Can the server do its work?")
async def ready(readiness: NamedDependency[Readiness]) -> Health:
    """Answer 200 once data can be written durably; else 503."""
    await readiness.require()
    return Health("ready")


def routes(checks: Mapping[str, Check]) -> list[Router]:
    """Return the routes of health.

    Args:
        checks: what must hold, by name; each raises when it does not.
    """
    readiness = Readiness(checks)
    return [
        Router(
            path="/",
            route_handlers=[live, ready],
            dependencies={"readiness": Provide(lambda: readiness, sync_to_thread=False)},
            tags=["health"],
        )
    ]
