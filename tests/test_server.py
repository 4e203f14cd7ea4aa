# SPDX-License-Identifier: Apache-2.0
"""The server as a process: what it prints, how it ends, what is still there afterwards."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest

PROGRAM = Path(sys.executable).parent / "coreline-server"
PASSWORD = "correct horse battery"
START_SECONDS_MAX = 30

MANIFEST = """\
[product]
name = "converge"
primary = "Bring a machine to a declared state"
vendor = ["example.com"]

[core]
spdx = "Apache-2.0"
paths = ["**"]

[wraps.enterprise]
spdx = "LicenseRef-Enterprise"
modules = ["converge_enterprise"]

[features.apply]
side = "core"
primary = true

[features.fleet]
side = "wrap"
wrap = "enterprise"

[editions.enterprise]
features = ["fleet"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "coreline.toml").write_text(MANIFEST)
    return tmp_path


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, timeout=60
    )


@contextmanager
def serving(folder: Path, *arguments: str) -> "Iterator[tuple[subprocess.Popen[str], list[str]]]":
    """Start a server; give the process and what it printed until it was ready."""
    argv = [PROGRAM, "serve", "--data", "data", "--port", "0", *arguments]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(argv, cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True)
    lines: list[str] = []
    assert process.stdout is not None
    reader = Thread(target=lambda: lines.extend(iter(process.stdout.readline, "")))  # type: ignore[union-attr] # Asserted above.
    reader.start()
    try:
        wait_until_ready(process, lines, folder)
        yield process, lines
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(20)
        reader.join()
        process.stdout.close()


def wait_until_ready(process: "subprocess.Popen[str]", lines: list[str], folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        if lines and get(lines[0].strip() + "/health/ready") == {"status": "ready"}:
            # The setup link is printed right after the address.
            time.sleep(0.1)
            return
        time.sleep(0.05)
    raise AssertionError((folder / "log").read_text())


def get(address: str, token: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with urlopen(Request(address, headers=headers), timeout=10) as answer:
        return json.load(answer)


def post(address: str, body: dict[str, Any], token: str = "") -> Any:
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = Request(address, json.dumps(body).encode(), headers)
    with urlopen(request, timeout=10) as answer:
        return json.load(answer)


def setup_token(lines: list[str]) -> str:
    link = lines[1].split()[-1]
    assert urlsplit(link).path == "/setup"
    return parse_qs(urlsplit(link).query)["token"][0]


def test_first_start_sell_stop_start_again(folder: Path) -> None:
    with serving(folder, "--log-requests") as (process, lines):
        address = lines[0].strip()
        assert address.startswith("http://127.0.0.1:")
        link = setup_token(lines)
        token = post(f"{address}/setup", {"token": link, "password": PASSWORD})["api_token"]
        person = {"name": "Acme", "email": "it@acme.example"}
        customer = post(f"{address}/v1/customers", person, token)["id"]
        order = {"customer": customer, "edition": "enterprise", "seats": 2}
        license = post(f"{address}/v1/licenses", order, token)
        seat = post(f"{address}/v1/activations", {"fingerprint": "m"}, license["token"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert stat.S_IMODE((folder / "data").stat().st_mode) == 0o700
    log = (folder / "log").read_text()
    assert '"path": "/v1/licenses", "status": 201' in log
    for secret in (link, token, license["token"], PASSWORD):
        assert secret not in log
    # No log of the database is left: everything is in the file.
    assert not (folder / "data" / "coreline.sqlite-wal").exists()
    with serving(folder) as (_, lines):
        address = lines[0].strip()
        assert len(lines) == 1, "the password is set, so there is no link"
        kept = get(f"{address}/v1/licenses/{license['id']}", token)
        assert kept["token"] == license["token"]
        seats = get(f"{address}/v1/activations", token)["items"]
        assert [row["id"] for row in seats] == [seat["id"]]
        verdict = get(f"{address}/v1/audit/verdict", token)
        assert verdict == {"intact": True, "broken_at": None}


def test_what_was_acknowledged_survives_a_kill(folder: Path) -> None:
    with serving(folder) as (process, lines):
        address = lines[0].strip()
        body = {"token": setup_token(lines), "password": PASSWORD}
        token = post(f"{address}/setup", body)["api_token"]
        made = [
            post(f"{address}/v1/customers", {"name": f"c{n}", "email": "a@b"}, token)["id"]
            for n in range(20)
        ]
        process.kill()
        process.wait(20)
    with serving(folder) as (_, lines):
        page = get(f"{lines[0].strip()}/v1/customers?limit=100", token)
        assert {row["id"] for row in page["items"]} == set(made)


def test_each_start_has_a_new_setup_link_until_one_is_used(folder: Path) -> None:
    with serving(folder) as (_, lines):
        first = setup_token(lines)
    with serving(folder) as (process, lines):
        second = setup_token(lines)
        assert first != second
        # Ctrl-C is a normal end too.
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_a_lost_password_is_replaced(folder: Path) -> None:
    with serving(folder) as (_, lines):
        address = lines[0].strip()
        body = {"token": setup_token(lines), "password": PASSWORD}
        token = post(f"{address}/setup", body)["api_token"]
        assert "[data-in-use]" in run(folder, "forget-password", "--data", "data").stderr
    assert run(folder, "forget-password", "--data", "data").returncode == 0
    assert run(folder, "forget-password", "--data", "data").returncode == 4
    with serving(folder) as (_, lines):
        address = lines[0].strip()
        post(f"{address}/setup", {"token": setup_token(lines), "password": "another " + PASSWORD})
        done = [row["what"] for row in get(f"{address}/v1/audit", token)["items"]]
        assert done == ["password.set", "password.forget", "password.set"]


def test_init_once_and_what_it_says(folder: Path) -> None:
    done = run(folder, "init", "--data", "data")
    assert done.returncode == 0, done.stderr
    assert "Root key for your products: ed25519:" in done.stdout
    assert "root.pem to a safe place offline" in done.stderr
    again = run(folder, "init", "--data", "data")
    assert again.returncode == 4
    assert "[server-initialized]" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["init", "--data", "data", "--manifest", "no.toml"], 2, "manifest-not-found"),
        (["serve", "--data", "data", "--manifest", "no.toml"], 2, "manifest-not-found"),
        (["forget-password", "--data", "data"], 2, "server-not-initialized"),
        (["serve"], 2, "--data"),
        (["serve", "--data", "data", "--port", "70000"], 2, "70000"),
    ],
)
def test_mistakes(folder: Path, arguments: list[str], code: int, said: str) -> None:
    done = run(folder, *arguments)
    assert done.returncode == code
    assert said in done.stderr


def test_a_second_server_on_the_same_data_is_refused(folder: Path) -> None:
    with serving(folder) as (_, lines):
        done = run(folder, "serve", "--data", "data", "--port", "0")
        assert done.returncode == 3
        assert "[data-in-use]" in done.stderr
        port = lines[0].strip().rpartition(":")[2]
        (folder / "other").mkdir()
        done = run(folder, "serve", "--data", "other/data", "--port", port)
        assert done.returncode == 3
        assert "[address-in-use]" in done.stderr


def test_help_is_light(folder: Path) -> None:
    script = (
        "import sys; sys.argv[1:] = ['--help']\n"
        "from coreline_server.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'litestar', 'sqlalchemy', 'duckdb', 'alembic', 'cryptography', 'uvicorn'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert "serve" in done.stdout
