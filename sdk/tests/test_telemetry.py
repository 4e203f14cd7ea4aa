# SPDX-License-Identifier: Apache-2.0
"""Telemetry: off without consent, never in the way, and nothing lost that a disk can keep."""

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from coreline_sdk import telemetry as module
from coreline_sdk.telemetry import Telemetry, backoff_seconds
from coreline_sdk.transport import FakeTransport, Reply, Transport, UrllibTransport

URL = "https://telemetry.example.com/v1/events"
AT = datetime(2026, 9, 22, 12, 0, tzinfo=UTC)


def make(folder: Path, transport: Transport, **more: Any) -> Telemetry:
    settings: dict[str, Any] = {
        "product": "converge",
        "enabled": True,
        "transport": transport,
        "clock": lambda: AT,
        "background": False,
    }
    return Telemetry(URL, folder / "install", **settings | more)


def events(fake: FakeTransport) -> list[dict[str, Any]]:
    return [json.loads(line) for sent in fake.sent for line in sent.body.splitlines()]


@pytest.mark.parametrize(
    ("argument", "variable", "do_not_track", "on"),
    [
        (None, None, None, False),
        (None, "1", None, True),
        (None, "0", None, False),
        (None, "yes", None, False),
        (True, None, None, True),
        (False, "1", None, False),
        (True, "1", "1", False),
        (True, None, "true", False),
        (True, None, "0", True),
    ],
)
def test_it_is_off_without_consent(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    argument: bool | None,
    variable: str | None,
    do_not_track: str | None,
    on: bool,
) -> None:
    for name, value in (("CORELINE_TELEMETRY", variable), ("DO_NOT_TRACK", do_not_track)):
        if value is not None:
            monkeypatch.setenv(name, value)
    fake = FakeTransport()
    telemetry = make(tmp_path, fake, enabled=argument, spool=tmp_path / "spool")
    telemetry.record("start")
    telemetry.gate("fleet", opened=True)
    assert telemetry.flush(close_day=True)
    assert bool(fake.sent) is on
    assert bool(list(tmp_path.iterdir())) is on


def test_events_are_lines_of_json(tmp_path: Path) -> None:
    fake = FakeTransport()
    telemetry = make(tmp_path, fake, version="2.1")
    telemetry.record("start", signals={"seats": 50, "sso": True})
    telemetry.record("report", feature="fleet")
    assert telemetry.flush()
    (sent,) = fake.sent
    assert (sent.method, sent.url) == ("POST", URL)
    assert sent.headers == {"Content-Type": "application/x-ndjson"}
    first, second = events(fake)
    assert uuid.UUID(first.pop("id")) != uuid.UUID(second.pop("id"))
    install = (tmp_path / "install").read_text().strip()
    common = {"install": install, "at": "2026-09-22T12:00:00Z", "product": "converge"}
    common |= {"version": "2.1"}
    assert first == common | {"name": "start", "signals": {"seats": 50, "sso": True}}
    assert second == common | {"name": "report", "feature": "fleet"}


def test_the_install_id_is_random_and_kept(tmp_path: Path) -> None:
    one = make(tmp_path, FakeTransport()).install
    assert uuid.UUID(one).version == 4
    assert make(tmp_path, FakeTransport()).install == one
    (tmp_path / "install").write_text("damaged")
    assert make(tmp_path, FakeTransport()).install != one
    assert uuid.UUID(make(tmp_path / "no folder", FakeTransport()).install).version == 4


@pytest.mark.parametrize("trouble", [OSError("down"), Reply(500), Reply(429), Reply(401)])
def test_a_server_in_trouble_loses_nothing(tmp_path: Path, trouble: OSError | Reply) -> None:
    fake = FakeTransport(trouble)
    telemetry = make(tmp_path, fake)
    telemetry.record("start")
    assert not telemetry.flush()
    assert telemetry.flush()
    first, again = events(fake)
    assert first == again
    assert telemetry.flush()
    assert len(fake.sent) == 2


def test_a_transport_may_raise_anything(tmp_path: Path) -> None:
    class Broken:
        def send(self, *_: object) -> Reply:
            raise RuntimeError("not an OSError")

    telemetry = make(tmp_path, Broken())
    telemetry.record("start")
    assert not telemetry.flush()


def test_one_refused_event_does_not_take_the_others(tmp_path: Path) -> None:
    class Picky(FakeTransport):
        def send(self, method: str, url: str, headers: Any, body: bytes) -> Reply:
            super().send(method, url, headers, body)
            return Reply(400 if b'"bad"' in body else 202)

    picky = Picky()
    telemetry = make(tmp_path, picky)
    for name in ("a", "b", "bad", "c"):
        telemetry.record(name)
    assert telemetry.flush()
    assert {b.decode().count("\n") for *_, b in picky.sent} == {4, 2, 1}
    accepted = [b for *_, b in picky.sent if b'"bad"' not in b]
    assert sorted(json.loads(x)["name"] for b in accepted for x in b.splitlines()) == [
        "a",
        "b",
        "c",
    ]


def test_what_json_cannot_say_is_left_out(tmp_path: Path) -> None:
    fake = FakeTransport()
    telemetry = make(tmp_path, fake, spool=tmp_path / "spool")
    odd: Any = {"n": float("nan"), "o": object(), "ok": 1.5}
    telemetry.record("start", signals=odd)
    assert telemetry.flush()
    assert events(fake)[0]["signals"] == {"ok": 1.5}
    telemetry.close()


