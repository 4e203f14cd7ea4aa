# SPDX-License-Identifier: Apache-2.0
"""Regions of files of the core that are the wrap's: from one marked line to another.

A marker stands alone in its line, whatever the comment characters around it::

    # coreline:wrap-begin
    ENTERPRISE = True
    # coreline:wrap-end

Where a file's markers do not fit together, nothing of it is published: half a region may be
the half that nobody should read.
"""

import re

MARK = b"coreline:wrap-"
"""A file without it has no region; what else holds it must be a marker."""

_MARKER = re.compile(rb"^[^\w\r\n]*coreline:wrap-(begin|end)(?:[ \t]+[\w-]+)?[^\w\r\n]*\r?$")


def without_regions(data: bytes) -> bytes | None:
    """Return a file without its regions, markers included.

    None where the markers do not fit together: one without the other, one in the other, or a text
    that looks like a marker and is none.
    """
    if MARK not in data:
        return data
    kept: list[bytes] = []
    is_inside = False
    for line in data.split(b"\n"):
        if MARK not in line:
            if not is_inside:
                kept.append(line)
            continue
        match = _MARKER.match(line)
        if match is None or (match[1] == b"begin") == is_inside:
            return None
        is_inside = not is_inside
    if is_inside:
        return None
    return b"\n".join(kept)
