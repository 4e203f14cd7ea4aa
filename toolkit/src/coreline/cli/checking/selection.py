# SPDX-License-Identifier: Apache-2.0
"""``coreline check PATH…``: the report on some files and folders, for editors and hooks.

The whole repository is read all the same (from the cache, mostly): only that says what the names
in one file mean. What is reported, and the exit code, are of the chosen paths alone.
"""

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from coreline.cli.checking.options import Options, format_named
from coreline.cli.checking.tree import report_of
from coreline.cli.context import Context
from coreline.errors import ExitCode, InputError

if TYPE_CHECKING:
    from coreline.boundary.model import Report


def run(ctx: Context, options: Options) -> int:
    """Check, report on the chosen paths, and return the exit code."""
    from coreline.boundary.check import load_checks

    chosen = format_named(options.format_name)
    wanted = [_inside(ctx, path) for path in options.paths]
    report = report_of(ctx, options)
    known = {entry.path for entry in ctx.tree(at=options.at, staged=options.staged).entries()}
    for path, text in zip(wanted, options.paths, strict=True):
        if path and path not in known and not any(one.startswith(f"{path}/") for one in known):
            if not (ctx.started / text).exists():
                raise InputError(
                    "path-unknown",
                    f"{text} does not exist.",
                    "Check the spelling, and where you are.",
                )
            raise InputError(
                "path-not-checked",
                f"{text} is no file of this repository that is checked.",
                "It is ignored by git, perhaps; `coreline explain` says more.",
            )
    selected = select(report, wanted, known)
    chosen.write(selected, sys.stdout, load_checks())
    return int(ExitCode.KEPT if selected.kept else ExitCode.BROKEN)


def select(report: "Report", wanted: Iterable[str], known: Iterable[str]) -> "Report":
    """Return what a report says of some paths.

    Args:
        report: on the whole tree.
        wanted: files and folders, from the tree's root; the root itself is ``""``.
        known: all paths of the tree.
    """
    from coreline.boundary.grade import grade_of, is_kept
    from coreline.boundary.ownership import is_under
    from coreline.boundary.reasons import reasons

    folders = list(wanted)

    def is_chosen(path: str) -> bool:
        return "" in folders or is_under(path, folders)

    findings = tuple(one for one in report.findings if is_chosen(one.path))
    unknown = tuple(one for one in report.coverage.not_analyzed if is_chosen(one.path))
    number = sum(is_chosen(path) for path in known)
    coverage = replace(report.coverage, analyzed=number - len(unknown), not_analyzed=unknown)
    return replace(
        report,
        grade=grade_of(findings),
        kept=is_kept(report.promise, findings),
        findings=findings,
        coverage=coverage,
        reasons=reasons(report.promise, findings),
        notes=(),
    )


def _inside(ctx: Context, path: str) -> str:
    """Return a path as the tree has it.

    Raises:
        InputError: it lies outside (``path-outside``).
    """
    # Links are not followed: a link is a file of the tree like any other.
    here = os.path.normpath(ctx.started.absolute() / path)
    top = os.path.normpath(ctx.folder.absolute())
    inside = os.path.relpath(here, top)
    if inside == os.curdir:
        return ""
    if inside == os.pardir or inside.startswith(os.pardir + os.sep):
        raise InputError(
            "path-outside",
            f"{path} lies outside of {top}, where the manifest is.",
            "Name a path below the manifest, or run check where it belongs.",
        )
    return inside.replace(os.sep, "/")
