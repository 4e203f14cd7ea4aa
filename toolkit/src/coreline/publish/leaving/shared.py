# SPDX-License-Identifier: Apache-2.0
"""Contents that leave and that also lay in a wrap: a human decides about each once.

Moving a file over the line is right, copying one by accident is not, and only a human can tell.
What says nothing (empty and tiny files, license texts, package markers) is not asked about.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from coreline.publish.leaving.new import New
from coreline.publish.leaving.policy import Policy
from coreline.publish.leaving.wrap_contents import WrapContents

_TRIVIAL_BYTES = 64
# Markers of packages and folders say more only when they are longer than a header of a license.
_MARKERS = ("__init__.py", "py.typed", ".gitignore", ".gitkeep", ".keep", ".npmignore", "mod.rs")
_MARKER_BYTES = 512
_LICENSE = re.compile(
    r"(?:LICEN[SC]ES?|COPYING|NOTICE|UNLICENSE|COPYRIGHT)(?:[-_.][A-Z0-9][\w.+-]*)?"
    r"(?:\.(?:txt|md|rst))?|(?i:licen[sc]e|copying|notice)(?:\.(?:txt|md|rst))?"
)
"""Names of files that hold a license's text: no code is called so."""


class SharedContent(NamedTuple):
    """A content that leaves at a public path and lay in a wrap at another."""

    public: str
    wrap: str

    def __str__(self) -> str:
        if self.public == self.wrap:
            return f"{self.public} (it was a wrap's at some time)"
        return f"{self.public} (in a wrap: {self.wrap})"


def shared_contents(
    new: New, known: WrapContents, policy: Policy
) -> tuple[list[SharedContent], int]:
    """Return the shared contents that nobody decided about yet, by path, and how many others."""
    contents = [*new.contents, *new.noted]
    held = known.among(one.blob for one in contents)
    places: dict[bytes, list[str]] = {blob: [] for blob in held}
    for one in contents:
        if one.blob in held:
            places[one.blob].append(one.path)
    open_ = {blob: wrap for blob, wrap in held.items() if not any(map(policy.shared, places[blob]))}
    decided = len(held) - len(open_)
    asked: dict[str, SharedContent] = {}
    for found, (blob, wrap) in zip(new.read(open_), open_.items(), strict=True):
        paths = list(dict.fromkeys(places[blob]))
        if not _is_trivial(found.data, [*paths, wrap]):
            for path in paths:
                asked.setdefault(path, SharedContent(path, wrap))
    return [asked[path] for path in sorted(asked)], decided


def _is_trivial(data: bytes | None, paths: Iterable[str]) -> bool:
    if data is None:
        return False
    names = [path.rpartition("/")[2] for path in paths]
    if len(data) < _TRIVIAL_BYTES or all(map(_LICENSE.fullmatch, names)):
        return True
    return len(data) < _MARKER_BYTES and all(name in _MARKERS for name in names)
