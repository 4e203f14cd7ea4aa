# SPDX-License-Identifier: Apache-2.0
"""A server in a temporary folder, with a clock that tests move."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from coreline_server.app import Service, build
from coreline_server.auth.model import Caller, NewApiToken
from coreline_server.config import Config
from coreline_server.storage.directory import initialize

T = TypeVar("T")

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

MANIFEST = """\
[product]
name = "converge"
primary = "Bring a machine to a declared state"
vendor = ["example.com"]

[core]
spdx = "Apache-2.0"
paths = ["src/**"]
packages = ["converge"]

[wraps.enterprise]
spdx = "LicenseRef-Converge-Enterprise"
paths = ["enterprise/**"]
packages = ["converge-enterprise"]

[features.apply]
side = "core"
primary = true

[features.fleet]
side = "wrap"
wrap = "enterprise"

[features.compliance]
side = "wrap"
wrap = "enterprise"

[editions.enterprise]
features = ["fleet", "compliance"]
segment = "enterprise"
trial_days = 30
grace_days = 14

[editions.basic]
features = ["fleet"]

[segments.enterprise]
title = "Enterprise"
"""


class Clock:
    """The time, which stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **amount: float) -> None:
        self.now += timedelta(**amount)


class Server:
    """A server under test: its service, a client without credentials, and the admin's headers."""

    def __init__(self, service: Service, client: TestClient[Litestar], clock: Clock) -> None:
        self.service = service
        self.client = client
        self.clock = clock
        token = self.run(
            lambda: service.keeper.issue_token(NewApiToken(name="t", scope="admin"), ROOT)
        )
        self.admin = {"Authorization": f"Bearer {token.token}"}

    def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """Run a coroutine in the loop of the application."""

        async def call() -> T:
            return await work()

        with self.client.portal() as portal:
            return portal.call(call)

    def customer(self, name: str = "Acme") -> str:
        """Add a customer; return its id."""
        body = {"name": name, "email": "it@acme.example"}
        answer = self.client.post("/v1/customers", json=body, headers=self.admin)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def license(self, **fields: Any) -> dict[str, Any]:
        """Issue a license; return what the API said."""
        body = {"customer": self.customer(), "edition": "enterprise", **fields}
        answer = self.client.post("/v1/licenses", json=body, headers=self.admin)
        assert answer.status_code == 201, answer.text
        issued: dict[str, Any] = answer.json()
        return issued


ROOT = Caller("test", "admin")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def manifest_path(tmp_path: Path) -> Path:
    path = tmp_path / "repository" / "coreline.toml"
    path.parent.mkdir()
    path.write_text(MANIFEST)
    return path


@pytest.fixture
def config(tmp_path: Path, manifest_path: Path) -> Config:
    config = Config(data=tmp_path / "data")
    initialize(config, manifest_path, None, NOW)
    return config


@pytest.fixture
def server(config: Config, clock: Clock) -> Iterator[Server]:
    service = build(config, clock=clock)
    with TestClient(service.app, base_url="http://vendor.example") as client:
        yield Server(service, client, clock)
