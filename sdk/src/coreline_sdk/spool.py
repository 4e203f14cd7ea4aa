# SPDX-License-Identifier: Apache-2.0
"""Events on disk that wait to be acknowledged, first in, first out.

SQLite, because several processes of one product may share the file, and any of them may be killed.
"""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TypedDict, cast

EVENTS_MAX = 20_000
_BUSY_SECONDS = 0.2
_SCHEMA = "CREATE TABLE IF NOT EXISTS events (number INTEGER PRIMARY KEY, id TEXT, body TEXT)"


class _Required(TypedDict):
    id: str
    install: str
    name: str
    at: str
    product: str


class Event(_Required, total=False):
    """One event, as it is sent."""

    version: str
    feature: str
    signals: dict[str, str | int | float | bool]


class Spool:
    """A bounded queue on disk. What one process left, the next one sends.

    No method raises: each says whether the disk did it.

    Args:
        path: the file; its folder must be there.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._lock = Lock()
        self._open: sqlite3.Connection | None = None

    def append(self, event: Event) -> bool:
        """Keep an event; return False when it was not kept."""
        body = json.dumps(event, separators=(",", ":"))
        with self._lock:
            try:
                with self._connection() as connection:
                    full = "SELECT count(*) >= ? FROM events"
                    if connection.execute(full, (EVENTS_MAX,)).fetchone()[0]:
                        return False
                    row = (event["id"], body)
                    connection.execute("INSERT INTO events (id, body) VALUES (?, ?)", row)
            except sqlite3.Error:
                return False
        return True

    def first(self, count: int) -> list[Event]:
        """Return the events that have waited longest; none when the disk fails."""
        with self._lock:
            try:
                rows = self._connection().execute(
                    "SELECT body FROM events ORDER BY number LIMIT ?", (count,)
                )
                return [cast("Event", json.loads(body)) for (body,) in rows]
            except (sqlite3.Error, ValueError):
                return []

    def drop(self, ids: Sequence[str]) -> bool:
        """Forget acknowledged events. When it fails, they are sent again, and dropped by id."""
        with self._lock:
            try:
                with self._connection() as connection:
                    connection.executemany("DELETE FROM events WHERE id = ?", [(i,) for i in ids])
            except sqlite3.Error:
                return False
        return True

    def close(self) -> None:
        """Close the file. A later call opens it again."""
        with self._lock:
            if self._open is not None:
                self._open.close()
                self._open = None

    def mend(self) -> None:
        """Leave the parent's connection alone: SQLite's must not be used across a fork."""
        self._lock = Lock()
        _abandoned.append(self._open)
        self._open = None

    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            self._open = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, check_same_thread=False)
            self._open.execute("PRAGMA journal_mode = WAL")
            self._open.execute(_SCHEMA)
            self._open.execute("CREATE INDEX IF NOT EXISTS by_id ON events (id)")
        return self._open


# Closing a connection in a child would release the locks that the parent holds on the file
# (sqlite.org, "How To Corrupt", 2.6), and so would its being collected.
_abandoned: list[sqlite3.Connection | None] = []
