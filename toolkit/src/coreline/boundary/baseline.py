# SPDX-License-Identifier: Apache-2.0
"""The baseline: findings that a project has for now, and that may only become fewer.

A finding is known by its fingerprint, which stays while lines move. Where its file has been moved,
the same line of code with the same names is the same finding, as long as the old path is gone.
Nothing here does input or output: ``coreline baseline`` writes the file, ``coreline check`` reads
it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from coreline.boundary.formats.json import encodable
from coreline.boundary.grade import is_allowed, is_kept
from coreline.boundary.model import Finding, Report, Trend
from coreline.boundary.reasons import reasons
from coreline.errors import InputError
from coreline.manifest.model import BASELINE_NAME

VERSION = 1


class Known(Struct, frozen=True, kw_only=True):
    """A finding that is allowed for now."""

    fingerprint: str
    check: str
    kind: str
    path: str
    names: tuple[str, ...] = ()
    text: str = ""

    @classmethod
    def of(cls, finding: Finding) -> "Known":
        """Return what is recorded of a finding."""
        return cls(
            fingerprint=finding.fingerprint,
            check=finding.check,
            kind=finding.kind,
            path=finding.path,
            names=finding.names,
            text=finding.text.strip(),
        )

    @property
    def likeness(self) -> tuple[str, ...]:
        """What stays the same where the file is moved."""
        return (self.check, self.kind, *self.names, "".join(self.text.split()))


class Grown(Struct, frozen=True, kw_only=True):
    """A time when findings were added on purpose."""

    on: str
    """The day, as RFC 3339 has it."""
    added: int
    reason: str


class Baseline(Struct, frozen=True, kw_only=True):
    """The whole file."""

    version: int = VERSION
    began: str
    """The day of the first one."""
    first: int
    """How many findings it had then."""
    grown: tuple[Grown, ...] = ()
    findings: tuple[Known, ...] = ()


class Compared(Struct, frozen=True, kw_only=True):
    """A report's findings beside those of a baseline."""

    known: frozenset[str]
    """The fingerprints of findings that the baseline has."""
    new: tuple[Finding, ...]
    """What breaks the promise and is not in it."""
    mended: tuple[Known, ...]
    """What is in it and no longer found."""
    moved: int
    """How many of the known ones were found in another file."""


def read_baseline(data: bytes) -> Baseline:
    """Return what a file of a baseline says.

    Raises:
        InputError: it is none (``baseline-malformed``), such as one with the marks of a merge.
    """
    try:
        found = msgspec.json.decode(data, type=Baseline)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InputError(
            "baseline-malformed",
            f"{BASELINE_NAME} cannot be read: {error}.",
            "Take either side of a merge, then run `coreline baseline`: it drops what is mended.",
        ) from error
    if found.version != VERSION:
        raise InputError(
            "baseline-malformed",
            f"{BASELINE_NAME} is of version {found.version}; this Coreline reads {VERSION}.",
            "Use the Coreline that wrote it.",
        )
    return found


def write_baseline(baseline: Baseline) -> bytes:
    """Return the file of a baseline: one finding a line, in order, so that merges are easy."""
    ordered = sorted(baseline.findings, key=lambda one: (one.path, one.check, one.fingerprint))
    grown = ",\n".join(_line(one) for one in baseline.grown)
    findings = ",\n".join(_line(one) for one in ordered)
    return (
        f'{{\n"version": {baseline.version},\n"began": {_line(baseline.began)},\n'
        f'"first": {baseline.first},\n"grown": [{_between(grown)}],\n'
        f'"findings": [{_between(findings)}]\n}}\n'
    ).encode()


def _line(value: object) -> str:
    return msgspec.json.encode(encodable(msgspec.to_builtins(value))).decode()


def _between(rows: str) -> str:
    return f"\n{rows}\n" if rows else ""


def compare(report: Report, baseline: Baseline, paths: Collection[str]) -> Compared:
    """Hold the findings of a report against a baseline.

    Args:
        report: of a check, without a baseline.
        baseline: what is known.
        paths: those of the tree: a file that is still there was not moved.
    """
    breaking = [one for one in report.findings if not is_allowed(report.promise, one)]
    recorded = {one.fingerprint: one for one in baseline.findings}
    there = {one.fingerprint for one in breaking}
    # What the promise allows by now is mended as far as it goes.
    gone = [one for one in baseline.findings if one.fingerprint not in there]
    unknown = [one for one in breaking if one.fingerprint not in recorded]
    moved = dict(_moved(unknown, [one for one in gone if one.path not in paths]))
    left = set(moved.values())
    return Compared(
        known=frozenset((there & recorded.keys()) | moved.keys()),
        new=tuple(one for one in unknown if one.fingerprint not in moved),
        mended=tuple(one for one in gone if one.fingerprint not in left),
        moved=len(moved),
    )


