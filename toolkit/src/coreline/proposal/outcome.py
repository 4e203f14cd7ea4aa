# SPDX-License-Identifier: Apache-2.0
"""A proposal held against its repository at once: what `coreline check` will say of it.

The promise written is one that holds, or else the comment beside it says what breaks it.
"""

from collections import Counter
from dataclasses import dataclass

from coreline.boundary.check import examine, judge
from coreline.boundary.grade import is_kept
from coreline.boundary.model import Finding, Report
from coreline.errors import InternalError
from coreline.manifest.model import MANIFEST_NAME, Promise
from coreline.manifest.parse import ParsedManifest, parse_manifest
from coreline.manifest.problems import ManifestErrors
from coreline.proposal.discovered import discover
from coreline.proposal.proposal import Proposal
from coreline.proposal.render import render
from coreline.sources.tree import SourceTree

FIRST = 5


@dataclass(frozen=True)
class Outcome:
    """The manifest as text, and what a check with it finds."""

    proposal: Proposal
    text: str
    report: Report

    @property
    def kept(self) -> bool:
        """Whether the promise that the text makes holds."""
        return is_kept(self.proposal.promise, self.report.findings)

    def counts(self) -> list[tuple[str, int]]:
        """Return how many findings there are of each kind, most first."""
        kinds = Counter(f"{finding.check}: {finding.kind}" for finding in self.report.findings)
        return sorted(kinds.items(), key=lambda one: (-one[1], one[0]))

    def first(self) -> list[Finding]:
        """Return the first finding of each kind, what breaks the core before what it knows."""
        worst = {"broken": 0, "tight": 2}
        ranked = sorted(
            self.report.findings, key=lambda one: (worst.get(one.grade or "", 1), one.path)
        )
        kinds = {(one.check, one.kind): one for one in reversed(ranked)}
        return [one for one in ranked if kinds[one.check, one.kind] is one][:FIRST]


def try_out(tree: SourceTree, proposal: Proposal) -> Outcome:
    """Check a repository with the manifest proposed for it, and promise what holds.

    Raises:
        InternalError: the text proposed is no manifest (``proposal-invalid``).
    """
    examined = examine(tree, _parsed(render(proposal)))
    found = discover(examined[0])
    if found:
        proposal = proposal.declaring(found)
        examined = examine(tree, _parsed(render(proposal)))
    report = judge(tree, examined)
    # Findings about the line itself break any promise; they do not make it the wrong one.
    promise: Promise = "loose" if report.grade == "loose" else "standalone"
    proposal = proposal.promising(promise, _reason(promise, report))
    text = render(proposal)
    _parsed(text)
    return Outcome(proposal, text, report)


def _parsed(text: str) -> ParsedManifest:
    try:
        return parse_manifest(text, source=MANIFEST_NAME)
    except ManifestErrors as error:
        said = "; ".join(
            f"line {problem.line}: {problem.message}" for problem in error.problems[:3]
        )
        raise InternalError(
            "proposal-invalid",
            f"The proposed manifest is not valid: {said}",
            "This is a bug in Coreline: please report it with this message.",
        ) from error


def _reason(promise: Promise, report: Report) -> str:
    """Return the comment beside the promise: empty where there is nothing to say."""
    breaking = [one for one in report.findings if one.grade == "broken"]
    knowing = [one for one in report.findings if one.grade == "tight"]
    other = [one for one in report.findings if one.grade not in ("broken", "tight")]
    said = []
    if breaking:
        files = len({one.path for one in breaking})
        said.append(
            f"{_count(len(breaking), 'reference')} in {_count(files, 'file')} of the core need "
            f"what only the wrap has (first: {_place(breaking[0])})"
        )
    if other:
        said.append(
            f"{_count(len(other), 'finding')} about the line itself "
            f"(first: {_place(other[0])}, {other[0].kind})"
        )
    text = (
        f"The promise does not hold yet: {', and '.join(said)}. Mend what `coreline check` lists."
    )
    if not said:
        text = "" if promise == "loose" else "The core works without the wrap."
    if promise == "standalone" and knowing:
        text += (
            f" It is not loose: {_count(len(knowing), 'place')} in the core where the wrap is "
            f"known and not needed (first: {_place(knowing[0])})."
        )
    return text


def _place(finding: Finding) -> str:
    return f"{finding.path}:{finding.line}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
