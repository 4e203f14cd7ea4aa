# SPDX-License-Identifier: Apache-2.0
"""Writes the reference pages from the code, or says which of them differ (``--check``)."""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

REFERENCE = Path(__file__).parent / "reference"


def pages() -> dict[str, Callable[[], str]]:
    """Return each generated page and what renders it."""
    from coreline.boundary.artifacts.reference import render as artifacts
    from coreline.boundary.check import load_checks
    from coreline.boundary.check_page import render as check_page
    from coreline.boundary.reference import render as checks
    from coreline.boundary.spdx.reference import render as licenses
    from coreline.cli.error_reference import render as errors
    from coreline.cli.reference import render as commands
    from coreline.manifest.reference import render as manifest
    from coreline.manifest.schema import schema
    from coreline.proposal.reference import render as signals

    of_checks = {f"checks/{one.name}.md": partial(check_page, one) for one in load_checks()}
    return {
        **of_checks,
        "artifacts.md": artifacts,
        "checks.md": checks,
        "commands.md": commands,
        "errors.md": errors,
        "licenses.md": licenses,
        "manifest.md": manifest,
        "signals.md": signals,
        "coreline.schema.json": lambda: json.dumps(schema(), indent=2) + "\n",
    }


def main(arguments: list[str]) -> int:
    """Write the pages; with ``--check`` only compare. Returns the exit code of the process."""
    differing: list[str] = []
    for name, render in pages().items():
        path = REFERENCE / name
        text = render()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        differing.append(name)
        if "--check" not in arguments:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if differing and "--check" in arguments:
        print(f"docs/reference differs from the code: {', '.join(differing)}. Run `make fix`.")
        return 1
    print(f"docs/reference: {len(pages())} pages, {len(differing)} written.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
