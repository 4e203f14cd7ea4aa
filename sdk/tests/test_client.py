# SPDX-License-Identifier: Apache-2.0
"""The product's object: what it allows, what it never does, and what it survives."""

import asyncio
import inspect
import json
import os
import pickle
import sys
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from minting import DAY, NOW, ROOT_KEY, license_file, revocation_file, revocation_list

from coreline_sdk import Coreline, LicenseStatus, NotEntitled
from coreline_sdk.codes import EXPIRED, Refused
from coreline_sdk.loader import Loader
from coreline_sdk.telemetry import Telemetry


class Clock:
    def __init__(self, now: float = NOW + DAY) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def product(
    source: str | Path | None = None, *, clock: Clock | None = None, **more: object
) -> Coreline:
    return Coreline("converge", source, [ROOT_KEY], clock=clock or Clock(), **more)  # type: ignore[arg-type]  # passed on


def codes(status: LicenseStatus) -> list[str]:
    return [notice.code for notice in status.warnings]


def test_unconfigured_allows_nothing_and_raises_nothing() -> None:
    bare = Coreline("converge")
    assert not bare.entitled("fleet")
    assert bare.status().code == "unconfigured"
    assert bare.seats is None
    assert bare.limits("fleet") == {}


def test_construction_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Loader, "look", lambda *_: pytest.fail("It looked."))
    product("/no/such/file")


def test_valid() -> None:
    valid = product(license_file())
    assert valid.entitled("fleet")
    assert not valid.entitled("other")
    assert valid.limits("fleet") == {"machines": 100}
    assert valid.limits("other") == {}
    assert valid.seats == 5
    status = valid.status()
    assert status == LicenseStatus(
        code="valid",
        state="valid",
        sentence="The license is valid.",
        hint="",
        entitled=True,
        license_id="LIC-1",
        edition="enterprise",
        customer="Acme GmbH",
        features=("compliance", "fleet"),
        seats=5,
        expires=datetime.fromtimestamp(NOW + 100 * DAY, UTC),
        grace_until=datetime.fromtimestamp(NOW + 114 * DAY, UTC),
    )


def test_status_is_frozen() -> None:
    with pytest.raises(AttributeError):
        product().status().code = "valid"  # type: ignore[misc]  # the point of the test


def test_license_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "license.txt"
    path.write_text(license_file())
    monkeypatch.setenv("CORELINE_LICENSE", str(path))
    assert product().entitled("fleet")
    monkeypatch.setenv("CORELINE_LICENSE", license_file())
    assert product().entitled("fleet")
    monkeypatch.setenv("CORELINE_LICENSE", "")
    assert product().status().code == "unconfigured"


def test_without_root_keys_nothing_is_verified() -> None:
    assert Coreline("converge", license_file()).status().code == "no-root-keys"


@pytest.mark.parametrize("source", ["/no/such/file", "", "\0", "x" * 5000, Path()])
def test_a_source_that_cannot_be_read_is_no_exception(source: str | Path) -> None:
    status = product(source or "missing").status()
    assert (status.code, status.entitled) == ("license-unreadable", False)
    assert status.hint


def test_a_bug_in_the_check_is_no_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    client = product(license_file(), clock=clock)
    assert client.entitled("fleet")

    def fall(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("coreline_sdk.loader.standing", fall)
    assert client.refresh().code == "valid"
    assert client.entitled("fleet")
    clock.now = NOW + 120 * DAY
    assert not client.entitled("fleet")
    fresh = product(license_file())
    assert fresh.status().code == "check-failed"
    assert not fresh.entitled("fleet")


def test_a_check_that_cannot_even_begin_is_no_exception(monkeypatch: pytest.MonkeyPatch) -> None:
    nonsense = product(license_file(), built="2026-10-01")
    assert not nonsense.entitled("fleet")
    assert nonsense.status().code == "check-failed"
    # As where cryptography's own library does not load on this machine.
    monkeypatch.setitem(sys.modules, "coreline_sdk.loader", None)
    broken = product(license_file())
    assert not broken.entitled("fleet")
    assert broken.status().code == "check-failed"
    monkeypatch.undo()
    assert broken.refresh().code == "valid"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="There are no named pipes.")
def test_no_answer_waits_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "license.txt")
    assert product(tmp_path / "license.txt").status().code == "license-unreadable"


def test_rights_end_on_their_date_between_two_looks() -> None:
    clock = Clock(NOW + 114 * DAY - 1)
    client = product(license_file(), clock=clock, recheck_seconds=10**9)
    assert client.entitled("fleet")
    clock.now += 1
    assert not client.entitled("fleet")
    assert client.status().code == "expired"


