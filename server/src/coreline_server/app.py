# SPDX-License-Identifier: Apache-2.0
"""The wiring: the only file that knows everything. Each subject gets what it needs from here."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import Litestar

from coreline.manifest.model import Manifest
from coreline_server import health, openapi
from coreline_server.auth import routes as auth_routes
from coreline_server.auth.guards import is_admin, require
from coreline_server.auth.keeper import Keeper
from coreline_server.config import Config
from coreline_server.console import routes as console_routes
from coreline_server.console.model import Package, Sources, Stage
from coreline_server.funnel import routes as funnel_routes
from coreline_server.funnel.reports import report
from coreline_server.licensing import routes as licensing_routes
from coreline_server.licensing.desk import Desk
from coreline_server.licensing.floor import Floor
from coreline_server.problems import EXCEPTION_HANDLERS, explain
from coreline_server.registry import routes as registry_routes
from coreline_server.registry.desk import Desk as Counter
from coreline_server.registry.model import File
from coreline_server.registry.rules import feature_wraps, packages
from coreline_server.registry.upload import Uploads
from coreline_server.storage.auth import SqliteAuthStore
from coreline_server.storage.blobs_local import LocalBlobs
from coreline_server.storage.database import Database
from coreline_server.storage.directory import recorded_manifest
from coreline_server.storage.events_duckdb import DuckEvents
from coreline_server.storage.facts_sqlite import SqliteFacts
from coreline_server.storage.funnel_duckdb import DuckFunnel
from coreline_server.storage.licensing import SqliteLicensingStore
from coreline_server.storage.migrate import migrate
from coreline_server.storage.registry_sqlite import SqliteBearers, SqliteFiles
from coreline_server.storage.signer import KeyringSigner
from coreline_server.telemetry import routes as telemetry_routes
from coreline_server.telemetry.ingest import Ingest
from coreline_server.telemetry.rules import downloaded
from coreline_server.telemetry.spool import Spool

Clock = Callable[[], datetime]

JSON_BYTES_MAX = 1 << 20
OVERVIEW = timedelta(days=90)
TOUCH = (
    "INSERT INTO settings (key, value) VALUES ('ready', '1')"
    " ON CONFLICT (key) DO UPDATE SET value = value + 1"
)


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class Service:
    """A wired server: the ASGI application, and what the process around it needs.

    Attributes:
        app: the application.
        keeper: knows the console's user and the bearers of API tokens.
        database: the relational data.
        ingest: takes events; ``load`` makes them visible to the funnel at once.
    """

    def __init__(self, app: Litestar, keeper: Keeper, data: "_Data") -> None:
        self.app = app
        self.keeper = keeper
        self.database = data.database
        self.ingest = data.ingest
        self._data = data

    def close(self) -> None:
        """Make everything that was accepted durable, and close the data."""
        self._data.close()


class _Data:
    """What is open: the database, the events, the files."""

    def __init__(self, config: Config, manifest: Manifest, clock: Clock) -> None:
        with contextlib.ExitStack() as opened:
            migrate(config.database)
            self.database = Database(config.database)
            opened.callback(self.database.close)
            self.events = DuckEvents(config.events)
            opened.callback(self.events.close)
            spool = Spool(config.spool, self.events.newest_segment())
            segments = {name: edition.segment for name, edition in manifest.editions.items()}
            facts = SqliteFacts(self.database, segments)
            self.ingest = Ingest(spool, self.events, facts, clock=clock)
            opened.callback(self.ingest.close)
            self.files = SqliteFiles(self.database)
            self.blobs = LocalBlobs(config.blobs)
            self._opened = opened.pop_all()

    def close(self) -> None:
        """Close in the order that loses nothing: the events first, which read the database."""
        self._opened.close()

    async def check_database(self) -> None:
        """Write to the database, durably."""
        await self.database.write(lambda connection: connection.execute(TOUCH))

    async def check_events(self) -> None:
        """Ask the events."""
        await asyncio.to_thread(self.events.newest_segment)


def build(config: Config, *, clock: Clock = utc_now) -> Service:
    """Open a data directory and wire the server. The application closes it when it shuts down.

    Args:
        config: where the data is, and the numbers.
        clock: the time, in UTC; tests move it.

    Raises:
        InputError: the directory is not initialized, or no key may sign now.
        OutsideError: the data cannot be opened.
    """
    manifest = recorded_manifest(config)
    signer = KeyringSigner(config.keys, manifest.product.name, clock())
    data = _Data(config, manifest, clock)
    store = SqliteLicensingStore(data.database)
    keeper = keeper_of(data.database, config, clock)
    desk = Desk(store, signer, manifest, clock=clock)
    floor = Floor(store, signer, clock=clock, lease_seconds=config.lease_seconds)
    funnel = DuckFunnel(data.events)
    admin = require(keeper, "admin")
    sources = Sources(
        manifest, keeper, desk, floor, _shelf(manifest, data), _stages(manifest, data, clock)
    )
    app = Litestar(
        [
            *health.routes({"database": data.check_database, "events": data.check_events}),
            *auth_routes.routes(keeper),
            *licensing_routes.routes(desk, floor, admin),
            *_registry(manifest, data, clock),
            *telemetry_routes.routes(
                data.ingest,
                manifest.product.name,
                clock=clock,
                is_vendor=lambda request: is_admin(keeper, request),
            ),
            *funnel_routes.routes(
                funnel, manifest, clock=clock, refresh=data.ingest.load, admin=admin
            ),
            *console_routes.routes(sources),
            explain,
        ],
        openapi_config=openapi.config(),
        exception_handlers=EXCEPTION_HANDLERS,
        on_startup=[data.ingest.start],
        on_shutdown=[data.close],
        logging_config=None,
        request_max_body_size=JSON_BYTES_MAX,
    )
    return Service(app, keeper, data)


def keeper_of(database: Database, config: Config, clock: Clock = utc_now) -> Keeper:
    """Wire the doorkeeper alone, for what an operator does while the server does not run."""
    return Keeper(
        SqliteAuthStore(database),
        clock=clock,
        setup_seconds=config.setup_seconds,
        session_seconds=config.session_seconds,
    )


# Any: Litestar takes routers, controllers and handlers in one list.
def _registry(manifest: Manifest, data: _Data, clock: Clock) -> list[Any]:
    def seconds() -> int:
        return int(clock().timestamp())

    def count(project: str, file: File, license_id: str | None) -> None:
        event_id = f"download:{secrets.token_hex(12)}"
        data.ingest.record(downloaded(event_id, project, file.version, license_id, clock()))

    bearers = SqliteBearers(data.database, feature_wraps(manifest))
    known = packages(manifest)
    counter = Counter(
        files=data.files,
        bearers=bearers,
        blobs=data.blobs,
        packages=known,
        clock=seconds,
        contact=next(iter(manifest.product.vendor), manifest.product.name),
        downloaded=count,
    )
    uploads = Uploads(data.files, data.blobs, known)
    return registry_routes.routes(counter, uploads, bearers, seconds)


def _shelf(manifest: Manifest, data: _Data) -> Callable[[], list[Package]]:
    def shelf() -> list[Package]:
        return [
            Package.of(name, wrap, data.files.files(name))
            for name, wrap in sorted(packages(manifest).items())
        ]

    return shelf


def _stages(
    manifest: Manifest, data: _Data, clock: Clock
) -> Callable[[], Coroutine[Any, Any, list[Stage]]]:
    def count() -> list[Stage]:
        data.ingest.load()
        found = report(
            DuckFunnel(data.events),
            manifest,
            by="segment",
            since=clock() - OVERVIEW,
            until=clock() + timedelta(seconds=1),
            window=OVERVIEW,
        )
        return [Stage(stage.stage, stage.count, stage.step) for stage in found.stages]

    async def stages() -> list[Stage]:
        return await asyncio.to_thread(count)

    return stages
