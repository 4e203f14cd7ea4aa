# SPDX-License-Identifier: Apache-2.0
"""Seats: never one too many, however many machines ask at once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from coreline_server.licensing.model import Activation, License
from coreline_server.licensing.store import Origin, Taken
from coreline_server.storage.database import Database
from coreline_server.storage.licensing import SqliteLicensingStore
from coreline_server.storage.migrate import migrate

DAY = 86_400
Server = Any


def license_(seats: int) -> License:
    return License(
        id="LIC-1",
        customer="CUS-1",
        edition="enterprise",
        features=[],
        seats=seats,
        trial=False,
        starts=0,
        expires=100 * DAY,
        grace_days=0,
        created_at=0,
        token="token",
    )


def wanted(fingerprint: str, now: int = 0, lease: int = 100, number: int = 0) -> Activation:
    return Activation(
        id=f"ACT-{fingerprint}-{number}",
        license="LIC-1",
        fingerprint=fingerprint,
        name="",
        created_at=now,
        seen_at=now,
        lease_seconds=lease,
        expires_at=now + lease,
    )


def open_store(folder: Path, license: License) -> tuple[Database, SqliteLicensingStore]:
    migrate(folder / "a.sqlite")
    database = Database(folder / "a.sqlite")
    database.write_now(
        lambda connection: connection.execute(
            "INSERT INTO customers (id, name, email, created_at) VALUES ('CUS-1', 'a', 'b', 0)"
        )
    )
    store = SqliteLicensingStore(database)
    asyncio.run(add(store, license))
    return database, store


async def add(store: SqliteLicensingStore, license: License) -> None:
    await store.add_license(license, Origin("t", 0))


@settings(
    deadline=None,
    derandomize=True,
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seats=st.integers(1, 20), machines=st.integers(1, 60), threads=st.integers(1, 4))
def test_exactly_as_many_as_there_are_seats(
    tmp_path_factory: Any, seats: int, machines: int, threads: int
) -> None:
    database, store = open_store(tmp_path_factory.mktemp("seats"), license_(seats))

    async def ask(numbers: range) -> list[Activation | Taken]:
        work = (store.activate(license_(seats), wanted(f"m{n}")) for n in numbers)
        return await asyncio.gather(*work)

    def in_a_loop(start: int) -> list[Activation | Taken]:
        return asyncio.run(ask(range(start, machines, threads)))

    with ThreadPoolExecutor(threads) as pool:
        answers = [answer for part in pool.map(in_a_loop, range(threads)) for answer in part]
    taken = [answer for answer in answers if isinstance(answer, Activation)]
    assert len(taken) == min(seats, machines)
    assert len(answers) == machines
    database.close()


def test_through_http_exactly_as_many_as_there_are_seats(server: Server) -> None:
    license = server.license(seats=5)
    headers = {"Authorization": f"Bearer {license['token']}"}

    def ask(number: int) -> int:
        body = {"fingerprint": f"machine {number}"}
        return int(server.client.post("/v1/activations", json=body, headers=headers).status_code)

    with ThreadPoolExecutor(12) as pool:
        codes = list(pool.map(ask, range(24)))
    assert (codes.count(201), codes.count(409)) == (5, 19)


class Seats(RuleBasedStateMachine):
    """Any order of activations, heartbeats, releases and time, beside the plainest model of it."""

    FINGERPRINTS = st.sampled_from(["a", "b", "c", "d"])
    SEATS = 2

    @initialize()
    def begin(self) -> None:
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.database, self.store = open_store(Path(self.folder.name), license_(self.SEATS))
        self.now = 0
        self.number = 0
        # Fingerprint → the activation's id and when its lease ends.
        self.model: dict[str, tuple[str, int]] = {}

    def live(self) -> set[str]:
        return {name for name, (_, end) in self.model.items() if end > self.now}

    @rule(fingerprint=FINGERPRINTS, lease=st.sampled_from([10, 50]))
    def activate(self, fingerprint: str, lease: int) -> None:
        self.number += 1
        ask = wanted(fingerprint, self.now, lease, self.number)
        answer = asyncio.run(self._activate(ask))
        if fingerprint not in self.live() and len(self.live()) >= self.SEATS:
            assert isinstance(answer, Taken)
            assert {seat.fingerprint for seat in answer.oldest} == self.live()
            return
        assert isinstance(answer, Activation)
        known = self.model.get(fingerprint)
        if known is not None:
            assert answer.id == known[0]
        self.model[fingerprint] = (answer.id, self.now + lease)

    async def _activate(self, ask: Activation) -> Activation | Taken:
        return await self.store.activate(license_(self.SEATS), ask)

    @rule(fingerprint=FINGERPRINTS)
    def heartbeat(self, fingerprint: str) -> None:
        if fingerprint not in self.model:
            return
        activation_id, _ = self.model[fingerprint]
        kept = self.store.activation(activation_id)
        assert kept is not None
        beat = wanted(fingerprint, self.now, 30)
        ask = Activation(
            id=activation_id,
            license=beat.license,
            fingerprint=fingerprint,
            name="",
            created_at=0,
            seen_at=self.now,
            lease_seconds=30,
            expires_at=self.now + 30,
        )
        extended = asyncio.run(self._beat(ask))
        assert extended == (fingerprint in self.live())
        if extended:
            self.model[fingerprint] = (activation_id, self.now + 30)

    async def _beat(self, ask: Activation) -> bool:
        return await self.store.heartbeat(ask)

    @rule(fingerprint=FINGERPRINTS)
    def release(self, fingerprint: str) -> None:
        activation_id, _ = self.model.pop(fingerprint, ("ACT-none", 0))
        freed = asyncio.run(self._release(activation_id))
        assert freed == (activation_id != "ACT-none")

    async def _release(self, activation_id: str) -> bool:
        assert not await self.store.release(activation_id, "LIC-other")
        return await self.store.release(activation_id, "LIC-1")

    @rule(seconds=st.integers(1, 40))
    def wait(self, seconds: int) -> None:
        self.now += seconds

    @invariant()
    def never_oversold(self) -> None:
        if hasattr(self, "store"):
            rows = self.store.activations(None, 100)
            live = {row.fingerprint for row in rows if row.expires_at > self.now}
            assert live == self.live()
            assert len(live) <= self.SEATS

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()


TestSeats = Seats.TestCase
TestSeats.settings = settings(
    deadline=None, derandomize=True, max_examples=15, stateful_step_count=30
)


def test_a_renewal_with_more_seats_counts_at_once(tmp_path: Path) -> None:
    database, store = open_store(tmp_path, license_(1))

    async def main() -> list[Activation | Taken]:
        first = await store.activate(license_(1), wanted("a"))
        second = await store.activate(license_(1), wanted("b"))
        renewed = License(
            **{
                **{name: getattr(license_(2), name) for name in License.__struct_fields__},
                "token": "another",
                "expires": license_(2).expires + 1,
            }
        )
        await store.renew(renewed, Origin("t", 1))
        # The caller still holds the license as it was before: the store looks again.
        third = await store.activate(license_(1), wanted("b"))
        return [first, second, third]

    first, second, third = asyncio.run(main())
    assert isinstance(first, Activation)
    assert isinstance(second, Taken)
    assert isinstance(third, Activation)
    database.close()