def test_a_license_begins_without_a_restart() -> None:
    clock = Clock(NOW - 10)
    client = product(license_file(), clock=clock)
    assert not client.entitled("fleet")
    clock.now = NOW + 60
    assert client.entitled("fleet")


def test_a_renewed_file_is_seen_after_the_interval(tmp_path: Path) -> None:
    path, clock = tmp_path / "license.txt", Clock()
    path.write_text(license_file(features=["compliance"]))
    client = product(path, clock=clock)
    assert not client.entitled("fleet")
    path.write_text(license_file())
    assert not client.entitled("fleet")
    clock.now += 60
    assert client.entitled("fleet")


def test_a_file_that_appears_later_is_seen(tmp_path: Path) -> None:
    path, clock = tmp_path / "license.txt", Clock()
    client = product(path, clock=clock)
    assert not client.entitled("fleet")
    path.write_text(license_file())
    clock.now += 60
    assert client.entitled("fleet")
    assert client.status().warnings == ()


@pytest.mark.parametrize("harm", ["remove", "corrupt", "empty", "folder", "other product"])
def test_what_was_verified_stays_when_the_file_fails(tmp_path: Path, harm: str) -> None:
    path, clock = tmp_path / "license.txt", Clock()
    path.write_text(license_file())
    client = product(path, clock=clock)
    assert client.entitled("fleet")
    path.unlink()
    if harm == "folder":
        path.mkdir()
    elif harm != "remove":
        text = license_file(aud="other") if harm == "other product" else license_file()[:300]
        path.write_text("" if harm == "empty" else text)
    clock.now += 60
    assert client.entitled("fleet")
    status = client.status()
    assert (status.code, codes(status)) == ("valid", ["license-kept"])
    clock.now = NOW + 114 * DAY
    assert not client.entitled("fleet")


def test_a_kept_license_is_forgotten_when_the_file_is_good_again(tmp_path: Path) -> None:
    path, clock = tmp_path / "license.txt", Clock()
    path.write_text(license_file())
    client = product(path, clock=clock)
    assert client.entitled("fleet")
    path.write_text("broken")
    assert codes(client.refresh()) == ["license-kept"]
    path.write_text(license_file(features=["other"]))
    assert client.refresh().warnings == ()
    assert not client.entitled("fleet")
    assert client.entitled("other")


def test_rights_shrink_on_a_signed_list(tmp_path: Path) -> None:
    beside, clock = tmp_path / "revocations.txt", Clock()
    client = product(license_file(), clock=clock, revocations=beside, built=date(2026, 1, 1))
    assert client.entitled("fleet")
    assert codes(client.status()) == ["revocations-refused"]
    beside.write_text(revocation_file(1, "LIC-1"))
    clock.now += 60
    assert not client.entitled("fleet")
    assert client.status().code == "revoked"
    beside.write_text("broken")
    assert client.refresh().code == "revoked"


def test_the_state_file_remembers_across_processes(tmp_path: Path) -> None:
    path, state = tmp_path / "license.txt", tmp_path / "state.json"
    path.write_text(license_file(revocation_list(3, "LIC-9")))
    assert product(path, state=state).entitled("fleet")
    path.unlink()
    restarted = product(path, state=state)
    assert restarted.entitled("fleet")
    assert codes(restarted.status()) == ["license-kept"]


def test_the_state_file_remembers_a_revocation(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    revoked = product(license_file(revocation_list(2, "LIC-1")), state=state)
    assert revoked.status().code == "revoked"
    assert product(license_file(), state=state).status().code == "revoked"
    assert product(license_file(revocation_list(3)), state=state).status().code == "valid"


def test_the_state_file_remembers_the_newest_list_whatever_comes_later(tmp_path: Path) -> None:
    state, beside, path = (tmp_path / name for name in ("state.json", "list.txt", "license.txt"))
    beside.write_text(revocation_file(5, "LIC-1"))
    for number in (1, 2, 3):
        path.write_text(license_file(revocation_list(number)))
        assert product(path, state=state, revocations=beside).status().code == "revoked"
    assert product(path, state=state).status().code == "revoked"


def test_a_remembered_text_that_does_not_verify_is_a_warning(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"license": "damaged", "revocations": [license_file()]}))
    client = product(license_file(), state=state)
    assert client.entitled("fleet")
    assert codes(client.status()) == ["memory-refused"]


