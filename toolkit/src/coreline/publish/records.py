# SPDX-License-Identifier: Apache-2.0
"""What was last published where: a small file, for ``coreline status``. Nothing decides by it."""

import json
import os
from datetime import datetime
from pathlib import Path

import msgspec

from coreline.publish.private import Private
from coreline.publish.report import PublishReport


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One publish. ``at`` is RFC 3339, ids are hexadecimal, ``rule`` digests the claims.

    ``commits`` counts those of the public branch; 0 where nobody counted.
    """

    target: str
    branch: str
    private: str
    public: str
    rule: str
    at: str
    commits: int = 0

    @classmethod
    def of(cls, report: PublishReport, source: Private, now: datetime) -> "Record":
        """Return the record of a publish."""
        return cls(
            target=report.target,
            branch=report.branch,
            private=source.tip.hex(),
            public=report.public.hex(),
            rule=report.rule,
            at=now.isoformat(timespec="seconds"),
            commits=report.total,
        )


_NAME = "published.json"


def read_records(folder: Path) -> list[Record]:
    """Return the last publish of every target and branch; none where the file cannot be read."""
    try:
        return msgspec.json.decode((folder / _NAME).read_bytes(), type=list[Record])
    except (FileNotFoundError, msgspec.MsgspecError):
        return []


def write_record(folder: Path, record: Record) -> None:
    """Remember a publish, in place of the one before to the same target and branch."""
    others = [
        known
        for known in read_records(folder)
        if (known.target, known.branch) != (record.target, record.branch)
    ]
    rows = [msgspec.to_builtins(one) for one in [*others, record]]
    temporary = folder / f"{_NAME}.{os.getpid()}"
    temporary.write_text(json.dumps(rows, indent=1) + "\n")
    temporary.replace(folder / _NAME)
