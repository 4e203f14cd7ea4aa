# SPDX-License-Identifier: Apache-2.0
"""Which representation to answer with, by the Accept header (RFC 9110 12.5.1, PEP 691)."""

from collections.abc import Mapping, Sequence
from functools import lru_cache


def negotiate(accept: str | None, offers: Sequence[str], aliases: Mapping[str, str]) -> str | None:
    """Return the media type to answer with, or None when none is acceptable (406).

    The most specific range that matches an offer gives its quality. Among equals, one that was
    named wins over one that only a wildcard covers; then the first offer among the named, and the
    last among the others, which is ``text/html`` for clients older than PEP 691.

    Args:
        accept: the header; None or empty means that anything will do.
        offers: media types in order of preference, the oldest last.
        aliases: other names of offers, such as those with ``latest`` for a version.
    """
    return _negotiate(accept or "*/*", tuple(offers), tuple(aliases.items()))


@lru_cache(maxsize=256)
def _negotiate(
    accept: str, offers: tuple[str, ...], aliases: tuple[tuple[str, str], ...]
) -> str | None:
    ranges = _ranges(accept, dict(aliases))
    best: tuple[float, int, int] = (0.0, 0, 0)
    chosen: str | None = None
    for position, offer in enumerate(offers):
        specificity, quality = _quality(offer, ranges)
        preference = -position if specificity == _EXACT else position
        if quality > 0 and (chosen is None or (quality, specificity, preference) > best):
            best, chosen = (quality, specificity, preference), offer
    return chosen


_EXACT = 2


def _ranges(accept: str, aliases: dict[str, str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if "/" in name:
            name = aliases.get(name, name)
            found[name] = max(found.get(name, 0.0), _weight(parameters))
    return found


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                # A weight that is no number cannot be honored; such a range is not acceptable.
                return 0.0
    return 1.0


def _quality(offer: str, ranges: dict[str, float]) -> tuple[int, float]:
    for specificity, name in ((2, offer), (1, offer.split("/")[0] + "/*"), (0, "*/*")):
        if name in ranges:
            return specificity, ranges[name]
    return 0, 0.0
