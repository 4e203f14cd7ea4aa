# SPDX-License-Identifier: Apache-2.0
"""Keeps customers and licenses in SQLite. Seats, the hot path, are in ``seats``."""

import hashlib
import json
import sqlite3
from typing import Any, cast

from sqlalchemy import and_, case, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from coreline_server.licensing.model import Customer, License, Status
from coreline_server.licensing.pages import Cursor
from coreline_server.licensing.rules import DAY_SECONDS
from coreline_server.licensing.store import Origin, Tally
from coreline_server.storage import once
from coreline_server.storage.audit import note
from coreline_server.storage.core import page, run
from coreline_server.storage.schema import customers, licenses
from coreline_server.storage.seats import SqliteSeats
from coreline_server.storage.times import moment, seconds

LICENSE_COLUMNS = (
    "l.id, l.customer_id, l.edition, l.features, l.seats, l.trial, l.starts, l.expires,"
    " l.grace_days, l.created_at, l.revoked_at, l.reason, l.token"
)
BY_ID = f"SELECT {LICENSE_COLUMNS} FROM licenses l WHERE l.id = ?"  # noqa: S608 - our own columns.
BY_TOKEN = (
    f"SELECT {LICENSE_COLUMNS} FROM license_terms t"  # noqa: S608 - our own columns.
    " JOIN licenses l ON l.id = t.license_id WHERE t.token_sha256 = ?"
)
CUSTOMER = "SELECT id, name, email, segment, created_at FROM customers WHERE id = ?"
ADD_CUSTOMER = "INSERT INTO customers (id, name, email, segment, created_at) VALUES (?, ?, ?, ?, ?)"
ADD_LICENSE = (
    "INSERT INTO licenses (id, customer_id, edition, features, seats, trial, starts, expires,"
    " grace_days, created_at, token) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
RENEW = (
    "UPDATE licenses SET features = ?, seats = ?, trial = ?, expires = ?, grace_days = ?,"
    " token = ? WHERE id = ? AND expires < ?"
)
ADD_TERM = (
    "INSERT INTO license_terms"
    " (license_id, number, token_sha256, trial, starts, expires, issued_at)"
    " SELECT ?, count(*) + 1, ?, ?, ?, ?, ? FROM license_terms WHERE license_id = ?"
)
REVOKE = "UPDATE licenses SET revoked_at = ?, reason = ? WHERE id = ? AND revoked_at IS NULL"
REVOKED = "SELECT id FROM licenses WHERE revoked_at IS NOT NULL ORDER BY revoked_at, id"
REVOKE_REGISTRY_BEARERS = (
    "UPDATE registry_tokens SET revoked_at = ? WHERE license_id = ? AND revoked_at IS NULL"
)
REGISTRY_BEARERS = (
    "SELECT count(*) FROM registry_tokens WHERE license_id = ? AND revoked_at IS NULL"
)
TALLY = (
    "SELECT (SELECT count(*) FROM customers),"
    " (SELECT count(*) FROM activations WHERE expires_at > ?)"
)
ADD_REGISTRY_BEARER = (
    "INSERT INTO registry_tokens (token_sha256, license_id, created_at) VALUES (?, ?, ?)"
)


class SqliteLicensingStore(SqliteSeats):
    """The ``LicensingStore`` of a database."""

    def earlier(self, origin: Origin) -> str | None:
        """Return the id that an earlier request with the same key made."""
        with self._database.read() as connection:
            return once.earlier(connection, origin)

    async def add_customer(self, customer: Customer, origin: Origin) -> str:
        """Keep a customer."""
        created_at = seconds(customer.created)
        values = (customer.id, customer.name, customer.email, customer.segment, created_at)

        def work(connection: sqlite3.Connection) -> str:
            if (kept := once.earlier(connection, origin)) is not None:
                return kept
            connection.execute(ADD_CUSTOMER, values)
            note(connection, origin.now, origin.who, "customer.add", customer.id)
            once.keep(connection, origin, customer.id)
            return customer.id

        return await self._database.write(work)

    def customer(self, customer_id: str) -> Customer | None:
        """Return a customer."""
        with self._database.read() as connection:
            row = connection.execute(CUSTOMER, (customer_id,)).fetchone()
        return None if row is None else _customer(row)

    def customers(self, after: Cursor | None, limit: int) -> list[Customer]:
        """Return customers, newest first, after a row of the page before."""
        c = customers.c
        query = page(select(c.id, c.name, c.email, c.segment, c.created_at), customers, after)
        with self._database.read() as connection:
            rows = run(connection, query.limit(limit)).fetchall()
        return [_customer(row) for row in rows]

    async def add_license(self, license: License, origin: Origin) -> str:
        """Keep a license and its first term."""

        def work(connection: sqlite3.Connection) -> str:
            if (kept := once.earlier(connection, origin)) is not None:
                return kept
            connection.execute(ADD_LICENSE, _license_values(license))
            _add_term(connection, license, origin)
            note(connection, origin.now, origin.who, "license.issue", license.id)
            once.keep(connection, origin, license.id)
            return license.id

        return await self._database.write(work)

    async def renew(self, license: License, origin: Origin) -> str | None:
        """Keep another term of a license; None if it runs as long already."""
        values = (
            json.dumps(license.features),
            license.seats,
            license.trial,
            license.expires,
            license.grace_days,
            license.token,
            license.id,
            license.expires,
        )

        def work(connection: sqlite3.Connection) -> str | None:
            if (kept := once.earlier(connection, origin)) is not None:
                return kept
            if connection.execute(RENEW, values).rowcount == 0:
                return None
            _add_term(connection, license, origin)
            note(connection, origin.now, origin.who, "license.renew", license.id)
            once.keep(connection, origin, license.id)
            return license.id

        return await self._database.write(work)

    async def revoke(self, license_id: str, reason: str, origin: Origin) -> bool:
        """Revoke a license; False if it was revoked before."""

        def work(connection: sqlite3.Connection) -> bool:
            values = (origin.now, reason or None, license_id)
            changed = connection.execute(REVOKE, values).rowcount == 1
            if changed:
                note(connection, origin.now, origin.who, "license.revoke", license_id)
            return changed

        return await self._database.write(work)

    def license(self, license_id: str) -> License | None:
        """Return a license in its newest term."""
        return self._one(BY_ID, license_id)

    def license_of_token(self, token_sha256: bytes) -> License | None:
        """Return the license that a token of any of its terms belongs to."""
        return self._one(BY_TOKEN, token_sha256)

    def licenses(
        self,
        after: Cursor | None,
        limit: int,
        *,
        now: int,
        customer: str | None = None,
        status: Status | None = None,
    ) -> list[License]:
        """Return licenses, newest first."""
        c = licenses.c
        query = select(*(column for column in c))
        query = page(query, licenses, after).limit(limit)
        if customer is not None:
            query = query.where(c.customer_id == customer)
        if status is not None:
            query = query.where(_status(now) == status)
        with self._database.read() as connection:
            rows = run(connection, query).fetchall()
        return [_license(row) for row in rows]

    def tally(self, now: int) -> Tally:
        """Count everything."""
        status = _status(now)
        query = select(status, func.count()).select_from(licenses).group_by(status)
        with self._database.read() as connection:
            by_status: dict[Status, int] = dict(run(connection, query).fetchall())
            customers, seats = connection.execute(TALLY, (now,)).fetchone()
        return Tally(customers, by_status, seats)

    def revoked(self) -> list[str]:
        """Return the ids of all revoked licenses, in the order of their revocation."""
        with self._database.read() as connection:
            return [row[0] for row in connection.execute(REVOKED)]

    async def add_registry_token(self, license_id: str, digest: bytes, origin: Origin) -> None:
        """Keep the hash of a registry token."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(ADD_REGISTRY_BEARER, (digest, license_id, origin.now))
            note(connection, origin.now, origin.who, "registry-token.issue", license_id)

        await self._database.write(work)

    async def revoke_registry_tokens(self, license_id: str, origin: Origin) -> int:
        """Make all registry tokens of a license useless; return how many were live."""

        def work(connection: sqlite3.Connection) -> int:
            revoked = connection.execute(REVOKE_REGISTRY_BEARERS, (origin.now, license_id)).rowcount
            if revoked:
                note(connection, origin.now, origin.who, "registry-tokens.revoke", license_id)
            return revoked

        return await self._database.write(work)

    def registry_tokens(self, license_id: str) -> int:
        """Count the live registry tokens of a license."""
        with self._database.read() as connection:
            return cast(int, connection.execute(REGISTRY_BEARERS, (license_id,)).fetchone()[0])

    def _one(self, query: str, key: str | bytes) -> License | None:
        with self._database.read() as connection:
            row = connection.execute(query, (key,)).fetchone()
        return None if row is None else _license(row)


def _status(now: int) -> ColumnElement[str]:
    """Say in SQL what ``licensing.rules.status`` says; a test compares the two."""
    c = licenses.c
    trial = c.trial != 0
    grace = c.expires + c.grace_days * DAY_SECONDS > now
    return case(
        (c.revoked_at.is_not(None), literal("revoked")),
        (c.starts > now, literal("scheduled")),
        (and_(c.expires > now, trial), literal("trial")),
        (c.expires > now, literal("active")),
        (grace, literal("grace")),
        else_=literal("expired"),
    )


def _add_term(connection: sqlite3.Connection, license: License, origin: Origin) -> None:
    digest = hashlib.sha256(license.token.encode()).digest()
    starts = max(origin.now, license.starts)
    values = (license.id, digest, license.trial, starts, license.expires, origin.now, license.id)
    connection.execute(ADD_TERM, values)


def _license_values(license: License) -> tuple[str | int, ...]:
    return (
        license.id,
        license.customer,
        license.edition,
        json.dumps(license.features),
        license.seats,
        license.trial,
        license.starts,
        license.expires,
        license.grace_days,
        license.created_at,
        license.token,
    )


# Any: a row of SQLite has a type of its own in each column.
def _license(row: tuple[Any, ...]) -> License:
    values = dict(zip(License.__struct_fields__, row, strict=True))
    values["features"] = json.loads(values["features"])
    values["trial"] = bool(values["trial"])
    return License(**values)


def _customer(row: tuple[str, str, str, str | None, int]) -> Customer:
    customer_id, name, email, segment, created_at = row
    return Customer(
        id=customer_id, name=name, email=email, segment=segment, created=moment(created_at)
    )
