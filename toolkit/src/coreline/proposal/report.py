# SPDX-License-Identifier: Apache-2.0
"""A proposal told to people: why each claim, what is doubtful, what a check says."""

from typing import TYPE_CHECKING, Literal

from coreline.proposal.model import DOUBTS_MAX, Evidence, Owner, told
from coreline.proposal.outcome import Outcome

if TYPE_CHECKING:
    from rich.console import Console


def show(outcome: Outcome, console: "Console") -> None:
    """Print what was proposed and why."""
    from rich.markup import escape
    from rich.table import Table

    table = Table(title="Why each claim", title_justify="left", box=None, pad_edge=False)
    for column in ("side", "claim", "files", "why"):
        justify: Literal["right", "left"] = "right" if column == "files" else "left"
        table.add_column(column, justify=justify, overflow="fold")
    proposal = outcome.proposal
    claims = [*proposal.claims, *(claim for wrap in proposal.wraps for claim in wrap.claims)]
    for claim in claims:
        if claim.owner is not None or claim.reasons or "/" in claim.pattern:
            table.add_row(
                _side(claim.owner),
                escape(printable(claim.pattern)),
                str(claim.files),
                escape(_why(claim.reasons)),
            )
    rest = [one for one in proposal.claims if "/" not in one.pattern and not one.reasons]
    if rest:
        files = str(sum(claim.files for claim in rest))
        table.add_row("core", "files at the root, by name", files, "no sign of a wrap")
    console.print(table)
    for note in proposal.notes:
        console.print(f"[yellow]note[/]: {escape(printable(note))}")
    for doubt in proposal.doubts[:DOUBTS_MAX]:
        side = f"the wrap {doubt.wrap}" if doubt.assumed else "the core"
        console.print(
            f"[yellow]doubtful[/]: {escape(printable(doubt.path))} is taken as {side}: "
            f"{escape(_why(doubt.reasons))}"
        )
    if len(proposal.doubts) > DOUBTS_MAX:
        console.print(f"… and {len(proposal.doubts) - DOUBTS_MAX:,} more doubtful places.")
    _show_check(outcome, console)


def _show_check(outcome: Outcome, console: "Console") -> None:
    from rich.markup import escape

    report, promise = outcome.report, outcome.proposal.promise
    coverage = report.coverage
    verdict = "[green]kept[/]" if outcome.kept else "[red]broken[/]"
    console.print(
        f"\ncheck: grade [bold]{report.grade}[/]; promise {promise}: {verdict}. "
        f"{coverage.analyzed:,} files analyzed, {len(coverage.not_analyzed):,} not."
    )
    for kind, count in outcome.counts():
        console.print(f"  {count:>5}  {escape(kind)}")
    for finding in outcome.first():
        place = f"{finding.path}:{finding.line}:{finding.column}"
        console.print(f"  {escape(printable(place))}: {escape(printable(finding.message))}")
    if len(report.findings) > len(outcome.first()):
        console.print("  … `coreline check` lists all of them.")


def printable(text: str) -> str:
    """Return a text without what a terminal would obey or cannot show."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def as_json(outcome: Outcome) -> dict[str, object]:
    """Return the proposal as plain values."""
    proposal, report = outcome.proposal, outcome.report
    claims = [*proposal.claims, *(claim for wrap in proposal.wraps for claim in wrap.claims)]
    return {
        "product": proposal.product.name,
        "manifest": outcome.text,
        "claims": [
            {
                "side": "core" if claim.owner is None else "wrap",
                "wrap": claim.owner,
                "pattern": claim.pattern,
                "files": claim.files,
                "evidence": [_plain(one) for one in claim.reasons],
            }
            for claim in claims
        ],
        "doubts": [
            {
                "path": printable(doubt.path),
                "wrap": doubt.wrap,
                "taken_as": "wrap" if doubt.assumed else "core",
                "evidence": [_plain(one) for one in doubt.reasons],
            }
            for doubt in proposal.doubts
        ],
        "notes": list(proposal.notes),
        "check": {
            "promise": proposal.promise,
            "kept": outcome.kept,
            "grade": report.grade,
            "findings": dict(outcome.counts()),
            "first": [
                {"path": printable(f.path), "line": f.line, "kind": f.kind, "message": f.message}
                for f in outcome.first()
            ],
            "analyzed": report.coverage.analyzed,
            "not_analyzed": len(report.coverage.not_analyzed),
        },
    }


def _plain(evidence: Evidence) -> dict[str, object]:
    return {"path": printable(evidence.path), "line": evidence.line, "says": evidence.says}


def _side(owner: Owner) -> str:
    return "core" if owner is None else f"wrap {owner}"


def _why(reasons: tuple[Evidence, ...]) -> str:
    return "\n".join(map(printable, told(reasons))) or "no sign of a wrap"
