# SPDX-License-Identifier: Apache-2.0
"""The registry's files and credentials in SQLite. Plain SQL: an index page asks twice a request."""

import json
import sqlite3
from collections.abc import Mapping
from functools import lru_cache, partial

from coreline_server.registry.model import File, Holder
from coreline_server.registry.policy import Bearer
from coreline_server.registry.store import Added
from coreline_server.storage.database import Database

_COLUMNS = "filename, version, sha256, size, uploaded_at, requires_python, metadata_sha256, yanked"
_REVISION = "SELECT revision FROM projects WHERE name = ?"
_FILES = f"SELECT {_COLUMNS} FROM files WHERE project = ? ORDER BY uploaded_at, filename"  # noqa: S608 - the columns are a constant of this module.
_FILE = f"SELECT {_COLUMNS} FROM files WHERE project = ? AND filename = ?"  # noqa: S608 - as above.
_PROJECTS = "SELECT name FROM projects ORDER BY name"
_TOUCH = (
    "INSERT INTO projects (name, revision) VALUES (?, 1) "
    "ON CONFLICT (name) DO UPDATE SET revision = revision + 1"
)
_INSERT = f"INSERT INTO files (project, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - as above.
_HOLDER = (
    "SELECT l.id, l.starts, l.expires, l.grace_days, l.revoked_at, l.features "
    "FROM registry_tokens t JOIN licenses l ON l.id = t.license_id "
    "WHERE t.token_sha256 = ? AND t.revoked_at IS NULL"
)
_API_TOKEN = "SELECT scope FROM api_tokens WHERE token_sha256 = ? AND revoked_at IS NULL"  # noqa: S105 - a statement, not a secret.


class SqliteFiles:
    """Implements ``registry.store.FileStore``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revision(self, project: str) -> int:
        """Return a number that grows whenever the project's page changes; 0 for no page."""
        with self._database.read() as connection:
            row = connection.execute(_REVISION, (project,)).fetchone()
        return int(row[0]) if row else 0

    def files(self, project: str) -> tuple[File, ...]:
        """Return a project's files in the order of upload."""
        with self._database.read() as connection:
            return tuple(File(*row) for row in connection.execute(_FILES, (project,)))

    def file(self, project: str, filename: str) -> File | None:
        """Return one file."""
        with self._database.read() as connection:
            return _file(connection, project, filename)

    def projects(self) -> tuple[str, ...]:
        """Return the names of the projects that have files, in order."""
        with self._database.read() as connection:
            return tuple(name for (name,) in connection.execute(_PROJECTS))

    async def add(self, project: str, file: File) -> Added:
        """Keep a file; durable when it returns."""
        return await self._database.write(lambda connection: _add(connection, project, file))

    async def yank(self, project: str, version: str, reason: str | None) -> int:
        """Yank a version's files, or take that back; return how many there are."""

        def work(connection: sqlite3.Connection) -> int:
            count = connection.execute(
                "UPDATE files SET yanked = ? WHERE project = ? AND version = ?",
                (reason, project, version),
            ).rowcount
            if count:
                connection.execute(_TOUCH, (project,))
            return count

        return await self._database.write(work)


class SqliteBearers:
    """Implements ``registry.store.BearerStore``.

    Args:
        database: the server's database.
        feature_wraps: the wrap of each wrap feature, from the manifest.
    """

    def __init__(self, database: Database, feature_wraps: Mapping[str, str]) -> None:
        self._database = database
        # Licenses of one edition hold the same list, so few texts are ever decoded.
        self._wraps = lru_cache(maxsize=1024)(partial(_wraps, feature_wraps))

    def bearer(self, token_sha256: bytes) -> Bearer | Holder:
        """Return the license or the vendor that a token belongs to, else ``UNKNOWN``."""
        with self._database.read() as connection:
            row = connection.execute(_HOLDER, (token_sha256,)).fetchone()
            if row is not None:
                license_id, starts, expires, grace_days, revoked_at, features = row
                wraps = self._wraps(features)
                return Holder(license_id, starts, expires, grace_days, revoked_at, wraps)
            scope = connection.execute(_API_TOKEN, (token_sha256,)).fetchone()
        return _BY_SCOPE.get(scope[0], Bearer.UNKNOWN) if scope else Bearer.UNKNOWN


_BY_SCOPE = {"admin": Bearer.VENDOR, "upload": Bearer.UPLOADER}


def _wraps(feature_wraps: Mapping[str, str], features: str) -> frozenset[str]:
    return frozenset(
        feature_wraps[feature] for feature in json.loads(features) if feature in feature_wraps
    )


def _file(connection: sqlite3.Connection, project: str, filename: str) -> File | None:
    row = connection.execute(_FILE, (project, filename)).fetchone()
    return File(*row) if row else None


def _add(connection: sqlite3.Connection, project: str, file: File) -> Added:
    there = _file(connection, project, file.filename)
    if there is not None:
        return Added.SAME if there.sha256 == file.sha256 else Added.CONFLICT
    connection.execute(_TOUCH, (project,))
    connection.execute(
        _INSERT,
        (
            project,
            file.filename,
            file.version,
            file.sha256,
            file.size,
            file.uploaded_at,
            file.requires_python,
            file.metadata_sha256,
            file.yanked,
        ),
    )
    return Added.NEW
