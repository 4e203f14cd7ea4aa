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
_LISTS_MAX = 2
_WRITE_EVERY_SECONDS = 3_600


class Memory:
    """What is remembered beyond the process.

    Attributes:
        license: the armored file that was last verified; empty for none.
        recalled: armored files with revocation lists, as an earlier process left them.
        seen_at: the latest time seen, seconds since 1970.
    """

    def __init__(self, path: str | Path | None) -> None:
        self._path = None if path is None else Path(path)
        self.license = ""
        self.recalled: list[str] = []
        self.seen_at = 0
        self._newest: dict[bool, tuple[int, str]] = {}
        self._written: tuple[str, tuple[str, ...], int] | None = None
        if self._path is not None:
            self._read(self._path)

    def keep_list(self, number: int, text: str, *, by_root: bool) -> None:
        """Remember an armored file for a list in it, if none is newer.

        The newest by the root key and the newest by a leaf are kept apart, since a thief's leaf
        may count as high as it likes.
        """
        if number > self._newest.get(by_root, (0, ""))[0]:
            self._newest[by_root] = (number, text)

    def write(self, seen_at: int) -> bool:
        """Write what changed; the time alone at most once an hour. Return False if it failed."""
        if self._path is None:
            return True
        lists = tuple({text: None for _, text in self._newest.values()})
        now = (self.license, lists, seen_at)
        last = self._written
        if last and now[:2] == last[:2] and seen_at - last[2] < _WRITE_EVERY_SECONDS:
            return True
        self.seen_at = seen_at
        body = {"license": now[0], "revocations": list(now[1]), "seen_at": seen_at}
        try:
            _replace(self._path, json.dumps(body))
        except (OSError, ValueError):  # A path such as "" names no file.
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
                self.recalled = [text for text in texts if isinstance(text, str)][:_LISTS_MAX]
            if type(seen := body.get("seen_at")) is int and 0 <= seen <= TIME_MAX:
                self.seen_at = seen


def _replace(path: Path, text: str) -> None:
    """Replace a file in one step, by one that only this user may read: it holds the license."""
    # A name that nobody can foresee, so that no link waits there in a folder that others write in.
    part = path.with_name(f"{path.name}.{os.urandom(6).hex()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
