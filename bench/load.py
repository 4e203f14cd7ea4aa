# SPDX-License-Identifier: Apache-2.0
"""A bounded load on one address: keep-alive connections, a fixed number of requests, raw sockets.

The same client drives every server of a comparison; it reads whole answers and checks each status.
"""

import asyncio
import os
import time
from pathlib import Path
from typing import NamedTuple, cast

import uvloop

CONNECTIONS = 8
SECONDS_MAX = 60


class Load(NamedTuple):
    """What a server did with a load, and what it cost its process."""

    requests_per_second: float
    cpu_us_per_request: float
    bytes_per_answer: int


class _Connection(asyncio.Protocol):
    """Asks again as soon as an answer is whole, until nothing is left to ask.

    Where a server ends the connection after each answer, as HTTP/1.0 does, it connects anew.
    """

    def __init__(self, address: tuple[str, int], request: bytes, left: list[int]) -> None:
        self.address, self.request, self.left = address, request, left
        self.loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = self.loop.create_future()
        self.buffer = b""
        self.size = 0
        self.transport: asyncio.Transport | None = None

    async def connect(self) -> None:
        await self.loop.create_connection(lambda: self, *self.address)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is one by its methods.
        self.ask()

    def ask(self) -> None:
        assert self.transport is not None
        if self.left[0] <= 0:
            self.done.set_result(None)
            self.transport.close()
        else:
            self.left[0] -= 1
            self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found or len(body) < (length := _length(head)):
            return
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            self.done.set_exception(RuntimeError(head.decode("latin-1")))
            return
        self.size, self.buffer = length, b""
        if head.startswith(b"HTTP/1.0") or b"\r\nconnection: close" in head.lower():
            assert self.transport is not None
            self.transport.close()
        else:
            self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.again = self.loop.create_task(self.connect())


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise RuntimeError("an answer without a length")


async def _drive(host: str, port: int, request: bytes, count: int) -> int:
    left = [count]
    connections = [_Connection((host, port), request, left) for _ in range(CONNECTIONS)]
    async with asyncio.timeout(SECONDS_MAX):
        for connection in connections:
            await connection.connect()
        await asyncio.gather(*(connection.done for connection in connections))
    return max(connection.size for connection in connections)


def load(pid: int, port: int, path: str, headers: dict[str, str], count: int) -> Load:
    """Ask a server on this machine ``count`` times for a path; 200 is the only good answer."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: keep-alive"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    before, started = cpu_seconds(pid), time.perf_counter()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        size = runner.run(_drive("127.0.0.1", port, request, count))
    wall, cpu = time.perf_counter() - started, cpu_seconds(pid) - before
    return Load(count / wall, cpu / count * 1e6, size)


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has used, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
