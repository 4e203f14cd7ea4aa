# SPDX-License-Identifier: Apache-2.0
"""Look at the license's files and say what is allowed. The only input and output of the check.

What was verified once stays: a file that cannot be read, or that no longer verifies, brings a
warning and takes nothing away. Rights end on a date in the token or on a signed statement.
"""

import os
import stat
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from coreline_sdk.armor import BEGIN_LICENSE
from coreline_sdk.chain import Trust
from coreline_sdk.codes import CHECK_FAILED, UNCONFIGURED, UNREADABLE, Refused
from coreline_sdk.memory import FILE_BYTES_MAX, Memory
from coreline_sdk.standing import Standing, standing
from coreline_sdk.status import NOTHING, LicenseStatus, Notice, View, bare_status
from coreline_sdk.verify import DAY, License, Revocations, verify_license, verify_revocations

ENVIRONMENT = "CORELINE_LICENSE"
_EPOCH = date(1970, 1, 1).toordinal()
_LISTS_MAX = 8

Source = str | Path | None


class Settings(NamedTuple):
    """What the product was configured with."""

    product: str
    license: Source
    root_keys: tuple[str, ...]
    built: date | None
    revocations: Source
    state: Source


class Loader:
    """The license of one product, as last verified. One thread at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._built_at = None if settings.built is None else _midnight(settings.built)
        self._memory = Memory(settings.state)
        self._last = NOTHING
        self._trust: Trust | None = None
        self._license: License | None = None
        self._refused: Refused | None = None
        self._lists: list[Revocations] = []
        self._seen: dict[str, tuple[int, ...]] = {}
        self._notices: dict[str, Notice] = {}

    def look(self, now: float, recheck_at: float) -> View:
        """Return what is allowed now. Never raises."""
        try:
            self._last = self._look(now, recheck_at)
        except Refused as refused:
            self._last = View(
                bare_status(refused.code, refused.detail), {}, {}, now, recheck_at, {}
            )
        except Exception as error:
            # A product must not fall because its license check did, whatever the reason, and
            # what was allowed until a date stays allowed until that date.
            if not self._last.until:
                self._last = self._last._replace(status=bare_status(CHECK_FAILED, repr(error)))
            return self._last._replace(checked_at=now, recheck_at=recheck_at, hot={})
        return self._last

    def _look(self, now: float, recheck_at: float) -> View:
        source = self._settings.license or os.environ.get(ENVIRONMENT) or None
        if source is None:
            return View(bare_status(UNCONFIGURED), {}, {}, now, recheck_at, {})
        if self._trust is None:
            self._trust = Trust(self._settings.root_keys)
            self._recall(self._trust)
        self._read_license(source, self._trust)
        self._read_revocations(self._trust)
        if self._license is None:
            raise self._refused or Refused(UNREADABLE)
        stand = standing(self._license, now=now, built_at=self._built_at, lists=self._lists)
        self._watch_clock(now, self._license)
        return _view(self._license, stand, now, recheck_at, tuple(self._notices.values()))

    def _recall(self, trust: Trust) -> None:
        """Take up what an earlier process verified, verifying it again."""
        for text in self._memory.recalled:
            try:
                self._keep_lists(verify_revocations(text, trust), text)
            except Refused:
                self._note("memory-refused", "A remembered revocation list is damaged.")
        if self._memory.license:
            try:
                self._license = verify_license(self._memory.license, trust, self._settings.product)
            except Refused:
                # It was made for an older root key, or someone edited it. It is only a spare.
                self._license = None

    def _read_license(self, source: str | Path, trust: Trust) -> None:
        try:
            text = self._changed_text("license", source)
            if text is None:
                return
            self._license = verify_license(text, trust, self._settings.product)
        except Refused as refused:
            self._refused = refused
            self._note(
                "license-kept",
                f"The license file was refused; the last verified license holds. {refused}",
            )
            return
        self._refused = None
        self._notices.pop("license-kept", None)
        self._memory.license = text
        self._keep_lists(self._license.revocations, text)

    def _read_revocations(self, trust: Trust) -> None:
        if self._settings.revocations is None:
            return
        try:
            text = self._changed_text("revocations", self._settings.revocations)
            if text is None:
                return
            self._keep_lists(verify_revocations(text, trust), text)
        except Refused as refused:
            self._note("revocations-refused", f"The revocation list was passed over. {refused}")
            return
        self._notices.pop("revocations-refused", None)

    def _keep_lists(self, lists: tuple[Revocations, ...], text: str) -> None:
        """Remember lists, the newest first; a few, since a stolen key may have signed some."""
        for one in lists:
            self._memory.keep_list(one.claims.number, text, by_root=one.by_root)
        self._lists.extend(one for one in lists if one not in self._lists)
        self._lists.sort(key=lambda one: (one.by_root, one.claims.number), reverse=True)
        del self._lists[_LISTS_MAX:]

    def _changed_text(self, name: str, source: str | Path) -> str | None:
        """Return the text of a file, or None when it is the one that was read last."""
        if isinstance(source, str) and source.lstrip().startswith(BEGIN_LICENSE[:20]):
            stamp: tuple[int, ...] = (hash(source),)
            if self._seen.get(name) == stamp:
                return None
            self._seen[name] = stamp
            return source
        try:
            found = Path(source).stat()
            if stat.S_ISFIFO(found.st_mode):
                # Opening one may wait for ever, and an answer never waits.
                raise Refused(UNREADABLE, "a pipe")
            stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
            if self._seen.get(name) == stamp:
                return None
            with Path(source).open("rb") as file:
                content = file.read(FILE_BYTES_MAX + 1)
        except (OSError, ValueError) as error:
            # The next look must read it again, even if the same file comes back.
            self._seen.pop(name, None)
            raise Refused(UNREADABLE, getattr(error, "strerror", "") or "path") from error
        self._seen[name] = stamp
        return content.decode("ascii", "replace")

    def _watch_clock(self, now: float, license_: License) -> None:
        """Warn about a clock that went back; it never locks, since clocks also break."""
        signed = [license_.claims.issued_at, *(one.claims.issued_at for one in self._lists)]
        latest = max(self._memory.seen_at, *signed)
        self._notices.pop("clock-behind", None)
        if now < latest - DAY:
            days = int((latest - now) // DAY)
            self._note("clock-behind", f"The clock is {days} days behind a time already seen.")
        self._notices.pop("state-not-written", None)
        if not self._memory.write(max(int(now), latest)):
            self._note("state-not-written", "The state file could not be written.")

    def _note(self, code: str, sentence: str) -> None:
        self._notices[code] = Notice(code, sentence)


def _view(
    license_: License, stand: Standing, now: float, recheck_at: float, notices: tuple[Notice, ...]
) -> View:
    claims, code = license_.claims, stand.code
    entitled = stand.until > now
    status = LicenseStatus(
        code=code.name,
        state=code.state,
        sentence=code.sentence,
        hint=code.hint,
        entitled=entitled,
        license_id=claims.license_id,
        edition=claims.edition,
        customer=claims.customer,
        segment=claims.segment,
        features=tuple(claims.features),
        seats=claims.seats,
        expires=datetime.fromtimestamp(claims.expires_at, UTC),
        grace_until=datetime.fromtimestamp(stand.grace_until, UTC),
        warnings=notices,
    )
    if not entitled:
        return View(status, {}, {}, now, recheck_at, {})
    return View(
        status, dict.fromkeys(claims.features, stand.until), claims.features, now, recheck_at, {}
    )


def _midnight(day: date) -> float:
    """Return the first second of a day in UTC."""
    return float((day.toordinal() - _EPOCH) * DAY)