def _moved(unknown: Iterable[Finding], gone: Iterable[Known]) -> Iterator[tuple[str, str]]:
    """Yield the fingerprints of findings that were moved, now and before; each counts once."""
    waiting: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for one in gone:
        waiting[one.likeness].append(one.fingerprint)
    for finding in unknown:
        alike = waiting.get(Known.of(finding).likeness)
        if alike:
            yield finding.fingerprint, alike.pop(0)


def with_baseline(
    report: Report, baseline: Baseline, paths: Collection[str], text: str = ""
) -> Report:
    """Return a report in which known findings are allowed, and mended ones must leave the file.

    Args:
        report: of a check, without a baseline.
        baseline: what is known.
        paths: those of the tree.
        text: the file, for the lines of what must leave it.
    """
    compared = compare(report, baseline, paths)
    fresh = {one.fingerprint for one in compared.new}
    marked = [
        replace(one, baseline="unchanged")
        if one.fingerprint in compared.known
        else replace(one, baseline="new")
        if one.fingerprint in fresh
        else one
        for one in report.findings
    ]
    findings = (*marked, *_leaving(compared.mended, text))
    return replace(
        report,
        findings=findings,
        kept=is_kept(report.promise, findings),
        reasons=reasons(report.promise, findings),
        baseline=Trend(
            known=len(compared.known),
            new=len(compared.new),
            mended=len(compared.mended),
            moved=compared.moved,
            first=baseline.first,
            began=baseline.began,
        ),
    )


def _leaving(mended: Sequence[Known], text: str) -> Iterator[Finding]:
    """Yield a finding for each entry that has to leave the baseline."""
    lines = text.splitlines()
    for one in mended:
        number = next(
            (at for at, line in enumerate(lines, 1) if one.fingerprint in line),
            1,
        )
        yield Finding(
            check="baseline",
            path=BASELINE_NAME,
            line=number,
            kind="mended",
            names=(one.path, *one.names),
            message=f"Mended, and still allowed: {one.kind} in {one.path}"
            f"{' of ' + ', '.join(one.names) if one.names else ''}.",
            hint="Run `coreline baseline`, so that it cannot come back unseen.",
            fingerprint=one.fingerprint,
        )


def begin(report: Report, day: str) -> Baseline:
    """Return a first baseline: every finding that breaks the promise today.

    Args:
        report: of a check, without a baseline.
        day: today, as RFC 3339 has it.
    """
    known = _known(report, None)
    return Baseline(began=day, first=len(known), findings=known)


def shrink(
    report: Report,
    baseline: Baseline,
    compared: Compared,
    *,
    day: str,
    grow: str | None,
) -> Baseline:
    """Return a baseline without what is mended, and with what is moved at its new place.

    Args:
        report: of a check, without a baseline.
        baseline: the one before.
        compared: the report beside it.
        day: today, as RFC 3339 has it.
        grow: why new findings are added; None adds none.

    Raises:
        InputError: there are new findings and no reason to add them (``baseline-grows``).
    """
    if compared.new and grow is None:
        counted = Counter(one.check for one in compared.new)
        said = ", ".join(f"{number} of {check}" for check, number in sorted(counted.items()))
        first = compared.new[0]
        raise InputError(
            "baseline-grows",
            f"There are new findings ({said}; first: {first.path}:{first.line}), and a baseline "
            "only shrinks.",
            "Mend them; or say why not: coreline baseline --grow REASON, which is recorded.",
        )
    grown = baseline.grown
    if compared.new and grow is not None:
        grown = (*grown, Grown(on=day, added=len(compared.new), reason=grow))
    allowed = compared.known | {one.fingerprint for one in compared.new}
    return replace(baseline, grown=grown, findings=_known(report, allowed))


def _known(report: Report, allowed: Collection[str] | None) -> tuple[Known, ...]:
    return tuple(
        Known.of(one)
        for one in report.findings
        if not is_allowed(report.promise, one) and (allowed is None or one.fingerprint in allowed)
    )
