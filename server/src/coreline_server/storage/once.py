# SPDX-License-Identifier: Apache-2.0
"""Idempotency keys: a request that is sent again makes nothing a second time."""

import sqlite3
from typing import cast

from coreline.errors import InputError
from coreline_server.licensing.store import Origin

FIND = "SELECT request_sha256, result FROM idempotency WHERE caller = ? AND key = ?"
KEEP = (
    "INSERT INTO idempotency (caller, key, request_sha256, result, created_at)"
    " VALUES (?, ?, ?, ?, ?)"
)
FORGET = "DELETE FROM idempotency WHERE created_at < ?"
KEPT_SECONDS = 7 * 86_400


def earlier(connection: sqlite3.Connection, origin: Origin) -> str | None:
    """Return what an earlier request with the same key made.

    Raises:
        InputError: the earlier request asked for something else (``idempotency-key-reused``).
    """
    if origin.key is None:
        return None
    row = connection.execute(FIND, (origin.who, origin.key)).fetchone()
    if row is None:
        return None
    if row[0] != origin.request:
        raise InputError(
            "idempotency-key-reused",
            "The idempotency key was used for another request before.",
            "Use a new key for each request, and the same one only for its retries.",
        )
    return cast(str, row[1])


def keep(connection: sqlite3.Connection, origin: Origin, result: str) -> None:
    """Remember what a request made, and forget those of a week ago."""
    if origin.key is not None:
        connection.execute(FORGET, (origin.now - KEPT_SECONDS,))
        values = (origin.who, origin.key, origin.request, result, origin.now)
        connection.execute(KEEP, values)
