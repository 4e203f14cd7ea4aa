# SPDX-License-Identifier: Apache-2.0
"""``MANIFEST.in``: what a source distribution of the core takes along of a wrap.

Setuptools warns where nothing matches and goes on, so what is included is a mention. What is
excluded or pruned is no reference.
"""

import re

from coreline.boundary.builds.resolving import resolver
from coreline.boundary.builds.words import all_hits, as_path, in_order, reference, value_at
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import EMPTY, FileFacts
from coreline.boundary.text import Lines

_INCLUDING = re.compile(rb"^\s*(include|recursive-include|global-include|graft)\b")


def _extract(source: Source) -> FileFacts:
    hits, _ = all_hits(source)
    if not hits:
        return EMPTY
    lines = Lines(source.data)
    found = []
    for hit in hits:
        start = source.data.rfind(b"\n", 0, hit[0]) + 1
        if _INCLUDING.match(source.data[start : hit[0]]):
            at, text = value_at(source.data, hit)
            found.append(reference(lines, at, as_path(text), needed=False))
    return FileFacts(references=in_order(found))


LANGUAGE = Language(
    name="manifest-in",
    sentence="What a source distribution of the core takes along of a wrap.",
    version=1,
    extract=_extract,
    examples=(
        Example("graft ee\n", (("build", None, "ee/", ()),)),
        Example("recursive-include ee/x *.html\n", (("build", None, "ee/x", ()),)),
        Example("prune ee\nexclude ee/x\n# include ee/x\n"),
    ),
    filenames=("manifest.in",),
    always=True,
    resolver=resolver,
)
