# SPDX-License-Identifier: Apache-2.0
"""From the network to the store: append durably, load in the background, forget in time."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime, timedelta

from coreline_server.telemetry.model import Stored
from coreline_server.telemetry.rules import microseconds
from coreline_server.telemetry.spool import Spool
from coreline_server.telemetry.store import EventStore, Facts

LOAD_SECONDS = 10.0
OVERLAP_SECONDS = 600
RETENTION_DAYS = 365
FORGET_EVERY = timedelta(days=1)

log = logging.getLogger("coreline.telemetry")


class Ingest:
    """Takes events and loads them.

    Args:
        spool: where events are safe first.
        store: where questions are asked.
        facts: what the server itself knows; read at each load, each fact once.
        clock: the time, in UTC.
        retention_days: how long an event is kept.
        load_seconds: how often segments are loaded.
    """

    def __init__(
        self,
        spool: Spool,
        store: EventStore,
        facts: Facts,
        *,
        clock: Callable[[], datetime],
        retention_days: int = RETENTION_DAYS,
        load_seconds: float = LOAD_SECONDS,
    ) -> None:
        self._spool = spool
        self._store = store
        self._facts = facts
        self._clock = clock
        self._retention = timedelta(days=retention_days)
        self._load_seconds = load_seconds
        self._told: dict[str, int] = {}
        self._since = 0
        self._forgot: datetime | None = None
        self._loading = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="events-loader", daemon=True)

    def start(self) -> None:
        """Begin to load in the background."""
        self._thread.start()

    async def accept(self, events: Sequence[Stored]) -> None:
        """Take events; they are durable when this returns.

        Raises:
            OutsideError: the disk refuses them (``spool-not-durable``).
        """
        if events:
            await asyncio.wrap_future(self._spool.append(events))

    def record(self, event: Stored) -> Future[None]:
        """Take one event of the server itself, from any thread, without waiting for the disk.

        A caller that must not lose it waits for the result.
        """
        return self._spool.append([event])

    def load(self) -> int:
        """Load all that was taken before this call; return how many events are new.

        Raises:
            OutsideError: the disk or the store fails; what was taken stays in its segments.
        """
        with self._loading:
            self._tell_facts()
            self._spool.rotate()
            segments = self._spool.closed()
            new = self._store.load(segments) if segments else 0
            self._spool.remove(segments)
            self._forget()
            return new

    def close(self) -> None:
        """Stop loading, and close the spool. What is not loaded yet is loaded at the next start."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
        self._spool.close()

    def _run(self) -> None:
        while not self._stop.wait(self._load_seconds):
            try:
                self.load()
            except Exception:
                # The events are safe in their segments, and the next round tries again.
                log.exception("events could not be loaded")

    def _tell_facts(self) -> None:
        """Append the facts that are new since the last time.

        A fact whose transaction ends late has an earlier time than one already told, so the last
        minutes are read again; a restart reads all again. The store ignores ids that it has.
        """
        now = int(self._clock().timestamp())
        new = [event for event in self._facts.facts(self._since) if event.id not in self._told]
        if new:
            self._spool.append(new).result()
        self._since = max(now - OVERLAP_SECONDS, 0)
        self._told |= {event.id: event.at_us for event in new}
        oldest = self._since * 1_000_000
        self._told = {key: at_us for key, at_us in self._told.items() if at_us >= oldest}

    def _forget(self) -> None:
        now = self._clock()
        if self._forgot is None or now - self._forgot >= FORGET_EVERY:
            self._store.forget(microseconds(now - self._retention))
            self._forgot = now
