# SPDX-License-Identifier: Apache-2.0
"""Bring a database file to the newest schema. Runs at every start, before anything reads it.

A migration is one file ``versions/vNNNN_NAME.py``, whose number is its revision.
"""

import contextlib
import logging
import sqlite3
from pathlib import Path

from coreline.errors import OutsideError

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(path: Path) -> None:
    """Apply the migrations that a file lacks; make the file when it is missing.

    Raises:
        OutsideError: the file cannot be migrated (``database-cannot-migrate``).
    """
    # Alembic takes longer to import than the rest of a start takes, and is rarely needed.
    if revision(path) != newest():
        _upgrade(path)


def newest() -> str:
    """Return the revision of the newest migration."""
    return max(file.stem for file in (MIGRATIONS / "versions").glob("v*_*.py"))[1:5]


def revision(path: Path) -> str | None:
    """Return the revision of a file; None if it has none, or is not there."""
    if not path.is_file():
        return None
    with contextlib.closing(sqlite3.connect(path)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:
            return None
    return None if row is None else str(row[0])


def _upgrade(path: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError
    from sqlalchemy import URL, create_engine, event
    from sqlalchemy.exc import SQLAlchemyError

    # Alembic says at every start which database it found; only its warnings are of use.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = create_engine(URL.create("sqlite", database=str(path)))
    # The driver begins a transaction before rows are written, not before tables are made. Begun
    # here, a migration that is cut off leaves nothing, and the next start makes it whole.
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except (SQLAlchemyError, CommandError) as error:
        raise OutsideError(
            "database-cannot-migrate",
            f"{path} cannot be brought to this version's schema: {error}",
            "Check that the file is a Coreline database, not of a newer version, and writable.",
        ) from error
    finally:
        engine.dispose()


def _leave_transactions_to_us(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None
