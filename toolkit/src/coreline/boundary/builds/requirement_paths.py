# SPDX-License-Identifier: Apache-2.0
"""Paths in requirements files of pip (its "requirements file format"): pip stops without them."""

import re

from coreline.boundary.builds.words import all_hits, as_path, reference, value_at
from coreline.boundary.extension import Source
from coreline.boundary.facts import Reference
from coreline.boundary.text import Lines

_OPTION = re.compile(
    rb"^\s*(?:-e|--editable|-r|--requirement|-c|--constraint|-f|--find-links)[\s=]*[\"']?$"
)
_PATH = re.compile(rb"^\s*(?:[\w.\[\],-]+\s*@\s*)?(?:file:|\.{0,2}/)")
_OPTIONS = re.compile(rb"^\s*(?:-[ercf]\b|--(?:editable|requirement|constraint|find-links)\b)")


def paths(source: Source) -> list[Reference]:
    """Return what a requirements file installs, includes or looks in by its path."""
    hits, bare = all_hits(source)
    lines = Lines(source.data)
    found = []
    for hit in hits:
        start = source.data.rfind(b"\n", 0, hit[0]) + 1
        before = source.data[start : hit[0]]
        if b"#" in before:
            continue
        is_alone = hit[0] in bare
        if _OPTION.match(before) or (
            not is_alone and (_OPTIONS.match(before) or _PATH.match(before))
        ):
            at, text = value_at(source.data, hit)
            found.append(reference(lines, at, as_path(text)))
    return found
