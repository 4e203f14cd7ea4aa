# SPDX-License-Identifier: Apache-2.0
"""Where each key and value of a manifest stands, as line and column."""

from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from coreline.manifest.problems import Key, Position
from coreline.manifest.syntax import find_parts


class Place(NamedTuple):
    """Where a key is named and where its value begins; the same place for a list's elements."""

    key: Position
    value: Position


def find_places(text: str) -> dict[Key, Place]:
    """Return the place of every key and value of a valid TOML text, by key.

    A table that is opened several times, or implied by a dotted key, stands where it is first
    named. An element of an array of tables stands at its own header.
    """
    data = text.encode()
    lines = data.split(b"\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]

    def position(offset: int) -> Position:
        row = bisect_right(starts, offset) - 1
        before = lines[row][: offset - starts[row]]
        return Position(row + 1, len(before.decode("utf-8", "replace")) + 1)

    places: dict[Key, Place] = {(): Place(Position(1, 1), Position(1, 1))}
    for part in find_parts(data):
        if part.kind in ("name", "element"):
            here = position(part.start)
            places.setdefault(part.key, Place(here, here))
        elif part.kind == "value":
            places[part.key] = Place(places[part.key].key, position(part.start))
    return places
