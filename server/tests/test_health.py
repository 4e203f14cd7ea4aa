# SPDX-License-Identifier: Apache-2.0
"""Live as soon as the process answers; ready only while data can be written."""

import asyncio
from typing import Any

import pytest

from coreline.errors import OutsideError
from coreline_server.health import Readiness

# The fixture `server` of conftest.py; its class is not importable from here.
Server = Any


def test_it_is_live_and_ready(server: Server) -> None:
    assert server.client.get("/health/live").json() == {"status": "live"}
    assert server.client.get("/health/ready").json() == {"status": "ready"}


def test_without_its_database_it_is_live_and_not_ready(server: Server) -> None:
    server.service.database.close()
    assert server.client.get("/health/live").status_code == 200
    answer = server.client.get("/health/ready")
    assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
    assert "database" in answer.json()["detail"]


def test_a_check_is_not_run_for_everyone_who_asks() -> None:
    runs = 0

    async def check() -> None:
        nonlocal runs
        runs += 1

    async def main() -> None:
        readiness = Readiness({"disk": check})
        for _ in range(5):
            await readiness.require()

    asyncio.run(main())
    assert runs == 1


def test_a_failure_is_asked_again_at_once() -> None:
    broken = True

    async def check() -> None:
        if broken:
            raise OSError("full")

    async def main() -> None:
        nonlocal broken
        readiness = Readiness({"disk": check})
        with pytest.raises(OutsideError, match="disk"):
            await readiness.require()
        broken = False
        await readiness.require()

    asyncio.run(main())
