# SPDX-License-Identifier: Apache-2.0
"""What telemetry needs from outside: a store of events, and what the server itself knows."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from coreline_server.telemetry.model import Stored


class EventStore(Protocol):
    """Keeps events for questions."""

    def newest_segment(self) -> int:
        """Return the number of the newest segment that was ever loaded; 0 for none."""
        ...

    def load(self, segments: Sequence[tuple[int, Path]]) -> int:
        """Load segments, each once ever, each event id once; return how many events are new.

        All of it is durable when this returns, or none of it happened.

        Args:
            segments: all segments that are on the disk, by number.
        """
        ...

    def forget(self, before_us: int) -> int:
        """Delete the events from before a time; return how many."""
        ...


class Facts(Protocol):
    """Knows what happened at the server: trials, purchases, renewals, activations."""

    def facts(self, since: int) -> Iterable[Stored]:
        """Return what happened at or after a time (seconds since 1970), with stable ids."""
        ...
