# SPDX-License-Identifier: Apache-2.0
"""``coreline check ARTIFACT…``: what is shipped, held against the line of the repository."""

import sys
from pathlib import Path

from coreline.cli.checking.options import Options, format_named
from coreline.cli.checking.tree import manifest_of
from coreline.cli.context import Context
from coreline.errors import ExitCode, InputError


def are_artifacts(ctx: Context, options: Options) -> bool:
    """Whether the paths of a command line name artifacts, and not files of the repository.

    Raises:
        InputError: some do and some do not (``artifacts-and-paths``).
    """
    # What is looked into is loaded only where a name may be an artifact's.
    if not any(_may_be(ctx.started / path) for path in options.paths):
        return False
    from coreline.sources.artifact import find_artifact

    found = [find_artifact(ctx.started / path, path) is not None for path in options.paths]
    if any(found) and not all(found):
        other = options.paths[found.index(False)]
        raise InputError(
            "artifacts-and-paths",
            f"{other} is no artifact, and others of the paths are.",
            "Check artifacts and files of the repository one after the other.",
        )
    return all(found)


def _may_be(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES or (path / "oci-layout").is_file()


_SUFFIXES = frozenset(
    [
        *(".whl", ".gz", ".bz2", ".xz", ".tar", ".tbz2", ".txz", ".tgz", ".gem", ".jar", ".war"),
        *(".ear", ".zip", ".nupkg", ".snupkg", ".crate", ".oci"),
    ]
)


def run(ctx: Context, options: Options) -> int:
    """Check the artifacts, write the report, and return the exit code."""
    from coreline.boundary.artifacts.judging import CHECK
    from coreline.boundary.artifacts.reporting import report_artifacts
    from coreline.boundary.artifacts.repository import Repository
    from coreline.boundary.check import load_checks
    from coreline.sources.artifact import find_artifact
    from coreline.sources.cache import open_cache

    chosen = format_named(options.format_name)
    folder = ctx.folder_of(at=options.at, staged=options.staged)
    cache = open_cache(folder) if options.cached else None
    tree = ctx.tree(at=options.at, staged=options.staged)
    parsed = manifest_of(ctx, tree, staged=options.staged)
    found = (find_artifact(ctx.started / path, path) for path in options.paths)
    report = report_artifacts(
        (one for one in found if one is not None), Repository(tree, parsed, cache)
    )
    chosen.write(report, sys.stdout, [CHECK, *load_checks()])
    return int(ExitCode.KEPT if report.kept else ExitCode.BROKEN)
