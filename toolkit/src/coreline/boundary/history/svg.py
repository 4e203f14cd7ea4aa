# SPDX-License-Identifier: Apache-2.0
"""The line through time as one SVG file that needs nothing else: no script, no font, no address."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from coreline.boundary.formats.text import safe
from coreline.boundary.history.bins import counts_of, in_columns
from coreline.boundary.history.timeline import History, Row

_LEFT, _WIDTH, _RIGHT = 56, 840, 24
_TOP, _HIGH = 72, 174
_STRIP, _SHARE, _SHARE_HIGH = 262, 304, 90
_HEIGHT = 442

# The order in which the layers lie on each other, from the axis up; readable without telling red
# from green.
_LAYERS = {
    "code": ("#b2182b", "the core's code needs the wrap"),
    "names": ("#d6604d", "it reads the wrap's names"),
    "build": ("#f4a582", "its build needs it"),
    "tests": ("#fddbc7", "its tests do"),
    "tight": ("#d9d9d9", "the core knows the wrap"),
}
_GRADES = {"broken": "#b2182b", "tight": "#d9d9d9", "loose": "#4393c3"}
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#222}.t{font-size:15px;font-weight:600}"
    ".s{fill:#666}.a{stroke:#ccc;stroke-width:1}"
)


def to_svg(history: History) -> str:
    """Return the chart of the main line, as text."""
    return "".join(_parts(history))


def _parts(history: History) -> Iterator[str]:
    rows = history.main
    total = _LEFT + _WIDTH + _RIGHT
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {_HEIGHT}" '
        f'role="img" aria-label="The line through time"><style>{_STYLE}</style>'
        f'<rect width="{total}" height="{_HEIGHT}" fill="#fff"/>'
        f'<text class="t" x="{_LEFT}" y="20">The line through time</text>'
        f'<text class="s" x="{_LEFT}" y="38">{_said(history)}</text>'
    )
    if rows:
        columns = in_columns(rows, _WIDTH)
        yield from _bands(history, rows)
        yield from _references(columns)
        yield from _grades(columns)
        yield from _shares(columns)
        yield from _dates(rows)
        yield from _tags(rows)
    yield from _legend()
    yield "</svg>\n"


def _said(history: History) -> str:
    return _xml(f"{history.label}, {len(history.main):,} of them on the main line")


def _references(columns: Sequence[Sequence[Row]]) -> Iterator[str]:
    """Draw the findings of each column, stacked: of its worst commit, so that none is lost."""
    worst = [max(column, key=_weight) for column in columns]
    counts = [counts_of(row) for row in worst]
    top = max(1, *(sum(one.values()) for one in counts))
    below = [0] * len(counts)
    for name, (color, _) in _LAYERS.items():
        above = [low + one[name] for low, one in zip(below, counts, strict=True)]
        if above != below:
            shape = _area([_TOP + _HIGH * (1 - one / top) for one in above], below, top)
            yield f'<path d="{shape}" fill="{color}"/>'
        below = above
    yield from _axis(_TOP, _HIGH, f"{top:,}", "references")


def _weight(row: Row) -> tuple[int, int]:
    counts = counts_of(row)
    return counts["code"], sum(counts.values())


def _area(above: Sequence[float], below: Sequence[int], top: int) -> str:
    """Return the path of a layer: its upper edge in steps, back along the lower one."""
    low = [_TOP + _HIGH * (1 - one / top) for one in below]
    upper = _steps(above)
    lower = _steps(low)[::-1]
    return "M" + "L".join(f"{x} {y:.1f}" for x, y in [*upper, *lower]) + "Z"


def _steps(heights: Sequence[float]) -> list[tuple[int, float]]:
    """Return the corners of a line in steps, only where it changes."""
    corners: list[tuple[int, float]] = []
    for index, height in enumerate(heights):
        if not corners or corners[-1][1] != height:
            if corners:
                corners.append((_LEFT + index, corners[-1][1]))
            corners.append((_LEFT + index, height))
    return [*corners, (_LEFT + len(heights), heights[-1])]


def _grades(columns: Sequence[Sequence[Row]]) -> Iterator[str]:
    """Draw a strip of the worst grade of each column."""
    order = ["loose", "tight", "broken"]
    worst = [max((row.grade for row in column), key=order.index) for column in columns]
    yield from _strip(worst, lambda grade: _GRADES[grade], _STRIP, 14)
    yield f'<text class="s" x="{_LEFT - 8}" y="{_STRIP + 11}" text-anchor="end">grade</text>'


def _strip(
    values: Sequence[str], color: Callable[[str], str], y: int, height: int
) -> Iterator[str]:
    start = 0
    for index in range(1, len(values) + 1):
        if index == len(values) or values[index] != values[start]:
            yield (
                f'<rect x="{_LEFT + start}" y="{y}" width="{index - start}" height="{height}" '
                f'fill="{color(values[start])}"><title>{values[start]}</title></rect>'
            )
            start = index


def _shares(columns: Sequence[Sequence[Row]]) -> Iterator[str]:
    shares = [column[-1].wrap_share for column in columns]
    top = max(0.01, *shares)
    line = _steps([_SHARE + _SHARE_HIGH * (1 - one / top) for one in shares])
    points = " ".join(f"{x},{y:.1f}" for x, y in line)
    yield f'<polyline points="{points}" fill="none" stroke="#2166ac" stroke-width="1.5"/>'
    yield from _axis(_SHARE, _SHARE_HIGH, f"{top:.0%}", "wrap's code")


def _axis(y: int, height: int, top: str, name: str) -> Iterator[str]:
    yield f'<path class="a" d="M{_LEFT} {y + height}h{_WIDTH}"/>'
    for text, at in ((top, y + 4), ("0", y + height + 4)):
        yield f'<text class="s" x="{_LEFT - 8}" y="{at}" text-anchor="end">{text}</text>'
    yield f'<text class="s" x="{_LEFT}" y="{y - 4}">{name}</text>'


def _dates(rows: Sequence[Row]) -> Iterator[str]:
    begin, end = rows[0].time, max(row.time for row in rows)
    y = _SHARE + _SHARE_HIGH + 20
    ends = [(begin, "start", _LEFT), (end, "end", _LEFT + _WIDTH)]
    for time, anchor, x in ends:
        yield f'<text class="s" x="{x}" y="{y}" text-anchor="{anchor}">{_day(time)}</text>'
    first, last = (datetime.fromtimestamp(one, UTC).year for one in (begin, end))
    for year in range(first + 1, last + 1):
        x = _x(int(datetime(year, 1, 1, tzinfo=UTC).timestamp()), rows)
        if _LEFT + 90 < x < _LEFT + _WIDTH - 90:
            yield f'<text class="s" x="{x}" y="{y}" text-anchor="middle">{year}</text>'


def _tags(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        if row.tags:
            name = _xml(", ".join(row.tags))
            yield (
                f'<path d="M{_x(row.time, rows)} {_STRIP + 15}v8" stroke="#666">'
                f"<title>{name}</title></path>"
            )


def _bands(history: History, rows: Sequence[Row]) -> Iterator[str]:
    """Shade the time of each break of the core's code behind the rest."""
    end = max(row.time for row in rows)
    times = {row.commit: row.time for row in history.rows}
    for one in history.breaks:
        if one.area == "code":
            begin = min(times[change.commit] for change in one.broke)
            until = end if one.is_open else max(times[change.commit] for change in one.mended)
            left, right = _x(begin, rows), _x(until, rows)
            title = _xml(f"broken by {one.broke[0].commit[:10]} ({one.broke[0].subject})")
            yield (
                f'<rect x="{left}" y="{_TOP}" width="{max(2, right - left)}" height="{_HIGH}" '
                f'fill="#b2182b" opacity=".12"><title>{title}</title></rect>'
            )


def _x(time: int, rows: Sequence[Row]) -> int:
    begin = rows[0].time
    span = max(row.time for row in rows) - begin
    place = (time - begin) / span if span else 0.0
    return _LEFT + round(_WIDTH * min(1.0, max(0.0, place)))


def _legend() -> Iterator[str]:
    x = _LEFT
    for color, text in _LAYERS.values():
        yield f'<rect x="{x}" y="{_HEIGHT - 16}" width="10" height="10" fill="{color}"/>'
        yield f'<text class="s" x="{x + 14}" y="{_HEIGHT - 7}">{_xml(text)}</text>'
        x += 24 + 7 * len(text)


def _xml(text: str) -> str:
    """Return a text as XML 1.0 may hold it: control characters are shown by their numbers."""
    return escape(safe(text))


def _day(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).date().isoformat()
