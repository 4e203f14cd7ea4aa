# SPDX-License-Identifier: Apache-2.0
"""What the core's own tests showed where the wrap does not exist, as a report.

Running them is in ``sources.alone``; this is told what was printed and how it ended.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from coreline.boundary.check import owner_of
from coreline.boundary.extension import Check
from coreline.boundary.fingerprint import with_fingerprints
from coreline.boundary.grade import grade_of, is_kept
from coreline.boundary.layout import Layout
from coreline.boundary.model import Coverage, Finding, NotAnalyzed, Report
from coreline.boundary.names import SDK_MODULE, Names, collect
from coreline.boundary.ownership import folder_owners, topmost
from coreline.boundary.reasons import reasons
from coreline.manifest.claims import Line
from coreline.manifest.model import MANIFEST_NAME
from coreline.manifest.parse import ParsedManifest

CHECK = Check(
    name="standalone",
    sentence="The core's own tests pass where no wrap exists.",
    run=lambda _subject: (),
    kept={},
    broken={},
    path=MANIFEST_NAME,
    kind="test",
)
"""Not one of the folder's checks, since it does not read files: it is told of what was run."""

REFUSED = "blocked by coreline check --standalone"
"""What each hook says when a core asks for the wrap."""

_KEPT_LINES = 40
_TEXT_MAX = 240


class Place(NamedTuple):
    """Where a name of a wrap was first read in an output."""

    name: str
    line: str
    """The whole line of the output."""
    path: str | None = None
    """The file of the core that the output blames, from the root."""
    number: int = 1


class Ran(Struct, frozen=True, kw_only=True):
    """One command, run to its end."""

    number: int
    """Which command of ``core.test`` it is, from 0."""
    command: str
    code: int | None
    """Its exit code, negative for a signal; None where time ran out."""
    seconds: float
    place: Place | None = None
    """The first name of a wrap in its output."""


class Watch:
    """Reads an output line by line and keeps the first name of a wrap in it.

    A line that says what was refused counts before one that merely mentions a name, since the
    names of tests may do that.

    Args:
        names: of the wraps.
        root: the folder that the core's files are in, as it stands in the output.
    """

    def __init__(self, names: Names, root: str) -> None:
        self._names = names
        self._in_root = re.compile(re.escape(root.rstrip("/").encode()) + rb"/([^\s\"':()]+)")
        self._number = re.compile(rb"(?:\", line |:)(\d+)")
        self._recent: list[bytes] = []
        self._after = 0
        self._place: Place | None = None
        self._is_refused = False

    @property
    def place(self) -> Place | None:
        """What was found so far."""
        return self._place

    def line(self, line: bytes) -> None:
        """Read one line."""
        is_refused = REFUSED.encode() in line
        if not self._is_refused and (is_refused or self._place is None):
            hits = self._names.search(line)
            if hits:
                name = line[slice(*hits[0])].decode("utf-8", "replace").strip("/")
                self._place = self._blamed(Place(name, self._shown(line)), self._recent[::-1])
                self._is_refused, self._after = is_refused, _KEPT_LINES
        elif self._place is not None and self._place.path is None and self._after:
            # Node.js says after the message where it comes from; Python and Ruby before.
            self._after -= 1
            self._place = self._blamed(self._place, [line])
        self._recent = [*self._recent[1 - _KEPT_LINES :], line]

    def _blamed(self, place: Place, lines: Iterable[bytes]) -> Place:
        for line in lines:
            inside = self._in_root.search(line)
            if inside is not None:
                number = self._number.match(line, inside.end())
                path = inside[1].decode("utf-8", "replace")
                return place._replace(path=path, number=int(number[1]) if number else 1)
        return place

    def _shown(self, line: bytes) -> str:
        # The temporary folder has another name each time.
        return self._in_root.sub(rb"\1", line).decode("utf-8", "replace").strip()[:_TEXT_MAX]


def names_of(paths: Iterable[str], parsed: ParsedManifest) -> Names:
    """Return the names of the wraps of a tree.

    Args:
        paths: of all its files.
        parsed: the line.
    """
    line = Line(parsed.manifest)
    owners = {path: owner_of(line.claim(path)) for path in paths}
    folders = folder_owners(owners)
    layout = Layout(owners)
    names = collect(parsed.manifest, layout.wrap_names(), topmost(owners, folders), folders)
    # A core may need the SDK, which is no wrap's.
    return replace(names, words=names.words - {SDK_MODULE})


def report_runs(
    parsed: ParsedManifest,
    ran: Sequence[Ran],
    *,
    files: int,
    left_out: Sequence[NotAnalyzed],
    notes: Sequence[str],
    label: str,
) -> Report:
    """Return what the runs say about the line.

    Args:
        parsed: the line, whose commands were run.
        ran: each command.
        files: how many files the core has.
        left_out: files of the core that could not be exported.
        notes: what a reader should know of how it was run.
        label: what was checked, for a person.
    """
    found = [_finding(parsed, one) for one in ran if one.code != 0]
    findings = with_fingerprints(found)
    promise = parsed.manifest.core.promise
    return Report(
        grade=grade_of(findings),
        promise=promise,
        kept=is_kept(promise, findings),
        findings=tuple(findings),
        coverage=Coverage(analyzed=files - len(left_out), not_analyzed=tuple(left_out)),
        notes=tuple(notes),
        reasons=reasons(promise, findings),
        label=label,
        scope="standalone",
    )


def _finding(parsed: ParsedManifest, ran: Ran) -> Finding:
    how = _how(ran)
    place = ran.place
    if place is None:
        return Finding(
            check=CHECK.name,
            path=MANIFEST_NAME,
            line=parsed.position(("core", "test", ran.number)).line,
            kind="test",
            message=f"Without the wrap, `{ran.command}` {how}. Its output names no wrap.",
            hint="Read the log above: a file, a package or a variable may be missing in the "
            "clean environment. Prepare what the tests need in a command of core.test before it.",
            grade="broken",
            text=ran.command,
        )
    return Finding(
        check=CHECK.name,
        path=place.path or MANIFEST_NAME,
        line=place.number if place.path else parsed.position(("core", "test", ran.number)).line,
        kind="test",
        names=(place.name,),
        message=f"Without the wrap, `{ran.command}` {how}. Its output first names {place.name}: "
        f"{place.line}",
        hint="Turn the dependence around: let the wrap register itself at a door of the core.",
        grade="broken",
    )


def _how(ran: Ran) -> str:
    if ran.code is None:
        return f"did not end within {ran.seconds:.0f} seconds"
    if ran.code < 0:
        return f"was ended by signal {-ran.code}"
    return f"ended with {ran.code}"
