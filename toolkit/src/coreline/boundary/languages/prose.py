# SPDX-License-Identifier: Apache-2.0
"""Prose: whatever it says about a wrap, it refers to nothing."""

from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import EMPTY, FileFacts


def _extract(_source: Source) -> FileFacts:
    return EMPTY


LANGUAGE = Language(
    name="prose",
    sentence="Documentation, which may speak of a wrap as much as it likes.",
    version=2,
    extract=_extract,
    examples=(Example("See `../ee/fleet.md`, or `import acme_ee`."),),
    suffixes=frozenset([".md", ".rst", ".adoc", ".txt", ".po"]),
    # Further down it is documentation that shows how others write theirs.
    header_line_max=12,
    filenames=("authors", "notice", "changelog", "changes", "readme"),
)
