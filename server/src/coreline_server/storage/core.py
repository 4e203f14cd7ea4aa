# SPDX-License-Identifier: Apache-2.0
"""Run SQLAlchemy Core statements on a plain SQLite connection.

Core composes the statements that vary (filters, pages); the connection stays the one of
``database``, so there is one writer and one transaction. Hot paths use plain SQL instead.
"""

import sqlite3

from sqlalchemy import ClauseElement
from sqlalchemy.dialects import sqlite

_DIALECT = sqlite.dialect(paramstyle="named")


def run(connection: sqlite3.Connection, statement: ClauseElement) -> sqlite3.Cursor:
    """Execute a statement whose columns are integers, text and bytes (as all of ours are)."""
    compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    return connection.execute(str(compiled), compiled.params)
