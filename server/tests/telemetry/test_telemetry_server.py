# SPDX-License-Identifier: Apache-2.0
"""Events over HTTP into the funnel; and a server that is killed in the middle of them."""

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

from litestar.testing import TestClient

from coreline_server.app import build
from coreline_server.storage.events_duckdb import DuckEvents
from coreline_server.telemetry.spool import Spool

NDJSON = {"Content-Type": "application/x-ndjson"}


def event(number, name="active", **fields):
    return {
        "id": f"e{number}",
        "install": "machine-1",
        "name": name,
        "at": f"2026-11-20T00:00:{number:02d}Z",
        "product": "converge",
        **fields,
    }


def ndjson(*events):
    return "".join(json.dumps(item) + "\n" for item in events).encode()


def funnel(server, **query):
    answer = server.client.get("/v1/funnel", params=query, headers=server.admin)
    assert answer.status_code == 200, answer.text
    return answer.json()


def counts(stages):
    return {stage["stage"]: stage["count"] for stage in stages if stage["count"]}


def test_events_arrive_in_every_form(server):
    post = server.client.post
    lines = ndjson(event(1, "install"), event(2))
    assert post("/v1/events", content=lines, headers=NDJSON).json() == {"accepted": 2}
    packed = NDJSON | {"Content-Encoding": "gzip"}
    again = post("/v1/events", content=gzip.compress(lines), headers=packed)
    assert (again.status_code, again.json()) == (202, {"accepted": 2})
    assert post("/v1/events", json=[event(3)]).json() == {"accepted": 1}
    assert post("/v1/events", json=event(4)).json() == {"accepted": 1}
    assert post("/v1/events", content=b"", headers=NDJSON).json() == {"accepted": 0}
    assert counts(funnel(server)["stages"]) == {"install": 1, "active": 1}


def test_refusals_name_the_lines_and_take_nothing(server):
    body = ndjson(event(1, "install"), event(2, "paid"))
    answer = server.client.post("/v1/events", content=body, headers=NDJSON)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    (mistake,) = answer.json()["mistakes"]
    assert mistake["where"] == "line 2"
    assert counts(funnel(server)["stages"]) == {}
    vendor = server.client.post("/v1/events", content=body, headers=NDJSON | server.admin)
    assert vendor.json() == {"accepted": 2}


def test_sizes_and_encodings_are_bounded(server):
    large = server.client.post("/v1/events", content=b" " * (5 << 20), headers=NDJSON)
    bomb = server.client.post(
        "/v1/events",
        content=gzip.compress(b" " * (5 << 20)),
        headers=NDJSON | {"Content-Encoding": "gzip"},
    )
    odd = server.client.post("/v1/events", content=b"", headers={"Content-Encoding": "br"})
    assert [large.status_code, bomb.status_code, odd.status_code] == [413, 413, 415]


def test_from_install_to_renewal_by_segment_and_feature(server, clock):
    """The license's own facts come from the licensing room; the activation links the install."""
    sent = [
        event(1, "install"),
        event(2, signals={"seats": 3}),
        event(3, "gate-closed", feature="fleet", signals={"count": 4}),
    ]
    server.client.post("/v1/events", content=ndjson(*sent), headers=NDJSON)
    trial = server.license(trial=True)
    token = {"Authorization": f"Bearer {trial['token']}"}
    body = {"fingerprint": "machine-1"}
    assert server.client.post("/v1/activations", json=body, headers=token).status_code == 201
    clock.move(days=3)
    for days in (60, 120):
        renewal = {"expires": (clock.now + timedelta(days=days)).isoformat()}
        path = f"/v1/licenses/{trial['id']}/renew"
        done = server.client.post(path, json=renewal, headers=server.admin)
        assert done.status_code < 300, done.text
        clock.move(days=1)
    found = funnel(server)
    everything = dict.fromkeys(("install", "active", "qualified", "trial", "paid", "renewed"), 1)
    assert counts(found["stages"]) == everything
    rows = {row["name"]: counts(row["stages"]) for row in found["rows"]}
    assert rows == {"enterprise": everything}
    (fleet, compliance) = funnel(server, by="feature")["rows"]
    assert (fleet["name"], fleet["hits"]) == ("fleet", 4)
    assert counts(fleet["stages"]) == {"gate": 1, "trial": 1, "paid": 1}
    assert (compliance["name"], compliance["hits"]) == ("compliance", 0)


