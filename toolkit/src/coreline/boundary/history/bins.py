# SPDX-License-Identifier: Apache-2.0
"""Rows of the main line, gathered by time into as many columns as a chart has."""

from collections.abc import Sequence

from coreline.boundary.history.episodes import AREAS
from coreline.boundary.history.timeline import Row


def in_columns(rows: Sequence[Row], width: int) -> list[list[Row]]:
    """Return the rows of each column, the last ones before it where it has none of its own.

    A column that is not empty is never lost to a quiet one: time runs evenly from the first row to
    the last. Where all rows are of one moment they go by their order.

    Args:
        rows: of the main line, in the order of the history.
        width: the number of columns.
    """
    if not rows:
        return []
    times = _steady(rows)
    begin, span = times[0], times[-1] - times[0]
    columns: list[list[Row]] = [[] for _ in range(width)]
    for index, (row, time) in enumerate(zip(rows, times, strict=True)):
        place = (time - begin) / span if span else index / len(rows)
        columns[min(width - 1, int(place * width))].append(row)
    last = rows[0]
    for column in columns:
        if not column:
            column.append(last)
        last = column[-1]
    return columns


def _steady(rows: Sequence[Row]) -> list[int]:
    """Return the times of rows such that none is before the one before: clocks may be wrong."""
    times: list[int] = []
    for row in rows:
        times.append(max(row.time, times[-1] if times else row.time))
    return times


def counts_of(row: Row) -> dict[str, int]:
    """Return how many findings a row has of each layer of a chart."""
    broken = sum(row.broken.values())
    return {
        **{area: row.broken.get(area, 0) for area in AREAS},
        "tight": sum(row.references.values()) - broken,
    }
