# SPDX-License-Identifier: Apache-2.0
"""What is known of the line at each commit: small enough to be kept for all of them."""

import json

import msgspec
from msgspec import Struct, field

from coreline.boundary.grade import grade_of
from coreline.boundary.model import Finding, Kind
from coreline.manifest.model import Grade


class Seen(Struct, frozen=True, array_like=True):
    """A finding, as it first stood in some commit."""

    fingerprint: str
    check: str
    kind: Kind
    grade: Grade
    path: str
    line: int
    names: tuple[str, ...]
    guard: str | None
    text: str

    @property
    def identity(self) -> tuple[str, Grade]:
        """What stays while the lines around the finding move."""
        return self.fingerprint, self.grade

    @classmethod
    def of(cls, finding: Finding, grade: Grade) -> "Seen":
        """Return what is kept of a finding."""
        return cls(
            finding.fingerprint,
            finding.check,
            finding.kind,
            grade,
            finding.path,
            finding.line,
            finding.names,
            finding.guard,
            finding.text,
        )


class Point(Struct, frozen=True, array_like=True):
    """One commit: which findings it has, and how much code lies on each side."""

    judgement: int
    """Which of the record's judgements; most commits share theirs with others."""
    core_bytes: int
    wrap_bytes: int
    core_files: int
    wrap_files: int
    missing: int = 0
    """Files whose content is not in this clone, or too large to be read."""


_Packed = tuple[bytes, list[tuple[int, ...]], dict[str, Point]]


class Record(Struct, kw_only=True):
    """All commits looked at so far."""

    findings: list[Seen] = field(default_factory=list)
    judgements: list[tuple[int, ...]] = field(default_factory=list)
    """Each is the findings of a commit, by their number, in order."""
    points: dict[str, Point] = field(default_factory=dict)
    """By the commit's full id."""

    def seen(self, commit: str) -> list[Seen]:
        """Return the findings of a commit."""
        return [self.findings[number] for number in self.numbers(commit)]

    def numbers(self, commit: str) -> tuple[int, ...]:
        """Return the findings of a commit, by number."""
        return self.judgements[self.points[commit].judgement]

    def packed(self) -> bytes:
        """Return the record as it is kept. Paths need not be UTF-8, which MessagePack texts are."""
        findings = json.dumps(msgspec.to_builtins(self.findings)).encode()
        return msgspec.msgpack.encode((findings, self.judgements, self.points))

    @classmethod
    def unpacked(cls, data: bytes | None) -> "Record":
        """Return a kept record; an empty one where there is none that can be read."""
        try:
            if data is not None:
                findings, judgements, points = msgspec.msgpack.decode(data, type=_Packed)
                seen = msgspec.convert(json.loads(findings), list[Seen])
                return cls(findings=seen, judgements=judgements, points=points)
        except (msgspec.MsgspecError, ValueError):
            pass
        return cls()

    def grade(self, commit: str) -> Grade:
        """Return the grade of a commit."""
        return grade_of(self.seen(commit))