def test_questions_about_a_time(server):
    server.client.post("/v1/events", content=ndjson(event(1, "install"), event(9)), headers=NDJSON)
    assert counts(funnel(server, since="2026-11-21")["stages"]) == {}
    assert counts(funnel(server, until="2026-11-20T00:00:05Z")["stages"]) == {"install": 1}
    whole = funnel(server, since="2026-11-20", until="2026-11-20T01:00:01+01:00", window_days=0.5)
    assert (whole["window_days"], counts(whole["stages"])) == (0.5, {})
    for query in ({"since": "yesterday"}, {"until": "2026-11-20T00:00:00"}, {"by": "color"},
                  {"window_days": 0}, {"since": "2026-11-20", "until": "2026-11-19"}):  # fmt: skip
        answer = server.client.get("/v1/funnel", params=query, headers=server.admin)
        assert answer.status_code == 400, query
    assert server.client.get("/v1/funnel").status_code == 401


class Killed:
    """A real server process that can be killed at any moment and started again."""

    def __init__(self, data: Path):
        self.data = data

    def start(self):
        program = Path(sys.executable).parent / "coreline-server"
        self.process = subprocess.Popen(
            [program, "serve", "--data", str(self.data), "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        return self.process.stdout.readline().strip()

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def send_until_dead(address, worker, round_number, acknowledged):
    """Send batches one after the other; note the ids of each that was acknowledged."""
    for batch in range(10_000):
        ids = [f"r{round_number}.{worker}.{batch}.{item}" for item in range(20)]
        body = ndjson(*({**event(1), "id": name} for name in ids))
        request = urllib.request.Request(f"{address}/v1/events", data=body, headers=NDJSON)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert answer.status == 202
        except (OSError, urllib.error.URLError):
            return
        acknowledged.extend(ids)


def test_kill_9_loses_nothing_that_was_acknowledged_and_doubles_nothing(config):
    server = Killed(config.data)
    acknowledged: list[str] = []
    for round_number, wait in enumerate((0.35, 0.6, 0.2)):
        address = server.start()
        threads = [
            threading.Thread(
                target=send_until_dead, args=(address, worker, round_number, acknowledged)
            )
            for worker in range(4)
        ]
        for thread in threads:
            thread.start()
        time.sleep(wait)
        server.kill()
        for thread in threads:
            thread.join()
    address = server.start()
    again = [{**event(1), "id": name} for name in acknowledged[:40]]
    request = urllib.request.Request(f"{address}/v1/events", data=ndjson(*again), headers=NDJSON)
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 202
    server.stop()
    assert len(acknowledged) > 200
    assert stored_ids(config).keys() >= set(acknowledged)
    assert set(stored_ids(config).values()) == {1}


def stored_ids(config):
    """Load what is in the spool, as the next start does, and count each id."""
    store = DuckEvents(config.events)
    spool = Spool(config.spool, store.newest_segment())
    segments = spool.closed()
    if segments:
        store.load(segments)
        spool.remove(segments)
    spool.close()
    with store.cursor() as cursor:
        rows = cursor.execute("SELECT id, count(*) FROM events GROUP BY id").fetchall()
    store.close()
    return dict(rows)


def test_the_loader_works_in_the_background(config, clock):
    service = build(config, clock=clock)
    service.ingest._load_seconds = 0.01
    with TestClient(service.app) as client:
        client.post("/v1/events", content=ndjson(event(1)), headers=NDJSON)
        deadline = time.monotonic() + 20
        while list(config.spool.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert list(config.spool.iterdir()) == []
