# SPDX-License-Identifier: Apache-2.0
"""``coreline release``, the right and the wrong way round, with registries on this machine."""

import hashlib
import json
import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from coreline.cli.main import run
from coreline.releases.model import Artifact, Built, Release, read_release, write_release
from coreline.releases.release import environment

PUBLIC = ".".join(("upload", "pypi", "org"))

LINE = """
[product]
name = "acme"
primary = "Keep notes"
[core]
spdx = "Apache-2.0"
paths = ["src/**"]
packages = ["acme"]
[wraps.ee]
spdx = "LicenseRef-Acme"
paths = ["ee/**"]
modules = ["acme_ee"]
packages = ["acme-ee"]
[builds.acme]
side = "core"
tool = "command"
command = "true"
artifacts = ["*.whl"]
registry = "{core}"
[builds.acme-ee]
side = "wrap"
tool = "command"
command = "true"
artifacts = ["*.whl"]
registry = "{wrap}"
"""


class Registry:
    """A registry that takes files by PUT, and what it says to who has no credential."""

    def __init__(self, token: str, anonymous: int, location: str = "") -> None:
        self.files: dict[str, bytes] = {}
        self.failing = False
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(anonymous)
                if location:
                    self.send_header("Location", location)
                self.end_headers()

            def do_PUT(self) -> None:
                data = self.rfile.read(int(self.headers["Content-Length"]))
                allowed = self.headers["Authorization"] == f"Bearer {token}"
                good = allowed and not registry.failing
                if good:
                    registry.files[self.path.rpartition("/")[2]] = data
                self.send_response(201 if good else 403)
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=self.server.serve_forever)
        self.address = f"http://127.0.0.1:{self.server.server_port}/put"

    def __enter__(self) -> "Registry":
        self.thread.start()
        return self

    def __exit__(self, *_arguments: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


Start = Callable[..., Registry]


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as stack:
        yield lambda token="c", anonymous=200, location="": stack.enter_context(
            Registry(token, anonymous, location)
        )


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORELINE_CORE_CORELINE_RELEASE_TOKEN", "c")
    monkeypatch.setenv("CORELINE_WRAP_CORELINE_RELEASE_TOKEN", "w")


def wheel(folder: Path, name: str, spdx: str, file: str = "") -> Artifact:
    module = name.replace("-", "_")
    path = file or f"{module}-1.0-py3-none-any.whl"
    info = f"{module}-1.0.dist-info"
    with zipfile.ZipFile(folder / path, "w") as archive:
        archive.writestr(f"{module}/__init__.py", "VALUE = 1\n")
        text = f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\nLicense-Expression: {spdx}\n"
        archive.writestr(f"{info}/METADATA", text)
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/licenses/LICENSE", "Apache License, Version 2.0\n")
    data = (folder / path).read_bytes()
    return Artifact(path=path, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def product(folder: Path, core: str, wrap: str) -> Path:
    """Make a repository and a folder as coreline build leaves it."""
    files = {
        "coreline.toml": LINE.format(core=core, wrap=wrap),
        "src/acme/__init__.py": "VALUE = 1\n",
        "ee/acme_ee/__init__.py": "VALUE = 1\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    who = {f"GIT_{a}_{b}": "a@e.com" for a in ("AUTHOR", "COMMITTER") for b in ("NAME", "EMAIL")}
    for line in ("init -q -b main", "add .", "commit -q -m first"):
        subprocess.run(["git", *line.split()], cwd=folder, check=True, env=os.environ | who)
    argv = ["git", "rev-parse", "HEAD"]
    commit = subprocess.run(argv, cwd=folder, check=True, capture_output=True, text=True).stdout
    dist = folder / "dist"
    dist.mkdir()
    common = {"tool": "command", "version": "1.0"}
    builds = [
        Built(
            **{**common, "name": "acme-ee", "package": "acme-ee", "spdx": "LicenseRef-Acme"},
            side="wrap",
            wrap="ee",
            registry=wrap,
            artifacts=[wheel(dist, "acme-ee", "LicenseRef-Acme")],
        ),
        Built(
            **{**common, "name": "acme", "package": "acme", "spdx": "Apache-2.0"},
            side="core",
            wrap=None,
            registry=core,
            artifacts=[wheel(dist, "acme", "Apache-2.0")],
        ),
    ]
    write_release(Release(commit=commit.strip(), epoch=0, line="", builds=builds), dist)
    return folder


def release(folder: Path, *arguments: str) -> int:
    return run(["-C", str(folder), "release", "dist", *arguments])


def edit(folder: Path, old: str, new: str) -> None:
    record = folder / "dist/release.json"
    assert old in record.read_text()
    record.write_text(record.read_text().replace(old, new))


def test_each_side_goes_to_its_registry_and_a_failed_run_is_finished(
    tmp_path: Path, start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    public, gated = start("c", 200), start("w", 401)
    folder = product(tmp_path, public.address, gated.address)
    assert release(folder, "--dry-run") == 0
    lines = capfd.readouterr().out.splitlines()
    assert [one.split()[0] for one in lines] == ["core", "wrap"]
    assert not public.files
    assert not gated.files
    gated.failing = True
    assert release(folder) == 3
    assert list(public.files) == ["acme-1.0-py3-none-any.whl"]
    gated.failing = False
    public.files.clear()
    assert release(folder) == 0
    assert "is there already" in capfd.readouterr().out
    assert not public.files, "what is there is not uploaded again"
    assert list(gated.files) == ["acme_ee-1.0-py3-none-any.whl"]
    assert len(json.loads((folder / "dist/released.json").read_text())) == 2


@pytest.mark.parametrize("anonymous", [200, 204, 404, 500])
def test_a_wrap_is_not_uploaded_where_anybody_may_read(
    tmp_path: Path, start: Start, capfd: pytest.CaptureFixture[str], anonymous: int
) -> None:
    public, other = start("c", 200), start("w", anonymous)
    folder = product(tmp_path, public.address, other.address)
    for arguments in ([], ["--side", "wrap"], ["--name", "acme-ee"]):
        assert release(folder, *arguments) == 2
        assert "release-wrap-to-public" in capfd.readouterr().err
    assert not public.files, "nothing at all is uploaded"
    assert not other.files


def test_swapped_registries_are_refused(
    tmp_path: Path, start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    public, gated = start("w", 200), start("c", 401)
    assert release(product(tmp_path, gated.address, public.address)) == 2
    err = capfd.readouterr().err
    assert "release-wrap-to-public" in err
    assert "release-core-to-gated" in err
    assert not public.files
    assert not gated.files


@pytest.mark.parametrize("side", ["core", "wrap"])
def test_a_registry_that_leads_to_another_host_is_refused(
    tmp_path: Path, start: Start, capfd: pytest.CaptureFixture[str], side: str
) -> None:
    away = start("cw", 302, "http://elsewhere.example/put")
    rest = start("w", 401) if side == "core" else start("c", 200)
    core, wrap = (away, rest) if side == "core" else (rest, away)
    assert release(product(tmp_path, core.address, wrap.address)) == 2
    assert "release-registry-redirects" in capfd.readouterr().err
    assert not rest.files


@pytest.mark.parametrize("wrap", ["HTTP://127.0.0.1:{port}/x/../put/"])
def test_one_registry_in_two_spellings_is_refused(
    tmp_path: Path, start: Start, capfd: pytest.CaptureFixture[str], wrap: str
) -> None:
    gated = start("w", 401)
    other = wrap.format(port=gated.server.server_port)
    folder = product(tmp_path, gated.address, other)
    # The side that is not uploaded this time counts as well.
    for arguments in ([], ["--side", "wrap"], ["--side", "core"]):
        assert release(folder, *arguments) == 2
        assert "release-registry-of-both-sides" in capfd.readouterr().err
    assert not gated.files


def test_a_public_index_is_refused_for_a_wrap_by_its_name(
    tmp_path: Path, start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    public = start("c", 200)
    assert release(product(tmp_path, public.address, f"https://{PUBLIC}/legacy/")) == 2
    assert f"everybody may read {PUBLIC}" in capfd.readouterr().err
    assert not public.files


def test_an_edited_record_is_refused(
    tmp_path: Path, start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    public, gated = start("c", 200), start("w", 401)
    folder = product(tmp_path, public.address, gated.address)
    edit(folder, gated.address, public.address)
    assert release(folder) == 2
    assert "release-record-changed" in capfd.readouterr().err
    edit(folder, '"side": "wrap"', '"side": "core"')
    assert release(folder) == 2
    assert "release-other-side" in capfd.readouterr().err
    assert not public.files


def test_a_wheel_of_a_wrap_is_not_the_core_for_being_renamed(
    tmp_path: Path, start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    public, gated = start("c", 200), start("w", 401)
    folder = product(tmp_path, public.address, gated.address)
    before = read_release(folder / "dist").builds[1].artifacts[0]
    now = wheel(folder / "dist", "acme-ee", "LicenseRef-Acme", before.path)
    assert release(folder) == 2
    assert "release-file-changed" in capfd.readouterr().err
    edit(folder, before.sha256, now.sha256)
    edit(folder, f'"size": {before.size}', f'"size": {now.size}')
    assert release(folder, "--side", "core") == 2
    assert "release-other-side" in capfd.readouterr().err
    assert not public.files


def test_a_file_outside_of_the_folder_is_refused(
    tmp_path: Path, start: Start, capfd: pytest.CaptureFixture[str]
) -> None:
    public, gated = start("c", 200), start("w", 401)
    folder = product(tmp_path, public.address, gated.address)
    edit(folder, '"acme-1.0', '"../src/../dist/../acme-1.0')
    (folder / "dist/acme-1.0-py3-none-any.whl").rename(folder / "acme-1.0-py3-none-any.whl")
    assert release(folder) == 2
    assert "release-file-missing" in capfd.readouterr().err


def test_a_credential_is_seen_by_its_own_side_alone() -> None:
    env = {"PATH": "/bin", "UV_PUBLISH_TOKEN": "x", "CORELINE_CORE_UV_PUBLISH_TOKEN": "c"}
    assert environment(env, "core", both=True) == {"PATH": "/bin", "UV_PUBLISH_TOKEN": "c"}
    assert environment(env, "wrap", both=True) == {"PATH": "/bin"}
    assert environment(env, "wrap", both=False)["UV_PUBLISH_TOKEN"] == "x"
