# SPDX-License-Identifier: Apache-2.0
"""A release from end to end: the core to a public index, the wrap to Coreline's own registry.

Real builds, a real pypiserver in public, a real Coreline server with its gate, and uv as the client
of both. Then everything the wrong way round.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest

BIN = Path(sys.executable).parent
EXAMPLE = Path(__file__).parents[1] / "examples/converge/kept"
PASSWORD = "correct horse battery"
WHO = {f"GIT_{a}_{b}": "a@example.com" for a in ("AUTHOR", "COMMITTER") for b in ("NAME", "EMAIL")}


def call(address: str, body: dict[str, Any] | None = None, token: str = "") -> Any:
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(address, data, headers), timeout=10) as answer:
        return json.load(answer)


def answers(address: str) -> bool:
    with urlopen(address, timeout=5) as answer:
        return bool(answer.status == 200)


def wait_for(what: Callable[[], bool]) -> None:
    for _ in range(300):
        with suppress(OSError):
            if what():
                return
        time.sleep(0.05)
    raise AssertionError("not ready in time")


@contextmanager
def running(folder: Path, *argv: str | Path) -> Iterator[None]:
    folder.mkdir(exist_ok=True)
    with (folder / "out").open("w") as out, (folder / "log").open("w") as log:
        process = subprocess.Popen(argv, cwd=folder, stdout=out, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def public(tmp_path: Path) -> Iterator[str]:
    """An index that shows everything to everybody."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    argv = ("run", "-i", "127.0.0.1", "-p", str(port), "-P", ".", "-a", ".", "--disable-fallback")
    with running(tmp_path / "index", BIN / "pypi-server", *argv, "."):
        address = f"http://127.0.0.1:{port}/"
        wait_for(lambda: answers(address))
        yield address


@pytest.fixture
def gated(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Coreline's server: its address, and a token that may upload."""
    folder = tmp_path / "server"
    folder.mkdir()
    shutil.copy(EXAMPLE / "coreline.toml", folder)
    shutil.copytree(EXAMPLE / "docs", folder / "docs")
    with running(folder, BIN / "coreline-server", "serve", "--data", "data", "--port", "0"):
        wait_for(lambda: len((folder / "out").read_text().splitlines()) > 1)
        address, link = (folder / "out").read_text().splitlines()[:2]
        wait_for(lambda: call(f"{address.strip()}/health/ready") == {"status": "ready"})
        setup = parse_qs(urlsplit(link.split()[-1]).query)["token"][0]
        body = {"token": setup, "password": PASSWORD}
        token = call(f"{address.strip()}/setup", body)["api_token"]
        yield address.strip(), call(f"{address.strip()}/v1/uploaders", {}, token)["token"]


def coreline(folder: Path, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    known = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [BIN / "coreline", "-C", folder, *arguments],
        env=known | WHO | {"PATH": path} | env, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def vendor(folder: Path, core: str, wrap: str) -> Path:
    """Return the example vendor's repository, with registries, committed and built."""
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", "dist"))
    manifest = folder / "coreline.toml"
    text = manifest.read_text()
    for name, registry in (("converge", core), ("converge-telemetry", core),
                           ("converge-enterprise", wrap)):  # fmt: skip
        text = text.replace(f"[builds.{name}]\n", f'[builds.{name}]\nregistry = "{registry}"\n')
    manifest.write_text(text)
    for argv in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-qm", "first")):
        subprocess.run(["git", "-C", folder, *argv], check=True, env=os.environ | WHO)
    made = coreline(folder, "build", "--no-isolation", "--out", str(folder.parent / "dist"))
    assert made.returncode == 0, made.stderr
    return folder.parent / "dist"


def names(folder: Path) -> set[str]:
    return {path.name.split("-")[0] for path in folder.glob("*.whl")}


def test_each_side_goes_to_its_own_registry(
    tmp_path: Path, public: str, gated: tuple[str, str]
) -> None:
    address, upload = gated
    dist = vendor(tmp_path / "repo", public, f"{address}/upload/")
    env = {
        "CORELINE_CORE_UV_PUBLISH_USERNAME": "anybody",
        "CORELINE_CORE_UV_PUBLISH_PASSWORD": "anything",
        "CORELINE_WRAP_UV_PUBLISH_USERNAME": "__token__",
        "CORELINE_WRAP_UV_PUBLISH_PASSWORD": upload,
    }
    done = coreline(tmp_path / "repo", "release", str(dist), **env)
    assert done.returncode == 0, done.stderr
    assert upload not in done.stdout + done.stderr
    assert names(tmp_path / "index") == {"converge", "converge_telemetry"}
    page = f"{address}/simple/converge-enterprise/"
    with pytest.raises(HTTPError) as refused:
        urlopen(page, timeout=5)
    with refused.value:
        assert refused.value.code == 401
    basic = b64encode(f"__token__:{upload}".encode()).decode()
    with urlopen(Request(page, headers={"Authorization": f"Basic {basic}"}), timeout=5) as answer:
        assert b"converge_enterprise-" in answer.read()
    again = coreline(tmp_path / "repo", "release", str(dist), **env)
    assert again.returncode == 4, again.stderr


def test_the_wrong_way_round_nothing_leaves(
    tmp_path: Path, public: str, gated: tuple[str, str]
) -> None:
    address, upload = gated
    dist = vendor(tmp_path / "repo", f"{address}/upload/", public)
    env = {
        f"CORELINE_{side}_UV_PUBLISH_{what}": value
        for side in ("CORE", "WRAP")
        for what, value in (("USERNAME", "__token__"), ("PASSWORD", upload))
    }
    for side in ((), ("--side", "wrap"), ("--name", "converge-enterprise")):
        done = coreline(tmp_path / "repo", "release", str(dist), *side, **env)
        assert done.returncode in (1, 2), done.stderr + done.stdout
        assert "release-" in done.stderr + done.stdout
    assert names(tmp_path / "index") == set()
    assert not (dist / "released.json").exists()
