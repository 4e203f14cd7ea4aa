# SPDX-License-Identifier: Apache-2.0
"""The index page of a project with 60 versions: at least 15 times pypiserver's requests a second.

Both are real processes on this machine, each asked by the same client in turn. Ours decides access
for every request; the page of the wrap is asked for with a registry token.
"""

import base64
import contextlib
import io
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bench.load import Load, load
from bench.measure import claim, in_turn, median, nothing, row

VERSIONS = 60
COUNT_OURS = 6_000
COUNT_PEER = 300
BIN = Path(sys.executable).parent
JSON = {"Accept": "application/vnd.pypi.simple.v1+json"}

MANIFEST = """\
[product]
name = "bench"
primary = "Be measured"

[core]
spdx = "Apache-2.0"
paths = ["src/**"]
packages = ["bench-core"]

[wraps.pro]
spdx = "LicenseRef-Pro"
paths = ["pro/**"]
packages = ["bench-pro"]

[features.measure]
side = "core"
primary = true

[features.fast]
side = "wrap"
wrap = "pro"

[editions.pro]
features = ["fast"]
"""


def wheel(name: str, version: str) -> tuple[str, bytes]:
    """Make the smallest wheel."""
    stem = f"{name.replace('-', '_')}-{version}"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        for leaf, text in (("METADATA", metadata), ("WHEEL", ""), ("RECORD", "")):
            archive.writestr(f"{stem}.dist-info/{leaf}", text)
    return f"{stem}-py3-none-any.whl", buffer.getvalue()


def post(address: str, body: bytes, headers: dict[str, str]) -> dict[str, str]:
    """Send a request to our server and return its JSON."""
    request = urllib.request.Request(address, data=body, headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, str] = json.loads(answer.read())
    return found


def upload(address: str, token: str, name: str, version: str) -> None:
    """Upload a wheel as twine does."""
    filename, content = wheel(name, version)
    fields = {":action": "file_upload", "name": name, "version": version}
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    )
    file = f'--b\r\nContent-Disposition: form-data; name="content"; filename="{filename}"\r\n\r\n'
    body = parts.encode() + file.encode() + content + b"\r\n--b--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    post(f"{address}/upload/", body, kind | {"Authorization": basic(token)})


def basic(password: str) -> str:
    """Return the header of a Basic credential."""
    return "Basic " + base64.b64encode(f"__token__:{password}".encode()).decode()


@contextlib.contextmanager
def ours(folder: Path) -> Iterator[tuple[int, int, str]]:
    """Run our server with the packages; give its process, port and a customer's token."""
    (folder / "coreline.toml").write_text(MANIFEST)
    process = subprocess.Popen(
        [BIN / "coreline-server", "serve", "--data", "data", "--port", "0"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = iter(process.stdout.readline, "")
        link = next(line for line in said if "/setup?token=" in line).split()[-1]
        address, _, setup = link.partition("/setup?token=")
        kind = {"Content-Type": "application/json"}
        body = json.dumps({"token": setup, "password": "correct horse battery"}).encode()
        token = post(f"{address}/setup", body, kind)["api_token"]
        for number in range(VERSIONS):
            for name in ("bench-core", "bench-pro"):
                upload(address, token, name, f"1.{number}")
        admin = kind | {"Authorization": f"Bearer {token}"}
        customer = {"name": "Acme", "email": "it@acme.example"}
        found = post(f"{address}/v1/customers", json.dumps(customer).encode(), admin)
        license_ = {"customer": found["id"], "edition": "pro"}
        found = post(f"{address}/v1/licenses", json.dumps(license_).encode(), admin)
        found = post(f"{address}/v1/licenses/{found['id']}/registry-tokens", b"", admin)
        yield process.pid, urllib.parse.urlsplit(address).port or 0, found["token"]
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def peer(folder: Path) -> Iterator[tuple[int, int]]:
    """Run pypiserver with the packages; give its process and port."""
    if not (BIN / "pypi-server").exists():
        nothing("pypiserver is not installed.")
    for number in range(VERSIONS):
        filename, content = wheel("bench-core", f"1.{number}")
        (folder / filename).write_bytes(content)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    process = subprocess.Popen(
        [BIN / "pypi-server", "run", "-i", "127.0.0.1", "-p", str(port),
         "-P", ".", "-a", ".", "--disable-fallback", "."],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Measure the public and the gated page, and the peer, in turn."""
    with (
        tempfile.TemporaryDirectory() as first,
        tempfile.TemporaryDirectory() as second,
        ours(Path(first)) as (pid, port, token),
        peer(Path(second)) as (peer_pid, peer_port),
    ):
        loads: dict[str, list[Load]] = {}
        gated = {"Authorization": basic(token)}
        sides = {
            "core page, HTML": (pid, port, "/simple/bench-core/", {}, COUNT_OURS),
            "wrap page, HTML, by license": (pid, port, "/simple/bench-pro/", gated, COUNT_OURS),
            "wrap page, JSON, by license": (
                pid, port, "/simple/bench-pro/", gated | JSON, COUNT_OURS,
            ),
            "pypiserver page, HTML": (peer_pid, peer_port, "/simple/bench-core/", {}, COUNT_PEER),
        }  # fmt: skip

        def side(name: str) -> float:
            found = load(*sides[name])
            loads.setdefault(name, []).append(found)
            return found.requests_per_second

        rates = in_turn(*(lambda name=name: side(name) for name in sides), rounds=3)  # type: ignore[misc]  # mypy cannot infer a lambda with a default.
        for name, values in zip(sides, rates, strict=True):
            row(name, values, "requests/s")
            cpu = [found.cpu_us_per_request for found in loads[name]]
            row(f"  {loads[name][0].bytes_per_answer:,} bytes", cpu, "µs CPU each")
        slowest = median(rates[-1])
        for name, values in zip(list(sides)[:-1], rates, strict=False):
            claim(f"{name} / pypiserver", median(values) / slowest, 15, at_most=False)


if __name__ == "__main__":
    main()
