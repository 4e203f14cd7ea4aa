# SPDX-License-Identifier: Apache-2.0
"""Which contents ever lay in a wrap: remembered beside the ledger, so a run costs what is new.

A small database holds the ids and where each was first seen, and up to which commits it knows.
It can be deleted at any time and is then made again.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from coreline.manifest.claims import Line
from coreline.publish.leaving.raw import changes
from coreline.publish.private import Private

_TABLES = """
create table if not exists content (id blob primary key, path blob) without rowid;
create table if not exists tip (id blob primary key) without rowid;
"""
_ROUND = 500


class WrapContents:
    """The contents that lay in a wrap at some time.

    Args:
        path: the database.
        line: which paths are a wrap's.
    """

    def __init__(self, path: Path, line: Line) -> None:
        self._path = path
        self._line = line
        self.commits_read = 0
        """How many commits were looked through: the cost, for tests."""

    def learn(self, private: Private) -> None:
        """Take in what the branch brought since it was last looked at.

        Raises:
            OSError: the disk did not take it.
        """
        with self._opened() as base:
            known = [bytes(row[0]) for row in base.execute("select id from tip")]
            if private.tip in known:
                return
            commits = private.commits(known)
            self.commits_read += len(commits)
            rows = (
                (one.blob, one.path.encode("utf-8", "surrogateescape"))
                for one in changes(private.git, commits, *self._folders())
                if self._line.side(one.path) == "wrap"
            )
            base.executemany("insert or ignore into content values (?, ?)", rows)
            base.execute("delete from tip")
            base.execute("insert into tip values (?)", (private.tip,))

    def among(self, blobs: Iterable[bytes]) -> dict[bytes, str]:
        """Return those of some contents that lay in a wrap, and where."""
        wanted = list(dict.fromkeys(blobs))
        found: dict[bytes, str] = {}
        with self._opened() as base:
            for start in range(0, len(wanted), _ROUND):
                some = wanted[start : start + _ROUND]
                marks = ",".join("?" * len(some))
                asked = base.execute(
                    f"select id, path from content where id in ({marks})",  # noqa: S608 - marks.
                    some,
                )
                found.update(
                    (bytes(name), bytes(path).decode("utf-8", "surrogateescape"))
                    for name, path in asked
                )
        return found

    def _folders(self) -> list[str]:
        """Return where wraps can be: the literal beginnings of their claims; none for anywhere."""
        heads = {_head(claim.pattern) for claim in self._line.claims if claim.side == "wrap"}
        return [] if "" in heads else sorted(heads)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            try:
                base = self._connect()
            except sqlite3.DatabaseError:
                # Damaged: what it says can be found again.
                self._path.unlink(missing_ok=True)
                base = self._connect()
            try:
                with base:
                    yield base
            finally:
                base.close()
        except sqlite3.Error as error:
            raise OSError(f"{self._path}: {error}") from error

    def _connect(self) -> sqlite3.Connection:
        base = sqlite3.connect(self._path)
        try:
            base.executescript(_TABLES)
        except sqlite3.DatabaseError:
            base.close()
            raise
        return base


def _head(pattern: str) -> str:
    """Return the folder, or the file, that a glob surely begins with."""
    ends = [at for at in (pattern.find("*"), pattern.find("?")) if at >= 0]
    if not ends:
        return pattern
    return pattern[: pattern.rfind("/", 0, min(ends)) + 1].rstrip("/")
