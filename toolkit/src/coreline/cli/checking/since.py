# SPDX-License-Identifier: Apache-2.0
"""``coreline check --since``: nothing left the core without a decision record."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from coreline.cli.checking.options import Options, format_named
from coreline.cli.context import Context
from coreline.errors import ExitCode, InputError

if TYPE_CHECKING:
    from coreline.boundary.model import Finding, Report
    from coreline.boundary.ratchet.model import Left, State
    from coreline.boundary.ratchet.reading import Commits
    from coreline.manifest.parse import ParsedManifest
    from coreline.sources.commits import Details
    from coreline.sources.git import Git


def run(ctx: Context, options: Options) -> int:
    """Compare, write the report, and return the exit code."""
    from coreline.boundary.check import load_checks

    if options.staged or options.paths:
        raise InputError(
            "since-takes-commits",
            "--since compares commits, not staged files or single paths.",
            "Name the later commit with --at; it is HEAD otherwise.",
        )
    chosen = format_named(options.format_name)
    report = report_of(ctx, options)
    chosen.write(report, sys.stdout, load_checks())
    return int(ExitCode.KEPT if report.kept else ExitCode.BROKEN)


def report_of(ctx: Context, options: Options) -> "Report":
    """Return what left the core, as a report."""
    from coreline.boundary.ratchet.accounting import accounted_by
    from coreline.boundary.ratchet.dating import Dating
    from coreline.boundary.ratchet.reading import Commits
    from coreline.sources.changes import changes_of, read_renames
    from coreline.sources.git import Git

    git = Git(ctx.folder)
    since = options.since or ""
    before, after = git.resolve(since), git.resolve(options.at or "HEAD")
    _refuse_cut(git, before, after, since)
    commits = Commits(git, before, after)
    renames = read_renames(git, before, after)
    became = {one.before: one.after for one in renames}
    lines = _lines(ctx, commits)
    states = commits.states(lines, (since, options.at or "HEAD"), became)
    found = _left(states[0], states[1], renames, became)
    records = commits.records(lines[1])
    accounts = [(left, accounted_by(left, records)) for left in found]
    open_ones = [left for left, record in accounts if record is None]
    touched = changes_of(git, before, after, [path for one in found for path in one.touched])
    dating = Dating(*states, touched, commits.content, commits.licensed)
    notes = [
        f"Accounted for by {record}: {left.message}"
        for left, record in accounts
        if record is not None
    ]
    findings = [_finding(left, dating.commit_of(left)) for left in open_ones]
    return _report(states[1], findings, notes, f"{since}..{options.at or 'HEAD'}")


def _refuse_cut(git: "Git", before: str, after: str, since: str) -> None:
    """Refuse a reference that the later commit does not lead back to.

    Raises:
        InputError: it is on another branch, or the clone is shallow (``since-unrelated``).
    """
    if git.attempt("merge-base", before, after).returncode != 0:
        raise InputError(
            "since-unrelated",
            f"{since} and the later commit have no common history here.",
            "Name an earlier commit; in a shallow clone run git fetch --unshallow first.",
        )


def _lines(ctx: Context, commits: "Commits") -> "tuple[ParsedManifest, ParsedManifest]":
    """Return the line of each state: the one that the user named for both, else their own.

    Where the earlier commit has none, or one with mistakes, today's holds for it.
    """
    from coreline.manifest.parse import parse_manifest

    if ctx.named is not None:
        named = ctx.manifest()
        return named, named
    texts = commits.manifests()
    later = ctx.manifest() if texts[1] is None else parse_manifest(_text(texts[1]))
    if texts[0] is None:
        return later, later
    try:
        return parse_manifest(_text(texts[0])), later
    except InputError:
        return later, later


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _left(
    before: "State",
    after: "State",
    renames: Sequence[tuple[str, str, int]],
    became: dict[str, str],
) -> "list[Left]":
    from coreline.boundary.ratchet.doors import left_by_doors
    from coreline.boundary.ratchet.files import left_by_files
    from coreline.boundary.ratchet.licenses import left_by_licenses
    from coreline.boundary.ratchet.manifests import left_by_manifest

    return [
        *left_by_manifest(before, after),
        *left_by_licenses(before, after, became),
        *left_by_doors(before, after),
        *left_by_files(before, after, renames),
    ]


def _finding(left: "Left", who: "Details | None") -> "Finding":
    from coreline.boundary.model import Finding

    by = (
        ""
        if who is None
        else f" By {who.author} <{who.author_email}> in {who.id[:10]} "
        f"({who.author_date[:10]}: {who.subject})."
    )
    return Finding(
        check="since",
        path=left.path,
        line=left.line,
        kind="left",
        names=left.names if who is None else (*left.names[:20], who.id),
        message=f"{left.message}{by}",
        hint=left.hint,
        text=left.text,
    )


def _report(
    after: "State", findings: "Iterable[Finding]", notes: Sequence[str], label: str
) -> "Report":
    from coreline.boundary.fingerprint import with_fingerprints
    from coreline.boundary.grade import grade_of, is_kept
    from coreline.boundary.model import Coverage, Report
    from coreline.boundary.reasons import reasons

    found = tuple(with_fingerprints(findings))
    promise = after.parsed.manifest.core.promise
    return Report(
        grade=grade_of(found),
        promise=promise,
        kept=is_kept(promise, found),
        findings=found,
        coverage=Coverage(analyzed=len(after.blobs)),
        notes=(
            *notes,
            f"Nothing else left the core in {label}. References are not looked at here.",
        ),
        reasons=reasons(promise, found),
        label=label,
        scope=f"since {label.partition('..')[0]}",
    )
