# SPDX-License-Identifier: Apache-2.0
"""A registry with a manifest of one core and one wrap package, on a real database and real disk."""

import base64
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from coreline.manifest.model import Core, Edition, Feature, Manifest, Product, Wrap
from coreline_server.problems import EXCEPTION_HANDLERS
from coreline_server.registry.desk import Desk
from coreline_server.registry.model import File
from coreline_server.registry.routes import routes
from coreline_server.registry.rules import feature_wraps, packages
from coreline_server.registry.upload import Uploads
from coreline_server.storage.blobs_local import LocalBlobs
from coreline_server.storage.database import Database
from coreline_server.storage.migrate import migrate
from coreline_server.storage.registry_sqlite import SqliteBearers, SqliteFiles

DAY = 86_400
START = 1_800_000_000
EXPIRES = START + 30 * DAY

MANIFEST = Manifest(
    product=Product(name="converge", primary="Bring a machine to a declared state"),
    core=Core(spdx="Apache-2.0", paths=["src/**"], packages=["converge"]),
    wraps={
        "enterprise": Wrap(spdx="LicenseRef-E", packages=["Converge.Enterprise"]),
        "analytics": Wrap(spdx="LicenseRef-A", packages=["converge-analytics"]),
    },
    features={
        "apply": Feature(side="core"),
        "fleet": Feature(side="wrap", wrap="enterprise"),
        "charts": Feature(side="wrap", wrap="analytics"),
    },
    editions={
        "enterprise": Edition(features=["fleet"]),
        "analytics": Edition(features=["charts"]),
    },
)


def make_wheel(
    name: str, version: str, extra: str = "", files: dict[str, str] | None = None
) -> bytes:
    """Make a small wheel that pip installs."""
    folder = name.replace("-", "_")
    info = f"{folder}-{version}.dist-info"
    content = {
        f"{folder}/__init__.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{extra}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        **(files or {}),
    }
    record = "".join(f"{path},,\n" for path in content) + f"{info}/RECORD,,\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in {**content, f"{info}/RECORD": record}.items():
            archive.writestr(zipfile.ZipInfo(path, (2026, 1, 1, 0, 0, 0)), text)
    return buffer.getvalue()


def make_sdist(name: str, version: str) -> bytes:
    """Make a small source archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
        member = tarfile.TarInfo(f"{name}-{version}/PKG-INFO")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    return buffer.getvalue()


def wheel_name(name: str, version: str) -> str:
    """Return a pure wheel's file name."""
    return f"{name.replace('-', '_')}-{version}-py3-none-any.whl"


def basic(password: str) -> dict[str, str]:
    """Return the header of a Basic credential."""
    return {"Authorization": "Basic " + base64.b64encode(f"__token__:{password}".encode()).decode()}


@dataclass
class Registry:
    """A registry under test, and the levers of a test."""

    START = START
    EXPIRES = EXPIRES
    DAY = DAY
    make_wheel = staticmethod(make_wheel)
    make_sdist = staticmethod(make_sdist)
    wheel_name = staticmethod(wheel_name)
    basic = staticmethod(basic)

    client: TestClient[Litestar]
    app: Litestar
    database: Database
    blobs: LocalBlobs
    clock: list[int]
    downloads: list[tuple[str, str, str | None]] = field(default_factory=list)

    def token(self, secret: str, **license_row: object) -> str:
        """Record a license with one registry token."""
        row = {
            "id": f"LIC-{secret}",
            "features": '["fleet"]',
            "starts": START,
            "expires": EXPIRES,
            "grace_days": 0,
            "revoked_at": None,
            **license_row,
        }
        digest = hashlib.sha256(secret.encode()).digest()
        self.database.write_now(
            lambda connection: [
                connection.execute(
                    "INSERT OR IGNORE INTO customers VALUES ('CUS-1', 'n', 'e', NULL, 0)"
                ),
                connection.execute(
                    "INSERT INTO licenses (id, customer_id, edition, features, seats, trial,"
                    " starts, expires, grace_days, created_at, revoked_at, token)"
                    " VALUES (:id, 'CUS-1', 'e', :features, 5, 0,"
                    " :starts, :expires, :grace_days, 0, :revoked_at, '')",
                    row,
                ),
                connection.execute(
                    "INSERT INTO registry_tokens VALUES (?, ?, 0, NULL)", (digest, row["id"])
                ),
            ]
        )
        return secret

    def api_token(self, secret: str, scope: str) -> str:
        """Record an API token of the vendor."""
        digest = hashlib.sha256(secret.encode()).digest()
        self.database.write_now(
            lambda connection: connection.execute(
                "INSERT INTO api_tokens VALUES (?, 'n', ?, ?, 0, NULL)", (secret, scope, digest)
            )
        )
        return secret

    def wheel(self, name: str, version: str) -> None:
        """Place a wheel of a version, uploaded now."""
        self.add(name, wheel_name(name, version), make_wheel(name, version), version)

    def upload(self, filename: str, content: bytes, password: str, **fields: str) -> Response:
        """Upload as twine does; a field given here replaces the right one."""
        stem = filename.removesuffix(".tar.gz").split("-")
        form = {
            ":action": "file_upload",
            "protocol_version": "1",
            "name": stem[0],
            "version": stem[1],
            "sha256_digest": hashlib.sha256(content).hexdigest(),
            **fields,
        }
        return self.client.post(
            "/upload/", data=form, files={"content": (filename, content)}, headers=basic(password)
        )

    def add(self, project: str, filename: str, content: bytes, version: str = "1.0") -> File:
        """Place a file without an upload."""
        from coreline_server.storage.registry_sqlite import _add

        file = File(
            filename=filename,
            version=version,
            sha256=self.blobs.put(content),
            size=len(content),
            uploaded_at=self.clock[0],
        )
        self.database.write_now(lambda connection: _add(connection, project, file))
        return file


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    """Return a registry that stands at START."""
    migrate(tmp_path / "db.sqlite")
    database = Database(tmp_path / "db.sqlite")
    blobs = LocalBlobs(tmp_path / "files")
    clock = [START]
    downloads: list[tuple[str, str, str | None]] = []
    files = SqliteFiles(database)
    bearers = SqliteBearers(database, feature_wraps(MANIFEST))
    known = packages(MANIFEST)
    desk = Desk(
        files=files,
        bearers=bearers,
        blobs=blobs,
        packages=known,
        clock=lambda: clock[0],
        contact="example.com/renew",
        downloaded=lambda project, file, license_id: downloads.append(
            (project, file.filename, license_id)
        ),
    )
    app = Litestar(
        routes(desk, Uploads(files, blobs, known, 1 << 24), bearers, lambda: clock[0]),
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
    )
    with TestClient(app) as client:
        yield Registry(client, app, database, blobs, clock, downloads)
    database.close()
