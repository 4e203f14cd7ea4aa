# SPDX-License-Identifier: Apache-2.0
"""What a check of the line says: findings, coverage, grade. The JSON report has this shape."""

from typing import Literal

from msgspec import Struct

from coreline.manifest.model import Grade, Promise

Kind = Literal[
    "static",
    "local",
    "type-only",
    "re-export",
    "dynamic",
    "lookup",
    "string",
    "build",
    "gate",
    "test",
    "link",
    "name",
    "overlay",
    "stray",
    "dependency",
    "left",
    "unclaimed",
    "tie",
    "header",
    "license-text",
    "metadata",
    "feature",
    "decision",
    "unreadable",
    "mended",
]


class Finding(Struct, frozen=True, kw_only=True):
    """A place where the line does not hold."""

    check: str
    """The name of the check."""
    path: str
    line: int = 1
    """From 1. A finding about a whole file stands at its first line, with an empty ``text``."""
    column: int = 1
    """From 1, in characters."""
    kind: Kind
    guard: str | None = None
    """What keeps a reference from being needed, such as ``try`` or ``flag settings.CLOUD``."""
    names: tuple[str, ...] = ()
    message: str
    hint: str = ""
    grade: Grade | None = None
    """The grade that this finding alone proves; None where it says nothing of dependence."""
    text: str = ""
    """The line of code."""
    fingerprint: str = ""
    """Stable while lines move: see ``coreline.boundary.fingerprint``."""
    baseline: Literal["new", "unchanged"] | None = None
    """Where the project has a baseline: whether this finding is in it, and so is allowed."""


class NotAnalyzed(Struct, frozen=True):
    """A file about which nothing, or not everything, is known, and why."""

    path: str
    reason: str


class Coverage(Struct, frozen=True, kw_only=True):
    """How much of the tree the report speaks for."""

    analyzed: int
    not_analyzed: tuple[NotAnalyzed, ...] = ()
    binary: int = 0
    """Of the analyzed files, those that hold a NUL byte: their bytes were searched, no more."""


class Reason(Struct, frozen=True, kw_only=True):
    """Why a check does not end with 0: so many findings of one check and grade."""

    check: str
    grade: Grade | None
    count: int


class Trend(Struct, frozen=True, kw_only=True):
    """How a report stands to the project's baseline."""

    known: int
    """Findings that the baseline allows."""
    new: int
    mended: int
    """Findings of the baseline that are no longer there, and have to leave it."""
    moved: int
    """Of the known, those that were found in a file of another name."""
    first: int
    """How many there were when the baseline began."""
    began: str
    """The day, as RFC 3339 has it."""


class Report(Struct, frozen=True, kw_only=True):
    """What a check of one tree says."""

    grade: Grade
    promise: Promise
    kept: bool
    findings: tuple[Finding, ...]
    coverage: Coverage
    notes: tuple[str, ...] = ()
    """What is worth knowing and breaks nothing."""
    reasons: tuple[Reason, ...] = ()
    """What breaks the promise; empty where it is kept."""
    baseline: Trend | None = None
    """None where the project has no baseline."""
    drift_svg: str = ""
    """The line through time as a chart, where the history is known; for pages."""
    label: str = ""
    """What was checked, for a person."""
    scope: str = ""
    """What alone was asked for, such as ``licenses``: the grade then says nothing. Else empty."""
