# SPDX-License-Identifier: Apache-2.0
"""One SQLite file: a single writer thread with group commit, and a read connection per thread.

A write is a function that gets the writer's connection. Functions that arrive while another commit
is on its way to the disk share the next one, so a thousand writers cost a few fsyncs and not a
thousand. Each runs in a savepoint of its own: one that raises takes back its own changes alone.
What a write returned is handed over only after the commit is durable (``synchronous=FULL``).

Because all writes pass through one thread, "count, then insert" inside one write cannot race.
The tables are in ``schema``; statements on the hot paths are plain SQL, prepared once by the
connection's statement cache.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from coreline.errors import OutsideError

T = TypeVar("T")

GROUP_MAX = 256
BUSY_TIMEOUT_MS = 5_000
STATEMENTS_CACHED = 256

# Any: one queue carries writes of every result type; `write` and `write_now` give it back typed.
Work = Callable[[sqlite3.Connection], Any]


@dataclass(slots=True)
class _Job:
    """One write, and who waits for it: a coroutine of a loop, or a thread."""

    work: Work
    future: "asyncio.Future[Any] | Future[Any]"
    loop: asyncio.AbstractEventLoop | None = None
    value: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        """Hand over the result, on the thread where the waiter lives."""
        if self.future.done():  # The waiter was cancelled; the write itself stands.
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.value)


class Database:
    """The server's relational data in one file.

    Args:
        path: the file; made when it is missing. Its folder must exist.

    Raises:
        OutsideError: the file cannot be opened (``database-cannot-open``).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed = False
        self._writer = _connect(path)
        self._thread = threading.Thread(target=self._run, name="database-writer", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[sqlite3.Connection], T]) -> Awaitable[T]:
        """Run a function in the writer's transaction; the awaited result is durable.

        The function must not block, must not commit, and must not keep the connection.

        Raises:
            OutsideError: the database is closed (``database-closed``).
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._enqueue(_Job(work, future, loop))
        return future

    def write_now(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do what ``write`` does for a caller without an event loop, and wait for it."""
        future: Future[T] = Future()
        self._enqueue(_Job(work, future))
        return future.result()

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's read connection. It sees every write that was handed over before.

        Statements outside a transaction see the newest data each; the connection refuses writes.
        """
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._open_reader()
        yield connection

    def close(self) -> None:
        """Finish the writes that were accepted, fold the log into the file, close everything."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._thread.join()
        for connection in self._readers:
            connection.close()
        with contextlib.suppress(sqlite3.OperationalError):  # Another process still reads.
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._writer.close()

    def _enqueue(self, job: _Job) -> None:
        with self._lock:
            if self._closed:
                raise OutsideError("database-closed", "The server is shutting down.", "Try again.")
            self._jobs.put(job)

    def _open_reader(self) -> sqlite3.Connection:
        connection = _connect(self.path)
        connection.execute("PRAGMA query_only=ON")
        self._local.connection = connection
        with self._lock:
            self._readers.append(connection)
        return connection

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            group, last = self._gather(job)
            self._commit(group)
            _settle(group)
            if last:
                return

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        group = [first]
        with contextlib.suppress(queue.Empty):
            while len(group) < GROUP_MAX:
                job = self._jobs.get_nowait()
                if job is None:
                    return group, True
                group.append(job)
        return group, False

    def _commit(self, group: list[_Job]) -> None:
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            for job in group:
                self._attempt(job)
            self._writer.execute("COMMIT")
        except Exception as error:  # Whatever it was, the writer thread must live and say it.
            with contextlib.suppress(sqlite3.Error):  # Such as: a disk that is gone.
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
            failure = OutsideError(
                "database-write-failed",
                f"The database could not be written: {error}.",
                "Check the free space and the permissions of the data directory.",
            )
            failure.__cause__ = error
            for job in group:
                job.value, job.error = None, job.error or failure

    def _attempt(self, job: _Job) -> None:
        self._writer.execute("SAVEPOINT job")
        try:
            job.value = job.work(self._writer)
        except BaseException as error:  # The waiter gets it; the writer thread must go on.
            # A full disk ends the whole transaction by itself, so there may be nothing to undo.
            if not self._writer.in_transaction:
                raise
            self._writer.execute("ROLLBACK TO job")
            job.error = error
        self._writer.execute("RELEASE job")


def _connect(path: Path) -> sqlite3.Connection:
    try:
        connection = sqlite3.connect(
            path,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=STATEMENTS_CACHED,
            timeout=BUSY_TIMEOUT_MS / 1000,
        )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
    except sqlite3.Error as error:
        raise OutsideError(
            "database-cannot-open",
            f"{path} cannot be opened: {error}.",
            "Check that the data directory exists and that this user may write in it.",
        ) from error
    return connection


def _settle(group: list[_Job]) -> None:
    """Hand over a group's results, waking each event loop once and not once per write."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in group:
        if job.loop is None:
            job.settle()
        else:
            by_loop.setdefault(job.loop, []).append(job)
    for loop, jobs in by_loop.items():
        with contextlib.suppress(RuntimeError):  # The loop is gone, and its waiters with it.
            loop.call_soon_threadsafe(_settle_all, jobs)


def _settle_all(jobs: list[_Job]) -> None:
    for job in jobs:
        job.settle()
