# SPDX-License-Identifier: Apache-2.0
"""Make the record of a publish: as a note that goes out with the rest, and as a file."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from coreline.errors import OutsideError
from coreline.publish.leaving.note import NOTES_REF, note_move
from coreline.publish.leaving.record import publication, record_text
from coreline.publish.outside import Target
from coreline.publish.records import read_records
from coreline.publish.report import PublishReport
from coreline.publish.store import Store
from coreline.sources.git import Batch

if TYPE_CHECKING:
    from coreline.licensing.keys import SigningKey

_PROVEN = (
    "every public tree is the core of its private one",
    "every ref names a proven commit",
)


@dataclass
class Recorder:
    """How a record is made.

    Attributes:
        key: who signs it; nobody where None.
        file: where it is written besides the note.
    """

    key: "SigningKey | None" = None
    file: Path | None = None
    _text: str = field(default="", init=False)

    def prepare(
        self,
        report: PublishReport,
        target: Target,
        store: Store,
        batch: Batch,
        seen: dict[str, bytes],
        now: datetime,
        *,
        tells_recipe: bool,
    ) -> None:
        """Put the record into the report, and its note among what moves."""
        report.total = _commits(store, report)
        left = report.left
        proven, skipped = list(_PROVEN), list[str]()
        if left is not None:
            proven.append("no content of a wrap leaves that nobody decided about")
            if not left.wrap_names:
                proven.append("no new message names a wrap")
            else:
                skipped.append(f"names of a wrap: {len(left.wrap_names)} are listed, not refused")
            skipped += left.skipped
            if not any(row.startswith("secrets: -") or "not installed" in row for row in skipped):
                proven.append("no known form of a secret is in what is new")
        counts: dict[str, object] = {}
        if left is not None:
            counts = {"new_commits": left.commits, "new_contents": left.contents}
        said = publication(
            branch=report.branch,
            private=report.private,
            public=report.public,
            branches={one.public_name: one.public.hex() for one in report.branches},
            rule=report.rule,
            recipe=report.recipe if tells_recipe else None,
            commits=report.total,
            tags=len(report.tags.ids),
            left=counts,
            proven=proven,
            skipped=skipped,
            now=now,
        )
        report.record = dict(said)
        report.signer = None if self.key is None else self.key.kid
        self._text = record_text(said, self.key)
        before = seen.get(NOTES_REF)
        report.moves.append(note_move(target, store, batch, before, report.public, self._text, now))

    def write(self) -> None:
        """Write the file, whole or not at all.

        Raises:
            OutsideError: the disk did not take it (``record-not-written``).
        """
        if self.file is None:
            return
        part = self.file.with_name(f".{self.file.name}.{os.getpid()}.part")
        try:
            part.write_text(self._text)
            part.replace(self.file)
        except OSError as error:
            raise OutsideError(
                "record-not-written",
                f"It was published, but {self.file} cannot be written: {error.strerror}.",
                "The note on the public commit says the same: git notes --ref=coreline show.",
            ) from error


def _commits(store: Store, report: PublishReport) -> int:
    """Count the public commits; only the new ones, where the others were counted."""
    if len(report.branches) > 1:
        tips = sorted({one.public.hex() for one in report.branches})
        return int(store.git.text("rev-list", "--count", *tips))
    branch = f"refs/heads/{report.branch}"
    before = next((move.before for move in report.moves if move.ref == branch), report.public)
    known = next(
        (
            row
            for row in read_records(store.folder)
            if before is not None and row.public == before.hex() and row.commits
        ),
        None,
    )
    if known is None:
        return int(store.git.text("rev-list", "--count", report.public.hex()))
    new = store.git.text("rev-list", "--count", report.public.hex(), f"^{known.public}")
    return known.commits + int(new)
