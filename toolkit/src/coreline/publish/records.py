# SPDX-License-Identifier: Apache-2.0
"""What was last published where: a small file, for ``coreline status``. Nothing decides by it."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

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
    def all_of(cls, report: PublishReport, now: datetime) -> "list[Record]":
        """Return the records of a publish, one for each private branch."""
        return [
            cls(
                target=report.target,
                branch=one.private_name,
                private=one.private.hex(),
                public=one.public.hex(),
                rule=report.rule,
                at=now.isoformat(timespec="seconds"),
                # What was counted leads to all of the branches together.
                commits=report.total if len(report.branches) == 1 else 0,
            )
            for one in report.branches
        ]


_NAME = "published.json"


def read_records(folder: Path) -> list[Record]:
    """Return the last publish of every target and branch; none where the file cannot be read."""
    try:
        return msgspec.json.decode((folder / _NAME).read_bytes(), type=list[Record])
    except (FileNotFoundError, msgspec.MsgspecError):
        return []


def write_records(folder: Path, records: Sequence[Record]) -> None:
    """Remember a publish, in place of the ones before to the same target and branches."""
    new = {(one.target, one.branch) for one in records}
    others = [one for one in read_records(folder) if (one.target, one.branch) not in new]
    rows = [msgspec.to_builtins(one) for one in [*others, *records]]
    temporary = folder / f"{_NAME}.{os.getpid()}"
    temporary.write_text(json.dumps(rows, indent=1) + "\n")
    temporary.replace(folder / _NAME)
