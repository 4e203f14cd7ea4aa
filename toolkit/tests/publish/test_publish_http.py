# SPDX-License-Identifier: Apache-2.0
"""Publishing over http, by git's own ``http-backend``: the lease holds there as in a folder.

The server is Python's own, and hands each request to git by CGI (RFC 3875).
"""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from coreline.cli.main import run

_MANIFEST = """
[product]
name = "demo"
primary = "Demonstrate"
[core]
spdx = "MIT"
paths = ["src/**"]
[wraps.ee]
spdx = "LicenseRef-Demo"
paths = ["ee/**"]
"""


def _git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    argv = ["git", "-C", str(folder), *who, *arguments]
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()


class _Forge(ThreadingHTTPServer):
    """Serves the repositories of one folder; ``before_push`` is called when a push begins to send,
    after its client saw the refs.
    """

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.before_push = lambda: None
        self.asked: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    server: _Forge

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/git-receive-pack"):
            self.server.before_push()
        self._answer(body)

    def _answer(self, body: bytes) -> None:
        path, _, query = self.path.partition("?")
        self.server.asked.append(self.path)
        variables = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_PROJECT_ROOT": str(self.server.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            # Who pushes is known to the server by this alone; without it, it takes no push.
            "REMOTE_USER": "vendor",
            "REMOTE_ADDR": "127.0.0.1",
        }
        done = subprocess.run(
            ["git", "http-backend"], input=body, env=variables, capture_output=True, check=True
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = dict(row.split(": ", 1) for row in head.decode().split("\r\n"))
        self.send_response(int(fields.pop("Status", "200 OK").split()[0]))
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - their name.
        """Say nothing."""


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[_Forge]:
    """A server with an empty repository ``public.git``, which takes pushes."""
    folder = tmp_path / "forge"
    folder.mkdir()
    _git(folder, "init", "-q", "--bare", "-b", "main", "public.git")
    server = _Forge(folder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def vendor(lab: Any, tmp_path: Path, forge: _Forge, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A private repository whose public one is on the server."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "private"
    folder.mkdir()
    _git(folder, "init", "-q", "-b", "main")
    # An import merges as whoever runs it.
    _git(folder, "config", "user.name", "A")
    _git(folder, "config", "user.email", "a@example.com")
    address = f"http://127.0.0.1:{forge.server_port}/public.git"
    (folder / "coreline.toml").write_text(
        _MANIFEST.replace("[wraps.ee]", f'public = "{address}"\n[wraps.ee]')
    )
    _commit(folder, "one", src__a="a\n", ee__x="x\n")
    return folder


def _commit(folder: Path, message: str, **files: str) -> str:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    _git(folder, "add", "--all")
    _git(folder, "commit", "-q", "-m", message)
    return _git(folder, "rev-parse", "HEAD")


def _coreline(folder: Path, *arguments: str) -> int:
    return run(["-C", str(folder), *arguments])


def _outsiders_push(forge: _Forge, folder: Path) -> str:
    """Push a commit on top of the public branch, as somebody with the right to do so."""
    _git(folder.parent, "clone", "-q", str(forge.folder / "public.git"), str(folder))
    tip = _commit(folder, "theirs", src__theirs="t\n")
    _git(folder, "push", "-q", "origin", "HEAD:main")
    return tip


def test_the_history_goes_out_over_http_and_grows(
    vendor: Path, forge: _Forge, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _coreline(vendor, "publish") == 0
    assert any(path.endswith("/public.git/git-receive-pack") for path in forge.asked)
    public = forge.folder / "public.git"
    first = _git(public, "rev-parse", "main")
    _commit(vendor, "two", src__b="b\n", ee__y="y\n")
    _git(vendor, "tag", "v1")
    assert _coreline(vendor, "publish") == 0
    assert _git(public, "rev-parse", "main~1") == first
    assert _git(public, "rev-parse", "v1^{commit}") == _git(public, "rev-parse", "main")
    listed = _git(public, "ls-tree", "-r", "--name-only", "main").splitlines()
    assert listed == ["coreline.toml", "src/a", "src/b"]
    assert _coreline(vendor, "publish") == 4
    capsys.readouterr()
    assert _coreline(vendor, "status", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["in_step"]


def test_what_an_outsider_pushed_before_is_not_lost(
    vendor: Path, forge: _Forge, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _coreline(vendor, "publish") == 0
    theirs = _outsiders_push(forge, tmp_path / "outsider")
    _commit(vendor, "two", src__b="b\n")
    assert _coreline(vendor, "publish") in (2, 3)
    assert _git(forge.folder / "public.git", "rev-parse", "main") == theirs
    assert _coreline(vendor, "import", "main") == 0
    assert _coreline(vendor, "publish") == 0
    _git(forge.folder / "public.git", "merge-base", "--is-ancestor", theirs, "main")


def test_what_an_outsider_pushes_while_it_runs_is_not_lost(
    vendor: Path, forge: _Forge, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _coreline(vendor, "publish") == 0
    _commit(vendor, "two", src__b="b\n")
    pushed: list[str] = []

    def intrude() -> None:
        # Once: the push that is asked again must not be met by another one.
        if not pushed:
            pushed.append(_outsiders_push(forge, tmp_path / "outsider"))

    forge.before_push = intrude
    capsys.readouterr()
    assert _coreline(vendor, "publish") == 3
    assert "[publish-push-refused]" in capsys.readouterr().err
    public = forge.folder / "public.git"
    assert pushed == [_git(public, "rev-parse", "main")]
    # All or nothing: the record of the publication did not arrive either.
    notes = _git(public, "for-each-ref", "--format=%(refname)", "refs/notes").splitlines()
    for ref in notes:
        assert _git(public, "rev-list", "--count", ref) == "1"


def test_a_server_that_is_gone_is_said(
    vendor: Path, forge: _Forge, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _coreline(vendor, "publish") == 0
    _git(vendor, "commit", "-q", "--allow-empty", "-m", "more")
    forge.shutdown()
    forge.server_close()
    assert _coreline(vendor, "publish") == 3
    assert "[target-unreachable]" in capsys.readouterr().err
