# SPDX-License-Identifier: Apache-2.0
"""The real pip, uv and twine against a real server: what customers and build machines see."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import uvicorn

WRAP = "converge-enterprise"
BIN = Path(sys.executable).parent


@pytest.fixture
def served(registry):
    """Serve the registry on a free port; return host and port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(registry.app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.fixture
def run(tmp_path):
    """Run a client with no settings of this machine; return exit code and all it printed."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PIP_", "UV_", "TWINE_", "NETRC"))
        and not key.lower().endswith("_proxy")
    }
    environment |= {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "UV_NO_CONFIG": "1",
        "UV_CACHE_DIR": str(tmp_path / "uv-cache"),
        "HOME": str(tmp_path),
        "NO_COLOR": "1",
    }

    def run_client(*arguments):
        done = subprocess.run(
            [str(part) for part in arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout

    return run_client


@pytest.fixture
def installers(run, tmp_path):
    """Return pip and uv as functions of an index and what to install."""
    count = iter(range(100))

    def pip(index, *wanted):
        target = tmp_path / f"pip{next(count)}"
        return run(
            sys.executable, "-m", "pip", "install", "--no-cache-dir", "--target", target,
            "--index-url", index, *wanted,
        )  # fmt: skip

    def uv(index, *wanted):
        target = tmp_path / f"uv{next(count)}"
        return run(
            BIN / "uv", "pip", "install", "--python", sys.executable, "--target", target,
            "--index-url", index, *wanted,
        )  # fmt: skip

    return {"pip": pip, "uv": uv}


def index(host, token=None):
    credential = f"__token__:{token}@" if token else ""
    return f"http://{credential}{host}/simple/"


@pytest.mark.parametrize("client", ["pip", "uv"])
def test_core_installs_without_and_wrap_with_a_license(registry, served, installers, client):
    install = installers[client]
    registry.wheel("converge", "1.0")
    registry.wheel(WRAP, "1.0")
    token = registry.token("live")
    assert install(index(served), "converge")[0] == 0
    assert install(index(served, token), WRAP)[0] == 0
    code, said = install(index(served, "wrong"), WRAP)
    assert (code != 0, "401" in said) == (True, True)
    code, said = install(index(served), WRAP)
    assert code != 0
    if client == "uv":  # pip asks for a password here, or says nothing where it may not ask.
        assert "401" in said


@pytest.mark.parametrize("client", ["pip", "uv"])
def test_an_expired_license_is_explained_and_its_lock_keeps_installing(
    registry, served, installers, client
):
    install = installers[client]
    registry.wheel(WRAP, "1.0")
    token = registry.token("old")
    registry.clock[0] = registry.EXPIRES + registry.DAY
    registry.wheel(WRAP, "2.0")
    code, said = install(index(served, token), WRAP)
    assert code != 0
    assert "license-LIC-old-expired-2027-02-14/renew-at/example.com/renew" in said
    if client == "uv":
        assert "License LIC-old expired on 2027-02-14" in said
    assert install(index(served, token), f"{WRAP}==1.0")[0] == 0


@pytest.mark.parametrize("client", ["pip", "uv"])
def test_a_revoked_license_is_explained(registry, served, installers, client):
    registry.wheel(WRAP, "1.0")
    token = registry.token("gone", revoked_at=registry.START)
    code, said = installers[client](index(served, token), WRAP)
    assert code != 0
    assert "license-LIC-gone-revoked-2027-01-15/ask/example.com/renew" in said


def test_metadata_alone_is_refused_with_the_same_explanation(registry, served, installers):
    """An uploaded wheel has metadata, which pip asks for first: the reason must be there too."""
    registry.api_token("key", "upload")
    token = registry.token("old")
    registry.clock[0] = registry.EXPIRES
    name = registry.wheel_name(WRAP, "2.0")
    done = registry.upload(name, registry.make_wheel(WRAP, "2.0"), "key", name=WRAP)
    assert done.status_code == 200
    for install in installers.values():
        code, said = install(index(served, token), WRAP)
        assert code != 0
        assert "license-LIC-old-expired-2027-02-14" in said


@pytest.fixture
def dist(registry, tmp_path):
    """Return the path of a built wheel of the core."""
    path = tmp_path / registry.wheel_name("converge", "1.0")
    path.write_bytes(registry.make_wheel("converge", "1.0"))
    return path


def test_twine_uploads_and_understands_a_conflict(registry, served, run, dist):
    registry.api_token("key", "upload")

    def twine():
        return run(
            BIN / "twine", "upload", "--non-interactive", "--disable-progress-bar",
            "--repository-url", f"http://{served}/upload/", "-u", "__token__", "-p", "key",
            dist,
        )  # fmt: skip

    assert twine()[0] == 0
    assert twine()[0] == 0, "the same file again is not an error"
    dist.write_bytes(registry.make_wheel("converge", "1.0", "Summary: changed\n"))
    code, said = twine()
    assert (code, "409" in said) == (1, True)


def test_uv_publishes_and_shows_why_not(registry, served, run, dist):
    registry.api_token("key", "upload")

    def uv(password):
        return run(
            BIN / "uv", "publish", "--publish-url", f"http://{served}/upload/",
            "-u", "__token__", "-p", password, dist,
        )  # fmt: skip

    assert uv("key")[0] == 0
    assert uv("key")[0] == 0
    dist.write_bytes(registry.make_wheel("converge", "1.0", "Summary: changed\n"))
    code, said = uv("key")
    assert (code != 0, "uploaded before with other content" in said) == (True, True)
    code, said = uv("wrong")
    assert (code != 0, "API token is not known" in said) == (True, True)
