# SPDX-License-Identifier: Apache-2.0
"""Several artifacts as one report."""

from collections.abc import Iterable

from coreline.boundary.artifacts.judging import judge
from coreline.boundary.artifacts.repository import Repository
from coreline.boundary.fingerprint import with_fingerprints
from coreline.boundary.grade import grade_of, is_kept
from coreline.boundary.model import Coverage, Finding, NotAnalyzed, Report
from coreline.boundary.reasons import reasons
from coreline.sources.artifact import ArtifactTree


def report_artifacts(artifacts: Iterable[ArtifactTree], repository: Repository) -> Report:
    """Hold artifacts against the line.

    Args:
        artifacts: each as a tree of its files.
        repository: what they are built from.
    """
    found: list[Finding] = []
    not_analyzed: list[NotAnalyzed] = []
    notes: list[str] = []
    labels: list[str] = []
    files = 0
    for artifact in artifacts:
        judged = judge(artifact, repository)
        found += judged.findings
        not_analyzed += judged.not_analyzed
        notes += judged.notes
        labels.append(artifact.label)
        files += judged.files
    findings = with_fingerprints(found)
    promise = repository.manifest.core.promise
    return Report(
        grade=grade_of(findings),
        promise=promise,
        kept=is_kept(promise, findings),
        findings=tuple(findings),
        coverage=Coverage(
            analyzed=max(0, files - len(not_analyzed)),
            not_analyzed=tuple(sorted(not_analyzed, key=lambda one: (one.path, one.reason))),
        ),
        notes=tuple(notes),
        reasons=reasons(promise, findings),
        label=", ".join(labels),
        scope="1 artifact" if len(labels) == 1 else f"{len(labels):,} artifacts",
    )
