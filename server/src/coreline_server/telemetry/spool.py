# SPDX-License-Identifier: Apache-2.0
"""Segments on the disk: where an event is safe before it is acknowledged.

One thread writes. Batches that arrive while it waits for the disk share the next flush, so many
senders cost few flushes. A segment is a file of lines of JSON; while it grows its name ends in
``.open``. Each line has a sequence number, which grows with the order of arrival for ever.
"""

import contextlib
import os
import queue
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import BinaryIO

import msgspec

from coreline.errors import OutsideError
from coreline_server.telemetry.model import Stored

SEGMENT_BYTES = 4 << 20
GROUP_MAX = 512
LINES_BITS = 24

_Job = tuple[Sequence[Stored] | None, Future[None]]


class Spool:
    """A folder of segments.

    Args:
        folder: made when it is missing.
        newest: the number of the newest segment that was ever loaded; numbers go on from there.

    Raises:
        OutsideError: the folder cannot be used (``spool-not-durable``).
    """

    def __init__(self, folder: Path, newest: int = 0) -> None:
        self._folder = folder
        self._encoder = msgspec.json.Encoder()
        self._file: BinaryIO | None = None
        self._lines = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._recover()
        except OSError as error:
            raise _not_durable(error) from error
        self._number = max([newest, *(number for number, _ in self.closed())])
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="spool-writer", daemon=True)
        self._thread.start()

    def append(self, events: Sequence[Stored]) -> Future[None]:
        """Put events on the disk. The future is done when they are durable.

        Raises:
            OutsideError: from the future: the disk refuses (``spool-not-durable``).
        """
        return self._enqueue(events)

    def rotate(self) -> None:
        """End the segment that grows, so that all that was appended before is in closed ones."""
        self._enqueue(None).result()

    def closed(self) -> list[tuple[int, Path]]:
        """Return the segments that no longer grow, oldest first."""
        return sorted((int(path.stem), path) for path in self._folder.glob("*.ndjson"))

    def remove(self, segments: Sequence[tuple[int, Path]]) -> None:
        """Delete segments that were loaded."""
        for _, path in segments:
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Finish what was accepted and stop."""
        with self._lock:
            if self._ended:
                return
            self._ended = True
            self._jobs.put(None)
        self._thread.join()

    def _enqueue(self, events: Sequence[Stored] | None) -> Future[None]:
        future: Future[None] = Future()
        with self._lock:
            if self._ended:
                future.set_exception(_closed())
            else:
                self._jobs.put((events, future))
        return future

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            group, last = self._gather(job)
            self._settle(group)
            if last:
                break
        with contextlib.suppress(OSError):  # At the next start it is closed by recovery.
            self._end_segment()

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        group = [first]
        with contextlib.suppress(queue.Empty):
            while len(group) < GROUP_MAX:
                job = self._jobs.get_nowait()
                if job is None:
                    return group, True
                group.append(job)
        return group, False

    def _settle(self, group: list[_Job]) -> None:
        try:
            self._write([event for events, _ in group for event in events or ()])
            if any(events is None for events, _ in group):
                self._end_segment()
        except OSError as error:
            # After a failed flush the system may have dropped the pages (fsyncgate), so this file
            # is not written to again: recovery keeps what can be read of it.
            self._abandon()
            for _, future in group:
                future.set_exception(_not_durable(error))
            return
        for _, future in group:
            future.set_result(None)

    def _write(self, events: Sequence[Stored]) -> None:
        if not events:
            return
        file = self._file or self._begin_segment()
        file.write(b"".join(self._line(event) for event in events))
        file.flush()
        os.fsync(file.fileno())
        if file.tell() >= SEGMENT_BYTES:
            self._end_segment()

    def _line(self, event: Stored) -> bytes:
        sequence = self._number << LINES_BITS | self._lines
        self._lines += 1
        return b'{"seq":%d,%b\n' % (sequence, self._encoder.encode(event)[1:])

    def _begin_segment(self) -> BinaryIO:
        self._number += 1
        self._lines = 0
        self._file = (self._folder / f"{self._number:012d}.open").open("xb")
        _flush_folder(self._folder)
        return self._file

    def _end_segment(self) -> None:
        if self._file is None:
            return
        path, file, self._file = Path(self._file.name), self._file, None
        file.close()
        path.rename(path.with_suffix(".ndjson"))
        _flush_folder(self._folder)

    def _abandon(self) -> None:
        if self._file is None:
            return
        path, file, self._file = Path(self._file.name), self._file, None
        with contextlib.suppress(OSError):
            file.close()
        with contextlib.suppress(OSError):
            _mend(path)

    def _recover(self) -> None:
        for path in sorted(self._folder.glob("*.open")):
            _mend(path)


def _mend(path: Path) -> None:
    """Close a segment that a crash left open, without a line that was cut off or damaged.

    What is dropped was never acknowledged, because the acknowledgment waits for the flush.
    """
    whole = [line for line in path.read_bytes().split(b"\n")[:-1] if _readable(line)]
    mended = path.with_suffix(".mended")
    with mended.open("wb") as file:
        file.write(b"".join(line + b"\n" for line in whole))
        file.flush()
        os.fsync(file.fileno())
    mended.rename(path.with_suffix(".ndjson"))
    path.unlink()
    _flush_folder(path.parent)


def _readable(line: bytes) -> bool:
    try:
        msgspec.json.decode(line, type=Stored)
    except (msgspec.MsgspecError, ValueError):
        return False
    return True


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _closed() -> OutsideError:
    return OutsideError("server-closing", "The server is shutting down.", "Send it again.")


def _not_durable(error: OSError) -> OutsideError:
    return OutsideError(
        "spool-not-durable",
        f"The events could not be put on the disk: {error.strerror}.",
        "They were not taken: send them again. The vendor should look at the free space.",
    )
