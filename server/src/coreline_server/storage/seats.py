# SPDX-License-Identifier: Apache-2.0
"""Keeps seats in SQLite: the hot path, in prepared statements.

Counting and taking happen in one write, and all writes pass one thread, so no seat is sold twice
however many machines ask at once.
"""

import sqlite3
from typing import Any, cast

from sqlalchemy import select

from coreline_server.licensing.model import Activation, License
from coreline_server.licensing.pages import Cursor
from coreline_server.licensing.store import Taken
from coreline_server.storage.core import page, run
from coreline_server.storage.database import Database
from coreline_server.storage.schema import activations

COLUMNS = "id, license_id, fingerprint, name, created_at, seen_at, lease_seconds, expires_at"
BY_FINGERPRINT = (
    f"SELECT {COLUMNS} FROM activations"  # noqa: S608 - our own columns.
    " WHERE license_id = ? AND fingerprint = ?"
)
BY_ID = f"SELECT {COLUMNS} FROM activations WHERE id = ?"  # noqa: S608 - our own columns.
# Answered by the index alone, as is OLDEST: an activation must not read every seat of a fleet.
LIVE_COUNT = "SELECT count(*) FROM activations WHERE license_id = ? AND expires_at > ?"
SEATS = "SELECT seats FROM licenses WHERE id = ?"
OLDEST = (
    f"SELECT {COLUMNS} FROM activations"  # noqa: S608 - our own columns.
    " WHERE license_id = ? AND expires_at > ? ORDER BY expires_at LIMIT 3"
)
TAKE = (
    f"INSERT INTO activations ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - our own columns.
    " ON CONFLICT (license_id, fingerprint) DO UPDATE SET name = excluded.name,"
    " seen_at = excluded.seen_at, lease_seconds = excluded.lease_seconds,"
    " expires_at = excluded.expires_at"
)
HEARTBEAT = "UPDATE activations SET seen_at = ?, expires_at = ? WHERE id = ? AND expires_at > ?"
RELEASE = "DELETE FROM activations WHERE id = ? AND license_id = ?"
RECLAIM = "DELETE FROM activations WHERE license_id = ? AND expires_at < ? AND fingerprint <> ?"
LAPSED_KEPT_SECONDS = 30 * 86_400


class SqliteSeats:
    """The part of the ``LicensingStore`` that is about seats."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def activate(self, license: License, wanted: Activation) -> Activation | Taken:
        """Take a seat, or find the one that the fingerprint has; never more than there are."""
        return await self._database.write(lambda connection: _activate(connection, license, wanted))

    async def heartbeat(self, activation: Activation) -> bool:
        """Extend a live lease; False if it has lapsed or was freed."""
        now = activation.seen_at
        values = (now, activation.expires_at, activation.id, now)
        return await self._database.write(
            lambda connection: connection.execute(HEARTBEAT, values).rowcount == 1
        )

    async def release(self, activation_id: str, license_id: str) -> bool:
        """Free a seat of a license; False if the license has none such."""
        values = (activation_id, license_id)
        return await self._database.write(
            lambda connection: connection.execute(RELEASE, values).rowcount == 1
        )

    def seats_taken(self, license_id: str, now: int) -> int:
        """Count the live leases of a license."""
        with self._database.read() as connection:
            return cast(int, connection.execute(LIVE_COUNT, (license_id, now)).fetchone()[0])

    def activation(self, activation_id: str) -> Activation | None:
        """Return an activation."""
        with self._database.read() as connection:
            row = connection.execute(BY_ID, (activation_id,)).fetchone()
        return None if row is None else _activation(row)

    def activations(
        self, after: Cursor | None, limit: int, *, license_id: str | None = None
    ) -> list[Activation]:
        """Return activations, newest first, lapsed ones too."""
        query = page(select(*(column for column in activations.c)), activations, after)
        if license_id is not None:
            query = query.where(activations.c.license_id == license_id)
        with self._database.read() as connection:
            rows = run(connection, query.limit(limit)).fetchall()
        return [_activation(row) for row in rows]


def _activate(
    connection: sqlite3.Connection, license: License, wanted: Activation
) -> Activation | Taken:
    now = wanted.seen_at
    row = connection.execute(BY_FINGERPRINT, (license.id, wanted.fingerprint)).fetchone()
    held = None if row is None else _activation(row)
    if held is None or held.expires_at <= now:
        # The seats are read again here: a renewal may have changed them since the request came.
        seats: int = connection.execute(SEATS, (license.id,)).fetchone()[0]
        if connection.execute(LIVE_COUNT, (license.id, now)).fetchone()[0] >= seats:
            oldest = connection.execute(OLDEST, (license.id, now)).fetchall()
            return Taken([_activation(row) for row in oldest])
        # A fleet of containers leaves a row each; those that lapsed long ago tell nothing more.
        long_ago = (license.id, now - LAPSED_KEPT_SECONDS, wanted.fingerprint)
        connection.execute(RECLAIM, long_ago)
    connection.execute(TAKE, _values(wanted))
    row = connection.execute(BY_FINGERPRINT, (license.id, wanted.fingerprint)).fetchone()
    return _activation(row)


def _values(activation: Activation) -> tuple[str | int, ...]:
    return (
        activation.id,
        activation.license,
        activation.fingerprint,
        activation.name,
        activation.created_at,
        activation.seen_at,
        activation.lease_seconds,
        activation.expires_at,
    )


# Any: a row of SQLite has a type of its own in each column.
def _activation(row: tuple[Any, ...]) -> Activation:
    return Activation(**dict(zip(Activation.__struct_fields__, row, strict=True)))
