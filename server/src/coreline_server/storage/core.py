# SPDX-License-Identifier: Apache-2.0
"""Run SQLAlchemy Core statements on a plain SQLite connection.

Core composes the statements that vary (filters, pages); the connection stays the one of
``database``, so there is one writer and one transaction. Hot paths use plain SQL instead.
"""

import sqlite3
from typing import Any

from sqlalchemy import ClauseElement, Select, and_, or_
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.expression import FromClause

from coreline_server.licensing.pages import Cursor

_DIALECT = sqlite.dialect(paramstyle="named")


def run(connection: sqlite3.Connection, statement: ClauseElement) -> sqlite3.Cursor:
    """Execute a statement whose columns are integers, text and bytes (as all of ours are)."""
    compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    return connection.execute(str(compiled), compiled.params)


# Any: the columns that a query selects have types of their own.
def page(query: "Select[Any]", table: FromClause, after: Cursor | None) -> "Select[Any]":
    """Order a query by newest first, and begin after a row."""
    c = table.c
    query = query.order_by(c.created_at.desc(), c.id.desc())
    if after is None:
        return query
    same_second = and_(c.created_at == after.created_at, c.id < after.id)
    return query.where(or_(c.created_at < after.created_at, same_second))
