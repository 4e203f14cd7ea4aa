# SPDX-License-Identifier: Apache-2.0
"""The history for programs: one JSON object, whose shape is stable."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from coreline.boundary.formats.json import encodable
from coreline.boundary.history.timeline import History, Row


def to_json(history: History, rows: Sequence[Row]) -> bytes:
    """Return a history as one JSON object.

    Args:
        history: what is told.
        rows: the commits to list.
    """
    values = {
        "head": history.head,
        "commits": [_row(row) for row in rows],
        "breaks": msgspec.to_builtins(history.breaks),
        "findings": [
            dict(zip(_FINDING, msgspec.to_builtins(seen), strict=True))
            for seen in history.record.findings
        ],
        "lives": [
            {"finding": number, "broke": one.broke, "mended": one.mended or one.left}
            for number, lived in history.lives.items()
            for one in lived
        ],
        "notes": list(history.notes),
    }
    return msgspec.json.encode(encodable(values))


_FINDING = ("fingerprint", "check", "kind", "grade", "path", "line", "names", "guard", "text")


def _row(row: Row) -> dict[str, object]:
    return {
        "commit": row.commit,
        "author_date": datetime.fromtimestamp(row.time, UTC).isoformat(),
        "main": row.is_main,
        "tags": list(row.tags),
        "grade": row.grade,
        "references": dict(sorted(row.references.items())),
        "broken": dict(sorted(row.broken.items())),
        "core": {"files": row.core.files, "code_bytes": row.core.code_bytes},
        "wrap": {"files": row.wrap.files, "code_bytes": row.wrap.code_bytes},
        "wrap_share": round(row.wrap_share, 6),
        "not_analyzed": row.missing,
        "findings": list(row.findings),
    }
