# SPDX-License-Identifier: Apache-2.0
"""Events in one DuckDB file. Loads segments, each once ever, and forgets what is old.

The number of a segment is kept in the same transaction as its events, so a crash between loading
and deleting it cannot load it twice. Times are integers of microseconds, so no time zone of a
machine or a session can shift them.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from coreline.errors import OutsideError

_TABLES = """
    CREATE TABLE IF NOT EXISTS events (
        id VARCHAR NOT NULL,
        install VARCHAR,
        name VARCHAR NOT NULL,
        feature VARCHAR,
        version VARCHAR,
        license VARCHAR,
        segment VARCHAR,
        signals JSON,
        at_us BIGINT NOT NULL,
        seq BIGINT NOT NULL
    );
    CREATE TABLE IF NOT EXISTS segments (number BIGINT NOT NULL);
"""
_COLUMNS = {
    "id": "VARCHAR",
    "install": "VARCHAR",
    "name": "VARCHAR",
    "feature": "VARCHAR",
    "version": "VARCHAR",
    "license": "VARCHAR",
    "segment": "VARCHAR",
    "signals": "JSON",
    "at_us": "BIGINT",
    "seq": "BIGINT",
}
_LOAD = f"""
    INSERT INTO events
    SELECT {", ".join(_COLUMNS)}
    FROM read_json(
        $paths,
        format = 'newline_delimited',
        columns = {_COLUMNS!r},
        maximum_object_size = 33554432
    ) AS fresh
    WHERE NOT EXISTS (SELECT 1 FROM events WHERE events.id = fresh.id)
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY seq) = 1
"""  # noqa: S608 - the columns are a constant of this module.


class DuckEvents:
    """Implements ``telemetry.store.EventStore``.

    Args:
        path: the file; made when it is missing.

    Raises:
        OutsideError: it cannot be opened (``events-cannot-open``).
    """

    def __init__(self, path: Path) -> None:
        try:
            self._connection = duckdb.connect(str(path))
            self._connection.execute(_TABLES)
        except duckdb.Error as error:
            raise OutsideError(
                "events-cannot-open",
                f"{path} cannot be opened: {error}.",
                "Check that no other server uses it and that this user may write it.",
            ) from error

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection for one thread."""
        return self._connection.cursor()

    def newest_segment(self) -> int:
        """Return the number of the newest segment that was ever loaded; 0 for none."""
        with self.cursor() as cursor:
            row = cursor.execute("SELECT max(number) FROM segments").fetchone()
        return int(row[0]) if row and row[0] is not None else 0

    def load(self, segments: Sequence[tuple[int, Path]]) -> int:
        """Load segments, each once ever, each event id once; return how many events are new."""
        with self.cursor() as cursor:
            try:
                cursor.begin()
                new = _load(cursor, segments)
                cursor.commit()
            except duckdb.Error as error:
                cursor.rollback()
                raise OutsideError(
                    "events-not-loaded",
                    f"The events could not be loaded: {error}.",
                    "Nothing is lost: they stay in the spool and are tried again.",
                ) from error
        return new

    def forget(self, before_us: int) -> int:
        """Delete the events from before a time; return how many."""
        with self.cursor() as cursor:
            row = cursor.execute("DELETE FROM events WHERE at_us < ?", [before_us]).fetchone()
        return int(row[0]) if row else 0

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def _load(cursor: duckdb.DuckDBPyConnection, segments: Sequence[tuple[int, Path]]) -> int:
    done = {number for (number,) in cursor.execute("SELECT number FROM segments").fetchall()}
    fresh = [(number, path) for number, path in segments if number not in done]
    row = None
    if paths := [str(path) for _, path in fresh if path.stat().st_size]:
        row = cursor.execute(_LOAD, {"paths": paths}).fetchone()
    here = [number for number, _ in segments]
    # A number is needed only while its file may come again, and the newest to go on from.
    cursor.execute(
        "DELETE FROM segments WHERE NOT list_contains(?, number)"
        " AND number < (SELECT max(number) FROM segments)",
        [here],
    )
    if fresh:
        cursor.executemany("INSERT INTO segments VALUES (?)", [[number] for number, _ in fresh])
    return int(row[0]) if row else 0
