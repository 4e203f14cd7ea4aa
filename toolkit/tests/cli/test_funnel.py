# SPDX-License-Identifier: Apache-2.0
"""``coreline funnel``: what it asks the server, how it shows the answer, how it says a refusal."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from coreline.cli.main import run

STAGES = [
    {"stage": "download", "count": 9, "conversion": None, "step": None},
    {"stage": "install", "count": 1200, "conversion": 1.0, "step": None},
    {"stage": "active", "count": 300, "conversion": 0.25, "step": 0.25},
]
REPORT = {
    "by": "segment",
    "since": "2026-01-01T00:00:00Z",
    "until": "2026-02-01T00:00:00Z",
    "window_days": 14.0,
    "stages": STAGES,
    "rows": [{"name": "team [a]", "stages": STAGES, "hits": None}],
}


class Server:
    """A server that answers once with what it is told and keeps what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.body: Any = REPORT
        self.asked: list[tuple[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, self.headers["Authorization"]))
                raw = outer.body if isinstance(outer.body, bytes) else None
                self.send_response(outer.status)
                if outer.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(json.dumps(outer.body).encode() if raw is None else raw)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Run a server for one test, named by the environment."""
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    monkeypatch.setenv("CORELINE_SERVER", made.address)
    monkeypatch.setenv("CORELINE_API_TOKEN", "cla_secret")
    yield made
    made.http.shutdown()
    made.http.server_close()
    thread.join()


def test_a_table(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["funnel", "--since", "2026-01-01", "--window-days", "7"]) == 0
    said = capsys.readouterr().out
    assert "Installs by segment, 2026-01-01 to 2026-02-01, 14 days" in said
    (total,) = [line for line in said.splitlines() if "all" in line.split()]
    assert "1,200" in total
    assert "300 (25%)" in total
    assert "the share of the stage before" in said
    assert "team [a]" in said
    path, authorization = server.asked[0]
    assert path == "/v1/funnel?by=segment&since=2026-01-01&window_days=7.0"
    assert authorization == "Bearer cla_secret"


def test_json_is_the_servers_own(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["funnel", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == REPORT


def test_csv(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["funnel", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "segment,stage,count,conversion,step"
    assert lines[1:4] == ["all,download,9,,", "all,install,1200,1.0,", "all,active,300,0.25,0.25"]
    assert len(lines) == 7


def test_by_feature_without_any(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.body = {**REPORT, "by": "feature", "rows": []}
    assert run(["funnel", "--by", "feature"]) == 0
    assert "Installs by feature" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("status", "body", "code", "said"),
    [
        (401, {"code": "token-unknown", "detail": "No.", "hint": "Ask."}, 2, "[token-unknown]"),
        (503, {"code": "busy", "detail": "Later.", "hint": None}, 3, "Later. [busy]"),
        (404, b"<html>", 3, "answered 404 with something"),
        (200, b"<html>", 3, "answered 200 with something"),
        (302, b"", 3, "answered 302 with something"),
    ],
)
def test_refusals(
    server: Server,
    status: int,
    body: object,
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.status, server.body = status, body
    assert run(["funnel"]) == code
    assert said in capsys.readouterr().err
    assert len(server.asked) == 1, "a redirection is not followed: it would carry the token away"


def test_nobody_there(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.http.server_close()
    assert run(["funnel"]) == 3
    assert "[server-unreachable]" in capsys.readouterr().err


def test_no_web_address(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["funnel", "--server", "file:///etc/passwd"]) == 2
    assert "[server-address-wrong]" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["CORELINE_SERVER", "CORELINE_API_TOKEN"])
def test_what_is_missing_is_named(
    name: str,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv(name)
    assert run(["funnel"]) == 2
    assert f"{name} is not set." in capsys.readouterr().err
    assert server.asked == []


def test_a_narrow_terminal_gets_whole_words(
    server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in (("FORCE_COLOR", "1"), ("NO_COLOR", "1"), ("TERM", "xterm")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "50")
    assert run(["funnel"]) == 0
    wide = capsys.readouterr().out
    assert "┃" in wide
    monkeypatch.setenv("COLUMNS", "40")
    assert run(["funnel"]) == 0
    narrow = capsys.readouterr().out
    assert "┃" not in narrow
    for word in ("team [a]", "Download", "Install", "300 (25%)"):
        assert word in narrow
    assert server.asked
