# SPDX-License-Identifier: Apache-2.0
"""The optional state file: what an earlier process verified, and the latest time it saw.

It is never believed: signed texts in it are verified again, and the time only warns. A file that
is missing, damaged or read-only changes nothing.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from coreline_sdk.armor import ARMOR_BYTES_MAX
from coreline_sdk.claims import TIME_MAX

FILE_BYTES_MAX = ARMOR_BYTES_MAX
_STATE_BYTES_MAX = 4 * ARMOR_BYTES_MAX
_WRITE_EVERY_SECONDS = 3_600


class Memory:
    """What is remembered beyond the process.

    Attributes:
        license: the armored file that was last verified; empty for none.
        revocations: armored files with the lists that were seen last, the newest last.
        seen_at: the latest time seen, seconds since 1970.
    """

    def __init__(self, path: str | Path | None) -> None:
        self._path = None if path is None else Path(path)
        self.license = ""
        self.revocations: list[str] = []
        self.seen_at = 0
        self._written: tuple[str, tuple[str, ...], int] | None = None
        if self._path is not None:
            self._read(self._path)

    def add_revocations(self, text: str) -> None:
        """Remember an armored file that holds a revocation list."""
        if text not in self.revocations:
            self.revocations = [*self.revocations, text][-2:]

    def write(self, seen_at: int) -> bool:
        """Write what changed; the time alone at most once an hour. Return False if it failed."""
        if self._path is None:
            return True
        now = (self.license, tuple(self.revocations), seen_at)
        last = self._written
        if last and now[:2] == last[:2] and seen_at - last[2] < _WRITE_EVERY_SECONDS:
            return True
        self.seen_at = seen_at
        body = {"license": now[0], "revocations": list(now[1]), "seen_at": seen_at}
        part = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
        try:
            part.write_text(json.dumps(body), encoding="utf-8")
            part.replace(self._path)
        except OSError:
            with suppress(OSError):
                part.unlink()
            return False
        self._written = now
        return True

    def _read(self, path: Path) -> None:
        # Anything may stand in the file; what is not of the expected kind is as if not there.
        with suppress(OSError, ValueError, RecursionError):
            with path.open("rb") as file:
                body = json.loads(file.read(_STATE_BYTES_MAX))
            if not isinstance(body, dict):
                return
            if isinstance(text := body.get("license"), str):
                self.license = text
            if isinstance(texts := body.get("revocations"), list):
                self.revocations = [text for text in texts if isinstance(text, str)][-2:]
            if type(seen := body.get("seen_at")) is int and 0 <= seen <= TIME_MAX:
                self.seen_at = seen
