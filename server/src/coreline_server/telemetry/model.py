# SPDX-License-Identifier: Apache-2.0
"""An event as a product sends it, and as it is kept. No address of a sender is in either."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, field

Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$")]
Word = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9._-]{0,63}$")]
Value = bool | int | float | Annotated[str, Meta(max_length=256)]
Key = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$")]


class Event(Struct, frozen=True, kw_only=True):
    """What a product sends. Fields that are not listed here are dropped, so never stored.

    Attributes:
        id: unique; a second event with the same id is ignored, so sending again is safe.
        install: the random id of an installation; it says nothing about who runs it.
        name: what happened, such as ``install``, ``active`` or ``gate-closed``.
        at: when, by the clock of the sender.
        product: the product's name in the manifest.
        feature: the feature that it is about.
        version: of the product.
        license: the id of the license in use, which links the install to a purchase.
        signals: what the install tells about itself, such as ``seats``. Unknown ones are kept.
    """

    id: Id
    install: Id
    name: Word
    at: Annotated[datetime, Meta(tz=True)]
    product: Annotated[str, Meta(max_length=100)]
    feature: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")] | None = None
    version: Annotated[str, Meta(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+!_-]{0,99}$")] | None = None
    license: Id | None = None
    signals: Annotated[dict[Key, Value], Meta(max_length=64)] = field(default_factory=dict)


class Stored(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of an event, one line of JSON each until it is loaded.

    Attributes:
        install: None for what no installation is known of, such as a download.
        at_us: microseconds since 1970, UTC.
        segment: of the license's customer, where the server knows it.
    """

    id: str
    name: str
    at_us: int
    install: str | None = None
    feature: str | None = None
    version: str | None = None
    license: str | None = None
    segment: str | None = None
    signals: dict[str, Value] | None = None


class Accepted(Struct, frozen=True):
    """The acknowledgment: so many events are on the disk. Repetitions count, and are ignored."""

    accepted: int
