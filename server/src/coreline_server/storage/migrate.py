# SPDX-License-Identifier: Apache-2.0
"""Bring a database file to the newest schema. Runs at every start, before anything reads it."""

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from coreline.errors import OutsideError

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(path: Path) -> None:
    """Apply the migrations that a file lacks; make the file when it is missing.

    Raises:
        OutsideError: the file cannot be migrated (``database-cannot-migrate``).
    """
    # Alembic says at every start which database it found; only its warnings are of use.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except SQLAlchemyError as error:
        raise OutsideError(
            "database-cannot-migrate",
            f"{path} cannot be brought to this version's schema: {error}",
            "Check that the file is a Coreline database and that this user may write it.",
        ) from error
    finally:
        engine.dispose()
