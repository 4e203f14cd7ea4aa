# SPDX-License-Identifier: Apache-2.0
"""Segments and loading: durable, in order, exactly once, whatever a crash leaves behind."""

import errno
import json
import os
import threading
from datetime import UTC, datetime, timedelta

import pytest

from coreline.errors import OutsideError
from coreline_server.storage.events_duckdb import DuckEvents
from coreline_server.telemetry import spool as spool_module
from coreline_server.telemetry.ingest import Ingest
from coreline_server.telemetry.model import Stored
from coreline_server.telemetry.rules import microseconds
from coreline_server.telemetry.spool import Spool

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def stored(name, at=NOW, **fields):
    return Stored(id=name, install="i", name="active", at_us=microseconds(at), **fields)


class NoFacts:
    def facts(self, since):
        return []


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "spool"


@pytest.fixture
def events(tmp_path):
    store = DuckEvents(tmp_path / "events.duckdb")
    yield store
    store.close()


def ids(events):
    with events.cursor() as cursor:
        return [row[0] for row in cursor.execute("SELECT id FROM events ORDER BY seq").fetchall()]


def lines(folder):
    found = []
    for path in sorted(folder.iterdir()):
        found += [json.loads(line) for line in path.read_text().splitlines()]
    return found


def test_an_acknowledged_event_is_flushed_first(folder, monkeypatch):
    flushed = []
    real = os.fsync
    monkeypatch.setattr(
        spool_module.os, "fsync", lambda fd: (flushed.append(os.fstat(fd).st_size), real(fd))
    )
    spool = Spool(folder)
    spool.append([stored("a"), stored("b")]).result()
    assert flushed[-1] == sum(path.stat().st_size for path in folder.iterdir()) > 0
    assert [line["id"] for line in lines(folder)] == ["a", "b"]
    spool.close()


def test_senders_share_a_flush(folder, monkeypatch):
    flushes = []
    gate = threading.Event()
    real = os.fsync

    def slow(fd):
        gate.wait()
        flushes.append(fd)
        real(fd)

    spool = Spool(folder)
    monkeypatch.setattr(spool_module.os, "fsync", slow)
    futures = [spool.append([stored(f"e{number}")]) for number in range(200)]
    gate.set()
    for future in futures:
        future.result()
    spool.close()
    assert len(flushes) < 10
    assert [line["id"] for line in lines(folder)] == [f"e{number}" for number in range(200)]


def test_sequence_grows_over_segments_and_restarts(folder):
    sequences = []
    newest = 0
    for round_number in range(3):
        spool = Spool(folder, newest)
        spool.append([stored(f"a{round_number}"), stored(f"b{round_number}")]).result()
        spool.rotate()
        spool.append([stored(f"c{round_number}")]).result()
        spool.close()
        sequences += [line["seq"] for line in lines(folder)]
        newest = spool.closed()[-1][0]
        spool.remove(spool.closed())
    assert sequences == sorted(set(sequences))
    assert len(sequences) == 9


def test_a_large_segment_ends_by_itself(folder, monkeypatch):
    monkeypatch.setattr(spool_module, "SEGMENT_BYTES", 100)
    spool = Spool(folder)
    for number in range(3):
        spool.append([stored(f"e{number}", feature="x" * 90)]).result()
    assert len(spool.closed()) == 3
    spool.close()


@pytest.mark.parametrize(
    "tail", [b'{"seq":3,"id":"torn', b"\0\0\0\0\n", b'{"seq":3}\n', b"", b"\xff\xff\n\xff"]
)
def test_what_a_crash_leaves_open_is_mended(folder, events, tail):
    spool = Spool(folder)
    spool.append([stored("a"), stored("b")]).result()
    (path,) = folder.iterdir()
    crashed = path.read_bytes() + tail
    spool.close()
    for leftover in folder.iterdir():
        leftover.unlink()
    path.write_bytes(crashed)
    after = Spool(folder, events.newest_segment())
    events.load(after.closed())
    after.close()
    assert ids(events) == ["a", "b"]


def test_a_crash_between_loading_and_deleting_loads_nothing_twice(folder, events):
    spool = Spool(folder)
    spool.append([stored("a")]).result()
    spool.rotate()
    segments = spool.closed()
    assert events.load(segments) == 1
    spool.append([stored("b")]).result()
    spool.rotate()
    assert events.load(spool.closed()) == 1
    spool.close()
    assert ids(events) == ["a", "b"]


def test_an_id_counts_once_within_a_segment_and_across(folder, events):
    spool = Spool(folder)
    ingest = Ingest(spool, events, NoFacts(), clock=lambda: NOW)
    spool.append([stored("a"), stored("a", feature="later"), stored("b")]).result()
    assert ingest.load() == 2
    spool.append([stored("b"), stored("c")]).result()
    assert ingest.load() == 1
    assert ids(events) == ["a", "b", "c"]
    assert list(folder.iterdir()) == []
    ingest.close()


def test_numbers_go_on_after_everything_was_loaded_and_deleted(folder, events):
    for round_number in range(3):
        spool = Spool(folder, events.newest_segment())
        ingest = Ingest(spool, events, NoFacts(), clock=lambda: NOW)
        spool.append([stored(f"e{round_number}")]).result()
        assert ingest.load() == 1
        ingest.close()
    assert events.newest_segment() == 3


def test_what_is_older_than_the_retention_is_forgotten(folder, events):
    now = [NOW]
    spool = Spool(folder)
    ingest = Ingest(spool, events, NoFacts(), clock=lambda: now[0], retention_days=365)
    old, young = NOW - timedelta(days=366), NOW - timedelta(days=364)
    spool.append([stored("old", old), stored("young", young)]).result()
    ingest.load()
    assert ids(events) == ["young"]
    now[0] += timedelta(days=2)
    ingest.load()
    assert ids(events) == []
    ingest.close()


def test_a_full_disk_is_said_and_the_spool_goes_on_afterwards(folder, monkeypatch):
    real = os.fsync
    full = [True]

    def fsync(fd):
        if full[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(fd)

    spool = Spool(folder)
    monkeypatch.setattr(spool_module.os, "fsync", fsync)
    with pytest.raises(OutsideError, match="No space left") as caught:
        spool.append([stored("a")]).result()
    assert caught.value.code == "spool-not-durable"
    full[0] = False
    spool.append([stored("b")]).result()
    spool.close()
    assert "b" in [line["id"] for line in lines(folder)]


def test_a_store_that_fails_loses_nothing(folder, events, monkeypatch):
    spool = Spool(folder)
    ingest = Ingest(spool, events, NoFacts(), clock=lambda: NOW)
    spool.append([stored("a")]).result()
    with monkeypatch.context() as patch:
        patch.setattr(events, "load", lambda segments: (_ for _ in ()).throw(OSError("broken")))
        with pytest.raises(OSError, match="broken"):
            ingest.load()
    assert ingest.load() == 1
    ingest.close()


def test_nothing_is_taken_after_the_end(folder):
    spool = Spool(folder)
    spool.close()
    spool.close()
    with pytest.raises(OutsideError, match="shutting down"):
        spool.append([stored("a")]).result()
