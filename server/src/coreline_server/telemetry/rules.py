# SPDX-License-Identifier: Apache-2.0
"""Read a batch of events: all of it or nothing, with the number of every line that is wrong."""

import zlib
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from coreline.errors import InputError
from coreline_server.telemetry.model import Event, Stored

LINES_MAX = 10_000
BODY_BYTES_MAX = 4 << 20
MISTAKES_MAX = 20
AHEAD_MAX = timedelta(days=1)
NUMBER_MAX = 2**53

VENDOR_NAMES: Final = frozenset({"download", "activated", "trial", "paid", "renewed"})
"""What the vendor's server knows by itself. From a product it would be a claim about money."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EVENT = msgspec.json.Decoder(Event)
_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])


class EventsInvalidError(InputError):
    """Some lines of a batch are wrong; nothing of it was taken.

    Attributes:
        mistakes: the place and what is wrong there, the first ones only.
    """

    def __init__(self, mistakes: list[tuple[str, str]], count: int) -> None:
        super().__init__(
            "events-invalid",
            f"{len(mistakes)} of {count} events are wrong, the first at {mistakes[0][0]}: "
            f"{mistakes[0][1]}.",
            "Nothing was taken. Mend or leave out these events and send the batch again.",
        )
        self.mistakes = mistakes[:MISTAKES_MAX]


def parse_events(
    body: bytes, *, is_array: bool, product: str, now: datetime, vendor: bool = False
) -> list[Stored]:
    """Read a batch.

    Args:
        body: lines of JSON, or with ``is_array`` one JSON array.
        product: the product that this server is for.
        now: the time of arrival.
        vendor: whether the vendor sends it, who may tell of purchases too.

    Raises:
        EventsInvalidError: some events are wrong.
        InputError: the body is no array (``events-invalid``) or too long (``events-too-large``).
    """
    items = _array(body) if is_array else _lines(body)
    if len(items) > LINES_MAX:
        raise too_large(f"The batch has {len(items):,} events; {LINES_MAX:,} are allowed.")
    stored: list[Stored] = []
    mistakes: list[tuple[str, str]] = []
    for place, text in items:
        try:
            stored.append(_store(_EVENT.decode(text), product, now, vendor=vendor))
        except (msgspec.MsgspecError, ValueError) as error:
            mistakes.append((place, str(error)))
    if mistakes:
        raise EventsInvalidError(mistakes, len(items))
    return stored


def _lines(body: bytes) -> list[tuple[str, "bytes | msgspec.Raw"]]:
    return [
        (f"line {number}", line)
        for number, line in enumerate(body.split(b"\n"), start=1)
        if line.strip()
    ]


def _array(body: bytes) -> list[tuple[str, "bytes | msgspec.Raw"]]:
    try:
        items = _ITEMS.decode(body)
    except (msgspec.MsgspecError, ValueError) as error:
        raise InputError(
            "events-invalid",
            f"The body is not an array of events: {error}.",
            "Send a JSON array, or lines of JSON as application/x-ndjson.",
        ) from error
    return [(f"item {number}", item) for number, item in enumerate(items)]


def _store(event: Event, product: str, now: datetime, *, vendor: bool) -> Stored:
    if event.product != product:
        raise ValueError(f"this server is for {product!r}, not for {event.product!r}")
    if event.name in VENDOR_NAMES and not vendor:
        raise ValueError(f"{event.name!r} is told by the vendor's server alone")
    _check_signals(event)
    # A clock that runs far ahead would put the event behind all that comes after it.
    at = now if event.at > now + AHEAD_MAX else event.at
    return Stored(
        id=event.id,
        install=event.install,
        name=event.name,
        at_us=microseconds(at),
        feature=event.feature,
        version=event.version,
        license=event.license,
        signals=event.signals or None,
    )


def _check_signals(event: Event) -> None:
    for name, value in event.signals.items():
        if isinstance(value, str) and "\0" in value:
            raise ValueError(f"the signal {name!r} has a zero character")
        if isinstance(value, int | float) and abs(value) > NUMBER_MAX:
            # Beyond, JSON readers disagree on the number.
            raise ValueError(f"the signal {name!r} is beyond 2**53")


def microseconds(at: datetime) -> int:
    """Return microseconds since 1970, exactly."""
    return (at - _EPOCH) // _MICROSECOND


def downloaded(
    event_id: str, package: str, version: str, license_id: str | None, at: datetime
) -> Stored:
    """Make the event of a download from the registry.

    A download of the core is anonymous: without a license, an address or a time of day, only that
    one more file was fetched that day is kept.
    """
    if license_id is None:
        at = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return Stored(
        id=event_id,
        name="download",
        at_us=microseconds(at),
        version=version,
        license=license_id,
        signals={"package": package},
    )


def inflate(body: bytes) -> bytes:
    """Decompress a gzip body, never to more than a batch may have.

    Raises:
        InputError: it is no whole gzip stream (``events-invalid``), or too much
            (``events-too-large``).
    """
    stream = zlib.decompressobj(wbits=31)
    try:
        content = stream.decompress(body, BODY_BYTES_MAX + 1)
    except zlib.error as error:
        raise _bad_gzip() from error
    if len(content) > BODY_BYTES_MAX:
        raise too_large(f"The batch has more than {BODY_BYTES_MAX >> 20} MiB.")
    if not stream.eof or stream.unused_data:
        raise _bad_gzip()
    return content


def too_large(sentence: str) -> InputError:
    """Make the refusal of a batch that is too long."""
    return InputError("events-too-large", sentence, "Send it in smaller batches.")


def _bad_gzip() -> InputError:
    return InputError("events-invalid", "The body is not one whole gzip stream.", "Send it again.")
