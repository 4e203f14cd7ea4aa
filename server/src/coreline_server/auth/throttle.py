# SPDX-License-Identifier: Apache-2.0
"""Slows down the guessing of passwords. Kept in memory: a restart forgets it, scrypt remains."""

import contextlib
from collections import OrderedDict, deque

from coreline.errors import InputError

ATTEMPTS_MAX = 5
ATTEMPTS_MAX_ALL = 60
WINDOW_SECONDS = 300
ADDRESSES_MAX = 10_000


class Throttle:
    """Counts failed attempts by address, and of all addresses together."""

    def __init__(self) -> None:
        self._by_address: OrderedDict[str, deque[int]] = OrderedDict()
        self._all: deque[int] = deque()

    def admit(self, address: str, now: int) -> None:
        """Let an attempt pass, or refuse it.

        Raises:
            InputError: too many attempts failed within the window (``attempts-exceeded``).
        """
        failed = self._by_address.get(address, deque())
        for times, limit in ((failed, ATTEMPTS_MAX), (self._all, ATTEMPTS_MAX_ALL)):
            _forget(times, now)
            if len(times) >= limit:
                wait = times[0] + WINDOW_SECONDS - now
                raise InputError(
                    "attempts-exceeded",
                    f"{len(times)} attempts failed within {WINDOW_SECONDS // 60} minutes.",
                    f"Try again in {wait} seconds.",
                )

    def failed(self, address: str, now: int) -> None:
        """Count a failed attempt. The oldest address is forgotten when there are too many."""
        self._by_address.setdefault(address, deque()).append(now)
        self._by_address.move_to_end(address)
        self._all.append(now)
        if len(self._by_address) > ADDRESSES_MAX:
            self._by_address.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forget the failures of an address whose user proved who they are."""
        for time in self._by_address.pop(address, ()):
            with contextlib.suppress(ValueError):  # It is older than the window.
                self._all.remove(time)


def _forget(times: deque[int], now: int) -> None:
    while times and times[0] <= now - WINDOW_SECONDS:
        times.popleft()