def test_gates_are_one_event_a_day(tmp_path: Path) -> None:
    now, fake = [AT], FakeTransport()
    telemetry = make(tmp_path, fake, clock=lambda: now[0])
    for _ in range(3):
        telemetry.gate("fleet", opened=True)
    telemetry.gate("audit", opened=False)
    assert telemetry.flush()
    assert fake.sent == []
    now[0] = AT.replace(day=23)
    telemetry.gate("fleet", opened=True)
    assert telemetry.flush()
    found = {(event["name"], event["feature"]): event["signals"] for event in events(fake)}
    assert found == {
        ("gate-open", "fleet"): {"count": 3, "day": "2026-09-22"},
        ("gate-closed", "audit"): {"count": 1, "day": "2026-09-22"},
    }
    telemetry.close()
    assert events(fake)[-1]["signals"] == {"count": 1, "day": "2026-09-23"}


def test_gates_of_made_up_names_are_bounded(tmp_path: Path) -> None:
    telemetry = make(tmp_path, FakeTransport())
    for number in range(module.GATES_MAX + 5):
        telemetry.gate(f"feature-{number}", opened=False)
    assert len(telemetry._gates) == module.GATES_MAX


def test_the_queue_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "QUEUE_MAX", 3)
    fake = FakeTransport()
    telemetry = make(tmp_path, fake)
    for number in range(5):
        telemetry.record(f"event-{number}")
    assert telemetry.flush()
    assert [event["name"] for event in events(fake)] == ["event-2", "event-3", "event-4"]


def test_the_spool_outlives_the_process(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    first = make(tmp_path, FakeTransport(OSError("down"), OSError("down")), spool=spool)
    first.record("start")
    assert not first.flush()
    first.close()
    fake = FakeTransport()
    second = make(tmp_path, fake, spool=spool)
    assert second.flush()
    assert [event["name"] for event in events(fake)] == ["start"]
    assert second.flush()
    assert len(fake.sent) == 1
    second.close()


def test_a_spool_that_fails_falls_back_to_memory(tmp_path: Path) -> None:
    fake = FakeTransport()
    telemetry = make(tmp_path, fake, spool=tmp_path / "no folder" / "spool")
    telemetry.record("start")
    assert not telemetry.flush()  # The disk could not confirm, so it says so.
    assert [event["name"] for event in events(fake)] == ["start"]
    assert telemetry.flush()
    assert len(fake.sent) == 1


def test_a_full_spool_falls_back_to_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coreline_sdk.spool.EVENTS_MAX", 1)
    fake = FakeTransport()
    telemetry = make(tmp_path, fake, spool=tmp_path / "spool")
    telemetry.record("one")
    telemetry.record("two")
    assert telemetry.flush()
    assert [event["name"] for event in events(fake)] == ["one", "two"]
    telemetry.close()


def test_it_waits_longer_after_each_failure() -> None:
    waits = [backoff_seconds(failures) for failures in (0, 1, 2, 50)]
    assert waits == [60.0, 120.0, 240.0, 3600.0]


def test_the_background_thread_sends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "INTERVAL_SECONDS", 0.01)
    fake = FakeTransport()
    telemetry = make(tmp_path, fake, background=True)
    telemetry.record("start")
    assert telemetry._thread is not None
    for _ in range(500):
        if fake.sent:
            break
        telemetry._thread.join(0.01)
    telemetry.close()
    assert not telemetry._thread.is_alive()
    assert [event["name"] for event in events(fake)] == ["start"]
    telemetry.record("after the end")
    assert telemetry.flush()
    assert len(fake.sent) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="There is no fork.")
def test_a_forked_child_sends_its_own_events_alone(tmp_path: Path) -> None:
    fake = FakeTransport()
    telemetry = make(tmp_path, fake, spool=tmp_path / "spool")
    telemetry._spool = None
    telemetry.record("parent")
    with telemetry._state:
        child = os.fork()
        if child == 0:
            telemetry.record("child")
            telemetry.flush()
            names = [event["name"] for event in events(fake)]
            os._exit(0 if names == ["child"] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@contextmanager
def served(status: int) -> Iterator[tuple[str, list[bytes]]]:
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/events", bodies
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("status", [202, 302, 307, 404, 503])
def test_urllib_returns_answers_and_follows_nothing(status: int) -> None:
    with served(status) as (url, bodies):
        reply = UrllibTransport().send("POST", url, {"Content-Type": "text/plain"}, b"hello")
    assert reply == Reply(status, b"{}")
    assert bodies == [b"hello"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "file:///etc/passwd", "nothing"])
def test_urllib_without_an_answer_is_an_os_error(url: str) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - any of them is what the protocol declares.
        UrllibTransport(timeout_seconds=1).send("POST", url, {}, b"x")


def test_a_thread_that_cannot_start_is_no_exception(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Thread, "start", refuse)
    fake = FakeTransport()
    telemetry = make(tmp_path, fake, background=True)
    telemetry.gate("fleet", opened=False)
    telemetry.record("start")
    telemetry.close()
    assert [event["name"] for event in events(fake)] == ["start", "gate-closed"]


def test_a_path_that_is_none_gives_an_id_for_once() -> None:
    telemetry = Telemetry(URL, "\0", product="converge", enabled=True, background=False)
    assert uuid.UUID(telemetry.install)
