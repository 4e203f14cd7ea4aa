# SPDX-License-Identifier: Apache-2.0
"""The wiring: the only file that knows everything. Each subject gets what it needs from here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from litestar import Litestar

from coreline.manifest.model import Manifest
from coreline_server import health, openapi
from coreline_server.auth import routes as auth_routes
from coreline_server.auth.guards import require
from coreline_server.auth.keeper import Keeper
from coreline_server.auth.store import AuthStore
from coreline_server.config import Config
from coreline_server.console import routes as console_routes
from coreline_server.console.model import Package, Sources
from coreline_server.licensing import routes as licensing_routes
from coreline_server.licensing.desk import Desk
from coreline_server.licensing.floor import Floor
from coreline_server.problems import EXCEPTION_HANDLERS
from coreline_server.registry import routes as registry_routes
from coreline_server.registry.desk import Desk as Counter
from coreline_server.registry.rules import feature_wraps, packages
from coreline_server.registry.upload import Uploads
from coreline_server.storage.auth import SqliteAuthStore
from coreline_server.storage.blobs_local import LocalBlobs
from coreline_server.storage.database import Database
from coreline_server.storage.directory import recorded_manifest
from coreline_server.storage.licensing import SqliteLicensingStore
from coreline_server.storage.migrate import migrate
from coreline_server.storage.registry_sqlite import SqliteBearers, SqliteFiles
from coreline_server.storage.signer import KeyringSigner

Clock = Callable[[], datetime]

TOUCH = (
    "INSERT INTO settings (key, value) VALUES ('ready', '1')"
    " ON CONFLICT (key) DO UPDATE SET value = value + 1"
)


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Service:
    """A wired server: the ASGI application, and what the process around it needs."""

    app: Litestar
    keeper: Keeper
    database: Database


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
    migrate(config.database)
    database = Database(config.database)
    store = SqliteLicensingStore(database)
    keeper = _keeper(SqliteAuthStore(database), config, clock)
    desk = Desk(store, signer, manifest, clock=clock)
    floor = Floor(store, signer, clock=clock, lease_seconds=config.lease_seconds)
    files = SqliteFiles(database)
    admin = require(keeper, "admin")
    app = Litestar(
        [
            *health.routes({"database": _writable(database)}),
            *auth_routes.routes(keeper),
            *licensing_routes.routes(desk, floor, admin),
            *_registry(config, manifest, database, files, clock),
            *console_routes.routes(_sources(manifest, keeper, desk, floor, files)),
            openapi.serve,
        ],
        openapi_config=openapi.config(),
        exception_handlers=EXCEPTION_HANDLERS,
        on_shutdown=[database.close],
        logging_config=None,
        request_max_body_size=1_000_000,
    )
    return Service(app, keeper, database)


def _keeper(store: AuthStore, config: Config, clock: Clock) -> Keeper:
    return Keeper(
        store,
        clock=clock,
        setup_seconds=config.setup_seconds,
        session_seconds=config.session_seconds,
    )


# Any: Litestar takes routers, controllers and handlers in one list.
def _registry(
    config: Config, manifest: Manifest, database: Database, files: SqliteFiles, clock: Clock
) -> list[Any]:
    def seconds() -> int:
        return int(clock().timestamp())

    blobs = LocalBlobs(config.blobs)
    bearers = SqliteBearers(database, feature_wraps(manifest))
    known = packages(manifest)
    counter = Counter(
        files=files,
        bearers=bearers,
        blobs=blobs,
        packages=known,
        clock=seconds,
        contact=next(iter(manifest.product.vendor), manifest.product.name),
        downloaded=lambda project, filename, license_id: None,
    )
    return registry_routes.routes(counter, Uploads(files, blobs, known), bearers, seconds)


def _sources(
    manifest: Manifest, keeper: Keeper, desk: Desk, floor: Floor, files: SqliteFiles
) -> Sources:
    def shelf() -> list[Package]:
        uploaded = set(files.projects())
        return [
            Package.of(name, wrap, files.files(name) if name in uploaded else ())
            for name, wrap in sorted(packages(manifest).items())
        ]

    return Sources(manifest, keeper, desk, floor, shelf, funnel=None)


def _writable(database: Database) -> health.Check:
    async def check() -> None:
        await database.write(lambda connection: connection.execute(TOUCH))

    return check