def test_refusals_survive_the_way_out_of_a_worker_process() -> None:
    for error in (NotEntitled("fleet", "expired", "It ended.", "Renew."), Refused(EXPIRED, "why")):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), vars(again), str(again)) == (type(error), vars(error), str(error))


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"license": 1, "revocations": [1, "x"], "seen_at": "y"}', "\xff"]
)
def test_a_damaged_state_file_changes_nothing(tmp_path: Path, text: str) -> None:
    state = tmp_path / "state.json"
    state.write_bytes(text.encode("latin-1"))
    assert product(license_file(), state=state).entitled("fleet")


@pytest.mark.parametrize("state", ["", "/", "\0", "/missing/state.json"])
def test_a_state_file_that_cannot_be_written_is_a_warning(state: str) -> None:
    client = product(license_file(), state=state)
    assert client.entitled("fleet")
    assert codes(client.status()) == ["state-not-written"]


@pytest.mark.skipif(os.name != "posix", reason="Files have no mode.")
def test_the_state_file_is_for_this_user_alone(tmp_path: Path) -> None:
    assert product(license_file(), state=tmp_path / "state.json").entitled("fleet")
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [
        ("state.json", 0o600)
    ]


def test_a_clock_that_went_back_warns_and_never_locks(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    assert product(license_file(), clock=Clock(NOW + 50 * DAY), state=state).entitled("fleet")
    back = product(license_file(), clock=Clock(NOW + 10 * DAY), state=state)
    assert back.entitled("fleet")
    status = back.status()
    assert codes(status) == ["clock-behind"]
    assert "40 days" in status.warnings[0].sentence


def test_the_license_itself_shows_a_clock_that_is_behind() -> None:
    early = product(license_file(nbf=NOW - 30 * DAY), clock=Clock(NOW - 3 * DAY))
    assert early.entitled("fleet")
    assert codes(early.status()) == ["clock-behind"]


def test_a_build_is_kept_for_good(tmp_path: Path) -> None:
    clock = Clock()
    client = product(license_file(), clock=clock, built=date(2026, 10, 1))
    assert client.entitled("fleet")
    clock.now = NOW + 5000 * DAY
    assert client.entitled("fleet")
    assert client.status().code == "build-kept"


def test_requires_guards_functions_and_methods() -> None:
    clock = Clock()
    gate = product(license_file(), clock=clock)

    class Fleet:
        @gate.requires("fleet")
        def report(self, many: int) -> int:
            """Report."""
            return many * 2

    assert Fleet().report(2) == 4
    assert Fleet.report.__doc__ == "Report."
    clock.now = NOW + 200 * DAY
    with pytest.raises(NotEntitled) as closed:
        Fleet().report(2)
    assert closed.value.code == "expired"
    assert closed.value.feature == "fleet"
    assert closed.value.sentence == "The license has expired."
    assert closed.value.hint


def test_requires_guards_coroutines() -> None:
    @product(license_file()).requires("fleet")
    async def opened() -> str:
        return "done"

    @product(license_file()).requires("other")
    async def closed() -> str:
        return "done"

    assert inspect.iscoroutinefunction(opened)
    assert asyncio.run(opened()) == "done"
    with pytest.raises(NotEntitled, match="does not hold this feature"):
        asyncio.run(closed())


def test_requires_asks_at_each_call_and_says_why() -> None:
    @Coreline("converge").requires("fleet")
    def never() -> None:
        pytest.fail("The gate was closed.")

    with pytest.raises(NotEntitled) as closed:
        never()
    assert closed.value.code == "unconfigured"


def test_many_threads_at_once(tmp_path: Path) -> None:
    path, clock = tmp_path / "license.txt", Clock()
    path.write_text(license_file())
    client, wrong = product(path, clock=clock, recheck_seconds=0.001), []

    def ask() -> None:
        for _ in range(300):
            clock.now += 0.001
            if not client.entitled("fleet") or client.entitled("other"):
                wrong.append(1)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="There is no fork.")
def test_a_child_forked_in_the_middle_of_a_look_goes_on(tmp_path: Path) -> None:
    client = product(license_file())
    assert client.entitled("fleet")
    with client._lock:  # As if another thread of the parent were looking.
        child = os.fork()
        if child == 0:
            os._exit(0 if client.refresh().code == "valid" and client.entitled("fleet") else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_gates_are_counted_where_telemetry_is_on(tmp_path: Path) -> None:
    at = datetime(2026, 9, 22, tzinfo=UTC)
    telemetry = Telemetry(
        "http://localhost",
        tmp_path / "install",
        product="converge",
        enabled=True,
        clock=lambda: at,
        background=False,
    )
    client = product(license_file(), telemetry=telemetry)
    for _ in range(3):
        client.entitled("fleet")
        client.entitled("other")
    assert telemetry._gates == {
        ("2026-09-22", "fleet", True): 1,
        ("2026-09-22", "other", False): 3,
    }
