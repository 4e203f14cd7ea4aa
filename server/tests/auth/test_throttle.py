# SPDX-License-Identifier: Apache-2.0
"""Guessing is slowed down, by address and altogether, and forgotten in time."""

import pytest

from coreline.errors import InputError
from coreline_server.auth.throttle import (
    ADDRESSES_MAX,
    ATTEMPTS_MAX,
    ATTEMPTS_MAX_ALL,
    WINDOW_SECONDS,
    Throttle,
)


def refused(throttle: Throttle, address: str, now: int) -> bool:
    try:
        throttle.admit(address, now)
    except InputError as error:
        return error.code == "attempts-exceeded"
    return False


def test_an_address_is_refused_after_its_attempts_and_admitted_again_later() -> None:
    throttle = Throttle()
    for _ in range(ATTEMPTS_MAX):
        throttle.admit("a", 0)
        throttle.failed("a", 0)
    assert refused(throttle, "a", WINDOW_SECONDS - 1)
    assert not refused(throttle, "b", 1)
    assert not refused(throttle, "a", WINDOW_SECONDS)


def test_many_addresses_together_are_refused() -> None:
    throttle = Throttle()
    for number in range(ATTEMPTS_MAX_ALL):
        throttle.failed(f"address {number}", 0)
    assert refused(throttle, "another", 1)


def test_success_forgets_an_address() -> None:
    throttle = Throttle()
    for _ in range(ATTEMPTS_MAX):
        throttle.failed("a", 0)
    throttle.succeeded("a")
    assert not refused(throttle, "a", 1)


def test_memory_is_bounded() -> None:
    throttle = Throttle()
    for number in range(ADDRESSES_MAX + 10):
        throttle.failed(f"address {number}", number * WINDOW_SECONDS)
    assert len(throttle._by_address) == ADDRESSES_MAX


@pytest.mark.parametrize("now", [0, 100])
def test_the_hint_says_how_long(now: int) -> None:
    throttle = Throttle()
    for _ in range(ATTEMPTS_MAX):
        throttle.failed("a", 0)
    with pytest.raises(InputError) as caught:
        throttle.admit("a", now)
    assert f"{WINDOW_SECONDS - now} seconds" in caught.value.hint


def test_those_who_sign_in_often_are_no_attack() -> None:
    throttle = Throttle()
    throttle.failed("b", 0)
    for _ in range(ATTEMPTS_MAX_ALL + 1):
        throttle.admit("a", 0)
        throttle.failed("a", 0)
        throttle.succeeded("a")
    assert list(throttle._all) == [0]  # The failure of the other address still counts.
