# SPDX-License-Identifier: Apache-2.0
"""The process around the application: the socket, the printed address, signals, a clean end."""

import asyncio
import logging
import signal
import socket
import sys

import uvicorn

from coreline.errors import OutsideError
from coreline_server.access import log_requests
from coreline_server.app import Service, build, keeper_of
from coreline_server.config import Config
from coreline_server.storage.database import Database
from coreline_server.storage.directory import locked

DRAIN_SECONDS = 10


class _Server(uvicorn.Server):
    """Says where it listens once it really does."""

    def __init__(self, config: uvicorn.Config, service: Service, address: str) -> None:
        super().__init__(config)
        self._service = service
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the address and, while no password is set, a setup link."""
        await super().startup(sockets)
        if not self.started:
            return
        print(self._address, flush=True)
        token = await self._service.keeper.open_setup()
        if token is not None:
            print(f"Set the console's password: {self._address}/setup?token={token}", flush=True)


def serve(config: Config, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was begun and return.

    Raises:
        OutsideError: the address is taken (``address-in-use``), the data too (``data-in-use``).
    """
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(message)s")
    with locked(config), _listen(host, port) as listener:
        service = build(config)
        settings = uvicorn.Config(
            log_requests(service.app) if config.log_requests else service.app,
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            lifespan="on",
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
        server = _Server(settings, service, _address(listener, host))
        # uvicorn raises a caught signal again when it has shut down; these make that harmless, so
        # a server that was told to stop and did ends with 0. One that comes before uvicorn listens
        # for it counts too.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: setattr(server, "should_exit", True))
        try:
            server.run(sockets=[listener])
        finally:
            service.close()


def forget_password(config: Config) -> None:
    """Drop the console's password and sessions of a server that does not run.

    Raises:
        OutsideError: the server runs (``data-in-use``).
        NothingToDo: no password is set.
    """
    with locked(config):
        database = Database(config.database)
        try:
            asyncio.run(keeper_of(database, config).forget_password())
        finally:
            database.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise OutsideError(
            "address-in-use",
            f"{host}:{port} cannot be listened on: {error.strerror or error}.",
            "Stop what listens there, or choose another --port (0 for a free one).",
        ) from error


def _address(listener: socket.socket, host: str) -> str:
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
