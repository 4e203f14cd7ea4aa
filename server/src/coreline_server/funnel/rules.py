# SPDX-License-Identifier: Apache-2.0
"""Which event shows which stage, and which segment an install belongs to.

The stages of an install form a chain: each is reached by an event that comes after an event of the
stage before, within the window. Four rules go beyond that:

- One event may show several stages, in their order: a gate that is asked shows that the install is
  active and that it is qualified.
- An install is qualified when its signals match a segment, when it asks a gate, or when it starts
  a trial or buys.
- A trial may be skipped: ``paid`` follows ``qualified`` or ``trial``.
- ``renewed`` follows ``paid`` after any time, since a term is longer than a window.

Downloads are counted, not followed: nobody is recognized from a download to an install.
"""

from collections.abc import Mapping
from typing import Final

from coreline.errors import InternalError
from coreline.manifest.model import Manifest
from coreline.manifest.signals import Signal, parse_signal

STAGES: Final = ("download", "install", "active", "qualified", "trial", "paid", "renewed")
CHAIN: Final = STAGES[1:]

BEFORE: Final[Mapping[str, tuple[str, ...]]] = {
    "active": ("install",),
    "qualified": ("active",),
    "trial": ("qualified",),
    "paid": ("qualified", "trial"),
    "renewed": ("paid",),
}
"""The stages of which one must come before."""

WITHOUT_WINDOW: Final = frozenset({"renewed"})

GATES: Final = ("gate", "gate-closed", "gate-open")

EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "install": ("install",),
    "active": ("active", *GATES),
    "qualified": (*GATES, "trial", "paid"),
    "trial": ("trial",),
    "paid": ("paid",),
    "renewed": ("renewed",),
}
"""The names of the events that show a stage; matching signals show ``qualified`` as well."""

UNKNOWN: Final = "unknown"

Segments = Mapping[str, tuple[Signal, ...]]


def segments(manifest: Manifest) -> Segments:
    """Return the signals of each segment, in the order of the manifest."""
    return {
        name: tuple(_signal(text) for text in segment.signals)
        for name, segment in manifest.segments.items()
    }


def _signal(text: str) -> Signal:
    signal = parse_signal(text)
    if signal is None:
        raise InternalError("signal-malformed", f"The manifest was read with the signal {text!r}.")
    return signal


def segment_of(values: Mapping[str, object], known: Segments) -> str | None:
    """Return the segment of an install by its newest signals.

    One signal of a segment is enough. Where several segments match, the last in the manifest wins,
    so a manifest lists them from the smallest customer to the largest.
    """
    matching = [
        name for name, signals in known.items() if any(signal.holds(values) for signal in signals)
    ]
    return matching[-1] if matching else None
