# SPDX-License-Identifier: Apache-2.0
"""The one writer: what it acknowledges is durable, and one failure is nobody else's."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coreline.errors import OutsideError
from coreline_server.storage.database import GROUP_MAX, Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "a.sqlite")
    database.write_now(lambda connection: connection.execute("CREATE TABLE t (n INTEGER UNIQUE)"))
    yield database
    database.close()


def insert(number: int) -> Callable[[sqlite3.Connection], int]:
    return lambda connection: connection.execute("INSERT INTO t VALUES (?)", (number,)).rowcount


def numbers(database: Database) -> list[int]:
    with database.read() as connection:
        return [row[0] for row in connection.execute("SELECT n FROM t ORDER BY n")]


def test_many_writers_share_commits_and_lose_nothing(database: Database) -> None:
    async def main() -> None:
        await asyncio.gather(*(database.write(insert(n)) for n in range(3 * GROUP_MAX)))

    asyncio.run(main())
    assert numbers(database) == list(range(3 * GROUP_MAX))


def test_what_was_acknowledged_is_on_the_disk(database: Database) -> None:
    database.write_now(insert(1))
    other = sqlite3.connect(database.path)
    try:
        assert other.execute("SELECT n FROM t").fetchall() == [(1,)]
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    finally:
        other.close()


def test_a_write_that_raises_takes_back_only_its_own(database: Database) -> None:
    def half(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO t VALUES (100)")
        connection.execute("INSERT INTO t VALUES (1)")

    async def main() -> list[object]:
        work = [database.write(w) for w in (insert(1), half, insert(2), insert(3))]
        return await asyncio.gather(*work, return_exceptions=True)

    results = asyncio.run(main())
    assert [type(result) for result in results] == [int, sqlite3.IntegrityError, int, int]
    assert numbers(database) == [1, 2, 3]


def test_a_commit_that_fails_is_told_to_everyone_in_it(database: Database) -> None:
    def ruin(connection: sqlite3.Connection) -> None:
        connection.execute("ROLLBACK")
        raise sqlite3.OperationalError("database or disk is full")

    async def main() -> list[object]:
        release = threading.Event()
        first = database.write(lambda _: release.wait(5))
        rest = [database.write(insert(1)), database.write(ruin)]
        release.set()
        return await asyncio.gather(first, *rest, return_exceptions=True)

    results = asyncio.run(main())
    assert isinstance(results[1], OutsideError)
    assert results[1].code == "database-write-failed"
    assert numbers(database) == []
    assert database.write_now(insert(7)) == 1


def test_a_waiter_that_left_does_not_stop_the_writer(database: Database) -> None:
    async def main() -> None:
        left = asyncio.ensure_future(database.write(insert(1)))
        left.cancel()
        assert await database.write(insert(2)) == 1

    asyncio.run(main())
    assert numbers(database) == [1, 2]


def test_readers_cannot_write(database: Database) -> None:
    with database.read() as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("INSERT INTO t VALUES (1)")


def test_each_thread_reads_through_its_own_connection(database: Database) -> None:
    seen: list[sqlite3.Connection] = []

    def look() -> None:
        with database.read() as connection:
            seen.append(connection)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    look()
    look()
    assert seen[0] is not seen[1]
    assert seen[1] is seen[2]


def test_close_finishes_what_was_accepted(tmp_path: Path) -> None:
    database = Database(tmp_path / "b.sqlite")
    database.write_now(lambda connection: connection.execute("CREATE TABLE t (n INTEGER)"))

    async def main() -> list[int]:
        work = [database.write(insert(n)) for n in range(50)]
        await asyncio.to_thread(database.close)
        return await asyncio.gather(*work)

    assert asyncio.run(main()) == [1] * 50
    with pytest.raises(OutsideError, match="shutting down"):
        database.write_now(insert(1))
    database.close()
    assert not (tmp_path / "b.sqlite-wal").exists()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutsideError) as caught:
        Database(tmp_path / "no" / "a.sqlite")
    assert caught.value.code == "database-cannot-open"


class Failing:
    """A connection to a disk that is gone: it begins, then nothing works, not even going back."""

    in_transaction = True

    def execute(self, statement: str) -> None:
        if statement == "BEGIN IMMEDIATE":
            return
        raise sqlite3.OperationalError("disk I/O error")


def test_the_writer_outlives_a_disk_that_is_gone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = database._writer
    monkeypatch.setattr(database, "_writer", Failing())
    with pytest.raises(OutsideError, match="disk I/O error"):
        database.write_now(insert(1))
    monkeypatch.setattr(database, "_writer", real)
    assert database.write_now(insert(2)) == 1
    assert numbers(database) == [2]
