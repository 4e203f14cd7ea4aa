# SPDX-License-Identifier: Apache-2.0
"""Append to the audit log inside the write that does the action: both are durable, or neither."""

import sqlite3

from msgspec.structs import replace

from coreline_server.auth.model import AuditEntry
from coreline_server.auth.rules import GENESIS, audit_hash

LAST = "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1"
APPEND = (
    "INSERT INTO audit (sequence, at, who, what, subject, previous, hash)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def note(connection: sqlite3.Connection, at: int, who: str, what: str, subject: str) -> None:
    """Append an entry whose hash covers the entry before it. ``at`` is seconds since 1970."""
    sequence, previous = connection.execute(LAST).fetchone() or (0, GENESIS)
    entry = AuditEntry(
        sequence=sequence + 1,
        at=at,
        who=who,
        what=what,
        subject=subject,
        previous=previous,
        hash=b"",
    )
    entry = replace(entry, hash=audit_hash(entry))
    connection.execute(
        APPEND,
        (entry.sequence, at, who, what, subject, entry.previous, entry.hash),
    )
