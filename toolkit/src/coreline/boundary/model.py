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
    drift_svg: str = ""
    """The line through time as a chart, where the history is known; for pages."""
    label: str = ""
    """What was checked, for a person."""
