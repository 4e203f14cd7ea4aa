# SPDX-License-Identifier: Apache-2.0
"""Keeps passwords, sessions, API tokens and the audit log in SQLite."""

import json
import sqlite3
from typing import Any, cast

from sqlalchemy import Select, select

from coreline_server.auth.model import ApiToken, AuditEntry, Scope
from coreline_server.storage.audit import note
from coreline_server.storage.core import run
from coreline_server.storage.database import Database
from coreline_server.storage.schema import api_tokens, audit
from coreline_server.storage.times import moment, moment_or_none, seconds

PASSWORD = "password"  # noqa: S105 - the name of a setting, not a password.
SETUP = "setup"

SETTING = "SELECT value FROM settings WHERE key = ?"
SET = (
    "INSERT INTO settings (key, value) VALUES (?, ?)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)
UNSET = "DELETE FROM settings WHERE key = ?"
SESSION = "SELECT 1 FROM sessions WHERE token_sha256 = ? AND expires_at > ?"
KEEP_SESSION = "INSERT INTO sessions (token_sha256, created_at, expires_at) VALUES (?, ?, ?)"
DROP_SESSIONS = "DELETE FROM sessions WHERE expires_at <= ?"
END_SESSION = "DELETE FROM sessions WHERE token_sha256 = ?"
END_SESSIONS = "DELETE FROM sessions"
API_BEARER = (
    "SELECT id, name, scope, created_at, revoked_at FROM api_tokens"
    " WHERE token_sha256 = ? AND revoked_at IS NULL"
)
ADD_API_BEARER = (
    "INSERT INTO api_tokens (id, name, scope, token_sha256, created_at) VALUES (?, ?, ?, ?, ?)"
)
REVOKE_API_BEARER = "UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"


class SqliteAuthStore:
    """The ``AuthStore`` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def password(self) -> str | None:
        """Return what is kept of the console's password."""
        with self._database.read() as connection:
            return _setting(connection, PASSWORD)

    def setup_link(self) -> tuple[bytes, int] | None:
        """Return the hash of the setup token and when it expires."""
        with self._database.read() as connection:
            return _setup_link(connection)

    async def keep_setup_link(self, digest: bytes, expires_at: int) -> None:
        """Replace the setup link."""
        value = json.dumps([digest.hex(), expires_at])
        await self._database.write(lambda connection: connection.execute(SET, (SETUP, value)))

    async def finish_setup(
        self, link: bytes, password: str, token: ApiToken, digest: bytes
    ) -> bool:
        """Set the password, use up the link and keep a first token: all, or False and nothing."""

        def work(connection: sqlite3.Connection) -> bool:
            kept = _setup_link(connection)
            if kept is None or kept[0] != link or _setting(connection, PASSWORD) is not None:
                return False
            connection.execute(SET, (PASSWORD, password))
            connection.execute(UNSET, (SETUP,))
            _keep_token(connection, token, digest)
            note(connection, seconds(token.created), "setup", "password.set", "console")
            return True

        return await self._database.write(work)

    async def forget_password(self, now: int) -> bool:
        """Drop the password and all sessions, and note it; False if there is no password."""

        def work(connection: sqlite3.Connection) -> bool:
            found = connection.execute(UNSET, (PASSWORD,)).rowcount == 1
            connection.execute(END_SESSIONS)
            if found:
                note(connection, now, "operator", "password.forget", "console")
            return found

        return await self._database.write(work)

    def session_live(self, digest: bytes, now: int) -> bool:
        """Say whether a session exists and has not expired."""
        with self._database.read() as connection:
            return connection.execute(SESSION, (digest, now)).fetchone() is not None

    async def keep_session(self, digest: bytes, now: int, expires_at: int) -> None:
        """Keep a session, and drop those that expired."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(DROP_SESSIONS, (now,))
            connection.execute(KEEP_SESSION, (digest, now, expires_at))
            note(connection, now, "console", "session.open", "console")

        await self._database.write(work)

    async def end_session(self, digest: bytes) -> None:
        """Drop a session."""
        await self._database.write(lambda connection: connection.execute(END_SESSION, (digest,)))

    def api_token(self, digest: bytes) -> ApiToken | None:
        """Return the token with this hash, if it is not revoked."""
        with self._database.read() as connection:
            row = connection.execute(API_BEARER, (digest,)).fetchone()
        return None if row is None else _token(row)

    def api_tokens(self) -> list[ApiToken]:
        """Return all tokens, revoked ones too, newest first."""
        t = api_tokens.c
        query = select(t.id, t.name, t.scope, t.created_at, t.revoked_at)
        with self._database.read() as connection:
            rows = run(connection, query.order_by(t.created_at.desc(), t.id)).fetchall()
        return [_token(row) for row in rows]

    async def keep_api_token(self, token: ApiToken, digest: bytes, who: str) -> None:
        """Keep a token and note it in the audit log."""

        def work(connection: sqlite3.Connection) -> None:
            _keep_token(connection, token, digest)
            note(connection, seconds(token.created), who, "api-token.issue", token.id)

        await self._database.write(work)

    async def revoke_api_token(self, token_id: str, now: int, who: str) -> bool:
        """Revoke a token and note it; False if there is none with this id."""

        def work(connection: sqlite3.Connection) -> bool:
            found = connection.execute(REVOKE_API_BEARER, (now, token_id)).rowcount == 1
            if found:
                note(connection, now, who, "api-token.revoke", token_id)
            return found

        return await self._database.write(work)

    def audit(self, after: int, limit: int) -> list[AuditEntry]:
        """Return entries of the audit log whose sequence is greater than ``after``."""
        a = audit.c
        return self._entries(select(*a).where(a.sequence > after).order_by(a.sequence), limit)

    def newest_audit(self, limit: int) -> list[AuditEntry]:
        """Return the newest entries of the audit log, newest first."""
        return self._entries(select(*audit.c).order_by(audit.c.sequence.desc()), limit)

    # Any: the columns that a query selects have types of their own.
    def _entries(self, query: "Select[Any]", limit: int) -> list[AuditEntry]:
        query = query.limit(limit)
        with self._database.read() as connection:
            rows = run(connection, query).fetchall()
        names = AuditEntry.__struct_fields__
        return [AuditEntry(**dict(zip(names, row, strict=True))) for row in rows]


def _setting(connection: sqlite3.Connection, key: str) -> str | None:
    row = connection.execute(SETTING, (key,)).fetchone()
    return None if row is None else cast(str, row[0])


def _setup_link(connection: sqlite3.Connection) -> tuple[bytes, int] | None:
    value = _setting(connection, SETUP)
    if value is None:
        return None
    digest, expires_at = json.loads(value)
    return bytes.fromhex(digest), expires_at


def _keep_token(connection: sqlite3.Connection, token: ApiToken, digest: bytes) -> None:
    values = (token.id, token.name, token.scope, digest, seconds(token.created))
    connection.execute(ADD_API_BEARER, values)


def _token(row: tuple[str, str, Scope, int, int | None]) -> ApiToken:
    token_id, name, scope, created_at, revoked_at = row
    return ApiToken(
        id=token_id,
        name=name,
        scope=scope,
        created=moment(created_at),
        revoked=moment_or_none(revoked_at),
    )
