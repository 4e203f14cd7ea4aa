# SPDX-License-Identifier: Apache-2.0
"""The page of one check, rendered from its examples: what is kept, what breaks it, what is said."""

import io
from collections.abc import Iterator, Mapping

from coreline.boundary.check import check as check_tree
from coreline.boundary.check import load_checks, load_formats
from coreline.boundary.extension import Check
from coreline.boundary.model import Report
from coreline.manifest.model import MANIFEST_NAME
from coreline.manifest.parse import parse_manifest
from coreline.sources.tree import MemoryTree

_LANGUAGES = {
    "cs": "csharp",
    "go": "go",
    "js": "javascript",
    "json": "json",
    "py": "python",
    "rb": "ruby",
    "toml": "toml",
    "ts": "typescript",
    "yml": "yaml",
}


def render(check: Check) -> str:
    """Return the page of a check, in Markdown."""
    return "".join(_parts(check))


def _parts(check: Check) -> Iterator[str]:
    yield "<!-- Written by docs/generate.py from the check's own examples: change it there. -->\n\n"
    yield f"# The check `{check.name}`\n\n{check.sentence}\n"
    yield "\n## Kept\n\nHere it finds nothing:\n"
    yield from _files(check.kept)
    yield "\n## Broken\n\n"
    yield f"Here it finds one thing, of the kind `{check.kind}`, in `{check.path}`:\n"
    yield from _files(check.broken, apart_from=check.kept)
    yield f"\n`coreline check` says\n\n```\n{_said(check)}```\n"
    yield f"\nHow a finding of `{check.name}` counts: [grades](../checks.md#grades).\n"


def _files(files: Mapping[str, str], apart_from: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield each file; those that were shown already are left out."""
    for path, text in files.items():
        if apart_from is not None and apart_from.get(path) == text:
            continue
        suffix = path.rpartition(".")[2]
        language = _LANGUAGES.get(suffix, "")
        shown = text.strip("\n")
        body = f"\n\n```{language}\n{shown}\n```\n" if shown else " is empty.\n"
        yield f"\n`{path}`{body}"


def _said(check: Check) -> str:
    """Return what the text format says of the broken example, by this check alone."""
    tree = MemoryTree(check.broken)
    report = check_tree(tree, parse_manifest(check.broken[MANIFEST_NAME]))
    out = io.StringIO()
    text = next(one for one in load_formats() if one.name == "text")
    text.write(_only(report, check), out, load_checks())
    return out.getvalue()


def _only(report: Report, check: Check) -> Report:
    from msgspec.structs import replace

    found = tuple(one for one in report.findings if one.check == check.name)
    return replace(report, findings=found, notes=())
