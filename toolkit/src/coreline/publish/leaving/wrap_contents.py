# SPDX-License-Identifier: Apache-2.0
"""Which contents ever lay in a wrap: remembered beside the ledger, so a run costs what is new.

A small database holds the ids and where each was first seen, and up to which commits it knows.
It can be deleted at any time and is then made again.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from coreline.manifest.claims import Line
from coreline.publish.folders import Folders
from coreline.publish.leaving.raw import Change, changes
from coreline.publish.private import Private

_TABLES = """
create table if not exists content (id blob primary key, path blob) without rowid;
create table if not exists tip (id blob primary key) without rowid;
"""
_ROUND = 500
_SEARCHED_MAX = 5000


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

    def learn(self, private: Private, wanted: Collection[bytes] = ()) -> list[Change] | None:
        """Take in what the branches brought since they were last looked at: all of them, since
        what lies in a wrap on a branch that is not published may be copied to one that is.

        Args:
            private: the repository and its branches.
            wanted: commits of which the contents of the core are asked for as well.

        Returns:
            What the wanted commits brought to the core; None where they were looked at before.

        Raises:
            OSError: the disk did not take it.
        """
        with self._opened() as base:
            known = [bytes(row[0]) for row in base.execute("select id from tip")]
            tips = private.all_tips
            if set(tips) <= set(known):
                return None
            commits = private.commits(known, tips=tips)
            self.commits_read += len(commits)
            asked = frozenset(wanted)
            if not asked <= frozenset(commits):
                asked = frozenset()
            folders = [] if asked else self._folders()
            core: list[Change] = []
            wrap = self._sorted(changes(private.git, commits, *folders), asked, core)
            base.executemany("insert or ignore into content values (?, ?)", wrap)
            base.execute("delete from tip")
            base.executemany("insert into tip values (?)", [(tip,) for tip in tips])
            return core if asked else None

    def _sorted(
        self, found: Iterable[Change], asked: Collection[bytes], core: list[Change]
    ) -> Iterator[tuple[bytes, bytes]]:
        """Yield what lay in a wrap, and put into a list what wanted commits have in the core."""
        folders = Folders(self._line)
        extents: dict[str, str] = {}
        for one in found:
            folder, _, _ = one.path.rpartition("/")
            side: str | None = extents.get(folder)
            if side is None:
                side = extents[folder] = folders.extent(folder)
            if side not in ("core", "wrap"):
                side = self._line.side(one.path)
            if side == "wrap":
                yield one.blob, one.path.encode("utf-8", "surrogateescape")
            elif side == "core" and one.commit in asked:
                core.append(one)

    def among(self, blobs: Iterable[bytes]) -> dict[bytes, str]:
        """Return those of some contents that lay in a wrap, and where."""
        wanted = list(dict.fromkeys(blobs))
        found: dict[bytes, str] = {}
        with self._opened() as base:
            if len(wanted) > _SEARCHED_MAX:
                # Asked about most of a history, the database is faster to read through.
                known = set(wanted)
                for name, path in base.execute("select id, path from content"):
                    if name in known:
                        found[name] = path.decode("utf-8", "surrogateescape")
                return found
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
