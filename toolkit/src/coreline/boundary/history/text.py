# SPDX-License-Identifier: Apache-2.0
"""The history for people: a chart of blocks, what broke and who mended it, the releases."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TextIO

from coreline.boundary.formats.text import Part, safe, write_parts
from coreline.boundary.history.bins import counts_of, in_columns
from coreline.boundary.history.episodes import AREAS
from coreline.boundary.history.timeline import Break, Change, History, Row

_BLOCKS = " ▁▂▃▄▅▆▇█"
_STYLES = {"broken": "bold red", "tight": "yellow", "loose": "green"}
_MARKS = {"broken": "█", "tight": "▒", "loose": "░"}
_AREAS = {
    "code": "The core's code needed the wrap",
    "names": "The core's code needed a name that only the wrap defines",
    "build": "The core's build needed the wrap",
    "tests": "The core's tests needed the wrap",
}
FINDINGS_MAX = 4
"""More findings of one break are counted; the JSON format lists all."""

CHANGES_MAX = 5
"""More commits that broke or mended the line in one break are counted."""

Line = Sequence[Part]


def write_text(history: History, out: TextIO, width: int) -> None:
    """Write the whole story.

    Args:
        history: what is told.
        out: where to.
        width: the columns of the chart.
    """
    write_parts(_lines(history, width), out)


def write_tags(history: History, out: TextIO) -> None:
    """Write a line for each release."""
    write_parts(_tag_lines(history), out)


def _lines(history: History, width: int) -> Iterator[Line]:
    rows = history.main
    yield [("the line through time", "bold"), (f": {history.label}", "")]
    if not rows:
        return
    yield from _chart(rows, max(10, width - 14))
    yield []
    for one in history.breaks:
        yield from _break(one, history)
        yield []
    yield from ([("note: ", "dim"), (safe(note), "dim")] for note in history.notes)
    yield _now(rows[-1])


def _chart(rows: Sequence[Row], width: int) -> Iterator[Line]:
    columns = in_columns(rows, width)
    for layer in (*AREAS, "tight"):
        yield _bars(columns, layer)
    order = list(_MARKS)[::-1]
    grades = [max((row.grade for row in column), key=order.index) for column in columns]
    yield [("grade        ", "dim"), *((_MARKS[one], _STYLES[one]) for one in grades)]
    shares = [column[-1].wrap_share for column in columns]
    top = max(shares)
    yield [
        (f"wrap {top:>6.1%}  ", "dim"),
        ("".join(_block(one / top if top else 0) for one in shares), "blue"),
    ]
    first, last = _day(rows[0].time), _day(max(row.time for row in rows))
    yield [(f"             {first}{' ' * max(1, width - 20)}{last}", "dim")]


def _bars(columns: Sequence[Sequence[Row]], name: str) -> Line:
    """Return a row of blocks, each as high as the worst commit of its column."""
    counts = [max(counts_of(row)[name] for row in column) for column in columns]
    top = max(counts)
    bars = "".join(_block(one / top if top else 0) for one in counts)
    return [(f"{name:<6}{top:>5,}  ", "dim"), (bars, "yellow" if name == "tight" else "red")]


def _block(part: float) -> str:
    """Return a block as high as a part of the whole; what is not nothing is seen."""
    return _BLOCKS[0] if part <= 0 else _BLOCKS[max(1, round(part * 8))]


def _break(one: Break, history: History) -> Iterator[Line]:
    until = "still does" if one.is_open else "mended"
    plural = "commit" if one.commits == 1 else "commits"
    yield [(_AREAS[one.area], "bold"), (f" in {one.commits:,} {plural}; {until}", "")]
    yield from _changes("broke", one.broke)
    if not one.is_open:
        yield from _changes("mended", one.mended)
    if one.days is not None:
        yield [("  after    ", "dim"), (f"{one.days:,} days", "")]
    yield [("  shipped  ", "dim"), (_shipped(one.shipped), "")]
    for number in one.findings[:FINDINGS_MAX]:
        seen = history.record.findings[number]
        yield [
            ("           ", ""),
            (safe(seen.path), "cyan"),
            (f": {seen.kind} {safe(', '.join(seen.names))}", ""),
        ]
    if len(one.findings) > FINDINGS_MAX:
        yield [(f"           and {len(one.findings) - FINDINGS_MAX:,} more", "dim")]


def _changes(verb: str, changes: Sequence[Change]) -> Iterator[Line]:
    for change in changes[:CHANGES_MAX]:
        yield from _change(verb, change)
    if len(changes) > CHANGES_MAX:
        yield [(f"           and {len(changes) - CHANGES_MAX:,} more commits", "dim")]


def _change(verb: str, change: Change) -> Iterator[Line]:
    by = safe(f"{change.author} <{change.author_email}>")
    yield [
        (f"  {verb:<8} ", "dim"),
        (change.commit[:10], "yellow"),
        (f" {change.author_date[:10]} {by}: {safe(change.subject)}", ""),
    ]
    merged = change.merged
    if merged is not None:
        yield [
            ("           merged in ", "dim"),
            (merged.commit[:10], "yellow"),
            (f" {merged.commit_date[:10]} by {safe(merged.committer)}", ""),
        ]


def _shipped(tags: Sequence[str]) -> str:
    if not tags:
        return "in no tag"
    if len(tags) <= 12:
        return f"in {len(tags)}: {safe(', '.join(tags))}"
    return f"in {len(tags):,} tags, {safe(tags[0])} to {safe(tags[-1])}"


def _now(row: Row) -> Line:
    said = ", ".join(f"{count:,} {kind}" for kind, count in sorted(row.references.items()))
    return [
        ("now", "bold"),
        (f" {row.commit[:10]}: ", ""),
        (row.grade, _STYLES[row.grade]),
        (f" — {said or 'no reference to a wrap'}; {_share(row)}", ""),
    ]


def _share(row: Row) -> str:
    total = row.core.code_bytes + row.wrap.code_bytes
    return f"{row.wrap_share:.1%} of {total / 1e6:.1f} MB of code is the wrap's"


def _tag_lines(history: History) -> Iterator[Line]:
    rows = history.tagged
    yield [("the line in releases", "bold"), (f": {len(rows):,} tagged commits", "")]
    length = max((len(", ".join(row.tags)) for row in rows), default=0)
    for row in rows:
        counts = counts_of(row)
        broken = ", ".join(f"{counts[one]} {one}" for one in AREAS)
        yield [
            (f"  {_day(row.time)}  {safe(', '.join(row.tags)):<{min(length, 40)}}  ", ""),
            (f"{row.grade:<6}", _STYLES[row.grade]),
            (f"  needs the wrap: {broken}; knows it: {counts['tight']}; ", ""),
            (f"wrap {row.wrap_share:.1%}", "blue"),
        ]


def _day(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).date().isoformat()
