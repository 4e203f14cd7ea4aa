# SPDX-License-Identifier: Apache-2.0
"""Files that were the core's and are the wrap's: moved, copied, or given over where they lie."""

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal

from coreline.boundary.ratchet.model import Left, State
from coreline.manifest.model import MANIFEST_NAME

SIZE_MIN = 120
"""A shorter content (an empty ``__init__.py``, a line of configuration) is anybody's."""
ALONE_MAX = 8
"""More files that left one folder for another are told in one sentence."""
_COPY = "Let the wrap use the core's, or write down why not: a decision record that names the path."
_MOVE = "Give it back to the core, or write down why not: a decision record that names the path."


def left_by_files(
    before: State, after: State, renamed: Iterable[tuple[str, str, int]]
) -> Iterator[Left]:
    """Yield the files that left the core, those of one folder together.

    Args:
        before: the earlier state.
        after: the later state.
        renamed: files that were moved and edited, as git finds them: the path before and after,
            and how much of it is the same, in percent.
    """
    given = [
        (path, path)
        for path in before.blobs
        if path in after.blobs and before.is_core(path) and after.is_wrap(path)
    ]
    yield from _grouped(given, "was given to the wrap where it lies", "manifest")
    moved, copied = _by_content(before, after)
    gone = {old for old, _ in moved}
    edited = {
        (old, new): share
        for old, new, share in renamed
        if old not in gone and old not in after.blobs
        if before.is_core(old) and after.is_wrap(new) and _counts(before, old)
    }
    yield from _grouped(moved, "was moved to the wrap", "removed")
    yield from _grouped(edited, "was moved to the wrap and edited", "removed")
    yield from _grouped(copied, "was copied to the wrap, and is in the core as well", "added")


def _by_content(before: State, after: State) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the files whose very content is new in a wrap: moved there, and copied there."""
    places: dict[str, list[str]] = defaultdict(list)
    for path, blob in after.blobs.items():
        if path not in before.blobs and after.is_wrap(path):
            places[blob].append(path)
    there = {blob for path, blob in after.blobs.items() if after.is_core(path)}
    # What a wrap had as well was no loss.
    shared = {blob for path, blob in before.blobs.items() if before.is_wrap(path)}
    moved: list[tuple[str, str]] = []
    copied: list[tuple[str, str]] = []
    for path, blob in before.blobs.items():
        is_new = blob in places and blob not in shared
        if is_new and before.is_core(path) and _counts(before, path):
            kind = copied if blob in there else moved
            kind.append((path, places[blob][0]))
    return moved, copied


def _counts(state: State, path: str) -> bool:
    return state.sizes.get(state.blobs[path], SIZE_MIN) >= SIZE_MIN


_ShownBy = Literal["manifest", "removed", "added"]


def _grouped(pairs: Iterable[tuple[str, str]], said: str, shown_by: _ShownBy) -> Iterator[Left]:
    """Yield one for each file that left; for each folder, where many left it together."""
    folders: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for old, new in pairs:
        folders[posixpath.dirname(old), posixpath.dirname(new)].append((old, new))
    alone = [[pair] for some in folders.values() if len(some) <= ALONE_MAX for pair in some]
    together = [some for some in folders.values() if len(some) > ALONE_MAX]
    for some in sorted([*alone, *together]):
        old, new = some[0]
        source, target = posixpath.dirname(old), posixpath.dirname(new)
        what = old if len(some) == 1 else f"{len(some)} files of {source or 'the top'}/"
        where = "" if old == new else f": {new if len(some) == 1 else (target or '.') + '/'}"
        verb = said if len(some) == 1 else said.replace("was ", "were ", 1)
        yield Left(
            message=f"{what} {verb}{where}.",
            hint=_COPY if shown_by == "added" else _MOVE,
            path=new,
            names=tuple(path for path, _ in some),
            about=(*(path for path, _ in some), *_above(old)),
            touched=_touched(some[:50], shown_by),
            shown_by=shown_by,
        )


def _touched(pairs: Iterable[tuple[str, str]], shown_by: _ShownBy) -> tuple[str, ...]:
    """Return the files whose changes show when these left."""
    if shown_by == "manifest":
        return (MANIFEST_NAME,)
    return tuple(old if shown_by == "removed" else new for old, new in pairs)


def _above(path: str) -> Iterator[str]:
    """Yield the folders above a path that a record may name; the highest alone says too little."""
    folder = posixpath.dirname(path)
    while "/" in folder:
        yield folder
        folder = posixpath.dirname(folder)
