# SPDX-License-Identifier: Apache-2.0
"""Opt-in telemetry: off unless the operator turned it on; never in the product's way.

Nothing is recorded, written or sent until then. Afterwards, recording puts a small dict in a
bounded queue; a background thread posts batches and waits longer after each failure. With a spool
file, what was recorded survives the process and is sent at least once: each event has an id by
which the server drops repetitions. The only identity is a random number kept in a file.
"""

import json
import math
import os
import threading
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from coreline_sdk.forking import mend_after_fork
from coreline_sdk.spool import Event, Spool
from coreline_sdk.transport import Transport, UrllibTransport

QUEUE_MAX = 10_000
BATCH_MAX = 500
INTERVAL_SECONDS = 60.0
BACKOFF_SECONDS_MAX = 3_600.0
CLOSE_SECONDS = 5.0
GATES_MAX = 1_000

Clock = Callable[[], datetime]
Signals = Mapping[str, str | int | float | bool]

_REFUSALS = frozenset({400, 413, 422})
"""What the server calls malformed will not become better by being sent again."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Telemetry:
    """Counts what operators agreed to have counted.

    Args:
        url: the server's address for events, such as ``https://…/v1/events``.
        install_id: the path of the file that keeps the random id of this installation.
        product: the product's name.
        version: its version, if it is to be told.
        transport: how to post; the default is urllib.
        enabled: True or False when the operator said so in the product's own settings; None for
            the environment variable ``CORELINE_TELEMETRY=1``. ``DO_NOT_TRACK=1`` beats all.
        spool: the path of a file in which to keep events until they are acknowledged.
        clock: the time, aware.
        background: whether to send from a thread; False leaves sending to ``flush``.
    """

    def __init__(
        self,
        url: str,
        install_id: str | Path,
        *,
        product: str,
        version: str | None = None,
        transport: Transport | None = None,
        enabled: bool | None = None,
        spool: str | Path | None = None,
        clock: Clock = _utc_now,
        background: bool = True,
    ) -> None:
        self.enabled = _consent(enabled)
        self._url, self._product, self._version = url, product, version
        self._install_path = Path(install_id)
        self._transport: Transport = transport or UrllibTransport()
        self._clock, self._background = clock, background
        self._queue: deque[Event] = deque(maxlen=QUEUE_MAX)
        self._spool = Spool(spool) if spool is not None and self.enabled else None
        self._gates: dict[tuple[str, str, bool], int] = {}
        self._install: str | None = None
        self._state, self._sending, self._stop = Lock(), Lock(), threading.Event()
        self._thread: threading.Thread | None = None
        self._failures = 0
        mend_after_fork(self)

    def record(
        self, name: str, *, feature: str | None = None, signals: Signals | None = None
    ) -> None:
        """Note that something happened. Never waits for a network and never raises."""
        if self.enabled:
            self._put(self._event(name, feature, signals))

    def gate(self, feature: str, *, opened: bool) -> None:
        """Count that a gate was asked. Sent as one event for each day, feature and answer.

        An open gate reaches this about once a minute and feature, however often it is asked,
        because the hot path of ``Coreline.entitled`` must not count.
        """
        if not self.enabled:
            return
        key = (self._clock().date().isoformat(), feature, opened)
        with self._state:
            if key in self._gates or len(self._gates) < GATES_MAX:
                self._gates[key] = self._gates.get(key, 0) + 1
        self._start()

    def flush(self, *, close_day: bool = False) -> bool:
        """Send what is waiting, now and in this thread. Never raises.

        Args:
            close_day: send today's gate counts too, as at the end of a process.

        Returns:
            Whether everything was acknowledged.
        """
        if not self.enabled:
            return True
        self._collect_gates(close_day=close_day)
        with self._sending:
            while batch := self._next_batch():
                if not self._post(batch):
                    self._failures += 1
                    return False
                self._failures = 0
                if not self._acknowledge(batch):
                    return False
        return True

    def close(self) -> None:
        """Stop the background thread, send once more, and record nothing from now on."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=CLOSE_SECONDS)
        self.flush(close_day=True)
        self.enabled = False
        if self._spool is not None:
            self._spool.close()

    def mend(self) -> None:
        """Go on in a forked child, where the thread is gone and the parent sends its own."""
        self._state, self._sending, self._stop = Lock(), Lock(), threading.Event()
        self._thread = None
        self._queue.clear()
        self._gates.clear()
        if self._spool is not None:
            self._spool.mend()

    @property
    def install(self) -> str:
        """The random id of this installation; made and kept at its first use."""
        if self._install is None:
            self._install = _install_id(self._install_path)
        return self._install

    def _event(self, name: str, feature: str | None, signals: Signals | None) -> Event:
        event: Event = {
            "id": str(uuid.uuid4()),
            "install": self.install,
            "name": name,
            "at": self._clock().astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "product": self._product,
        }
        if self._version is not None:
            event["version"] = self._version
        if feature is not None:
            event["feature"] = feature
        if signals:
            # What JSON cannot say is left out here, or the server would refuse the whole batch.
            event["signals"] = {key: value for key, value in signals.items() if _plain(value)}
        return event

    def _put(self, event: Event) -> None:
        # A spool that cannot be written falls back to memory: the product must not notice.
        if self._spool is None or not self._spool.append(event):
            with self._state:
                self._queue.append(event)
        self._start()

    def _collect_gates(self, *, close_day: bool) -> None:
        today = self._clock().date().isoformat()
        with self._state:
            over = [key for key in self._gates if close_day or key[0] < today]
            counts = [(key, self._gates.pop(key)) for key in over]
        for (day, feature, opened), count in counts:
            name = "gate-open" if opened else "gate-closed"
            self._put(self._event(name, feature, {"count": count, "day": day}))

    def _next_batch(self) -> list[Event]:
        if self._spool is not None and (spooled := self._spool.first(BATCH_MAX)):
            return spooled
        with self._state:
            return list(self._queue)[:BATCH_MAX]

    def _acknowledge(self, batch: list[Event]) -> bool:
        """Forget a batch; return False when the disk keeps it, so that it is not sent in a loop."""
        ids = {event["id"] for event in batch}
        with self._state:
            # Events that came meanwhile stand behind these; a full queue may have dropped some.
            while self._queue and self._queue[0]["id"] in ids:
                self._queue.popleft()
        return self._spool is None or self._spool.drop(sorted(ids))

    def _post(self, batch: list[Event]) -> bool:
        lines = (json.dumps(event, separators=(",", ":")) + "\n" for event in batch)
        headers = {"Content-Type": "application/x-ndjson"}
        try:
            reply = self._transport.send("POST", self._url, headers, "".join(lines).encode())
        except Exception:
            # A transport of the product's own may raise anything; its telemetry must not.
            return False
        if reply.status in _REFUSALS and len(batch) > 1:
            # One event that the server does not like must not take the others with it.
            middle = len(batch) // 2
            return self._post(batch[:middle]) and self._post(batch[middle:])
        return 200 <= reply.status < 300 or reply.status in _REFUSALS

    def _start(self) -> None:
        if not self._background or self._stop.is_set():
            return
        with self._state:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="coreline-telemetry", daemon=True)
                # None can start while Python ends or where the machine has no more; ``close``
                # and the next event try again.
                with suppress(RuntimeError):
                    thread.start()
                    self._thread = thread

    def _run(self) -> None:
        while not self._stop.wait(backoff_seconds(self._failures)):
            self.flush()


def backoff_seconds(failures: int) -> float:
    """Return how long to wait before sending again."""
    return float(min(INTERVAL_SECONDS * 2 ** min(failures, 10), BACKOFF_SECONDS_MAX))


def _plain(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str | int)


def _consent(enabled: bool | None) -> bool:
    if os.environ.get("DO_NOT_TRACK", "0").strip().lower() not in ("", "0", "false"):
        return False
    if enabled is not None:
        return enabled
    return os.environ.get("CORELINE_TELEMETRY", "").strip() == "1"


def _install_id(path: Path) -> str:
    """Return the id in the file; make it when there is none. A random id for once if neither."""
    fresh = str(uuid.uuid4())
    try:
        with path.open("x", encoding="ascii") as file:
            file.write(fresh + "\n")
    except FileExistsError:
        try:
            return str(uuid.UUID(path.read_text(encoding="ascii").strip()))
        except (OSError, ValueError):
            return fresh
    except (OSError, ValueError):  # A path with a NUL is no path.
        return fresh
    return fresh
