# SPDX-License-Identifier: Apache-2.0
"""Marked regions that nobody leaves out: what is new in public must not hold them by mistake.

Whoever marks ``coreline:wrap-begin`` means that the public shall not see what follows. Where the
manifest does not say ``publish.regions``, it would. Only files that differ from what is public
already are read, so a publish costs what it adds.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from coreline.errors import InputError, OutsideError
from coreline.publish.recipe.regions import MARK, without_regions
from coreline.sources.git import Git
from coreline.sources.objects import parse_commit, parse_row, tree_rows

Read = Callable[[Iterable[bytes]], Iterator[bytes]]
_Place = tuple[str, bytes, bytes | None]


def refuse_marked(
    before: bytes | None, after: bytes, read: Read, public: Git | None = None
) -> None:
    """Look through what differs between two public commits.

    Args:
        before: what is public; None where nothing is.
        after: what would be.
        read: reads both.
        public: holds both, too; where nothing is public yet, git searches the whole tree itself.

    Raises:
        InputError: a file holds a region (``publish-regions-off``).
    """
    if before is None and public is not None and _holds_no_mark(after, public):
        return
    old = None if before is None else parse_commit(next(read([before]))).tree
    files = dict(_differing(old, parse_commit(next(read([after]))).tree, read))
    # A partial clone lacks contents; the push then says so, and nothing leaves.
    with suppress(OutsideError):
        _refuse(files, read)


def _holds_no_mark(commit: bytes, public: Git) -> bool:
    """Whether git read every file of a commit and found no marker in any, text or not."""
    found = public.attempt(
        "grep", "-q", "-a", "-F", "--threads=1", "--no-recurse-submodules",
        "-e", MARK.decode(), commit.hex(), "--",
    )  # fmt: skip
    # What could not be read is said, and is read once more below.
    return found.returncode == 1 and not found.stderr


def _refuse(files: dict[bytes, str], read: Read) -> None:
    for (name, path), data in zip(files.items(), read(files), strict=True):
        # Text that only tells of markers is none: it gives the file back as it is, or nothing.
        if MARK in data and without_regions(data) not in (None, data):
            raise InputError(
                "publish-regions-off",
                f"{path} marks a region of the wrap ({name.hex()[:12]}), and publish.regions is "
                "off: all of it would be public.",
                "Write regions = true into [publish], or remove the markers.",
            )


def _differing(old: bytes | None, new: bytes, read: Read) -> Iterator[tuple[bytes, str]]:
    """Yield the files of a tree, by id, that another one does not have in the same place."""
    places: list[_Place] = [] if old == new else [("", new, old)]
    while places:
        contents = read(tree for _, tree, _ in places)
        others = read(tree for _, _, tree in places if tree is not None)
        below: list[_Place] = []
        found = [tree_rows(data) for data in contents]
        olds = [tree_rows(next(others)) if tree is not None else [] for _, _, tree in places]
        for (folder, _, _), rows, known in zip(places, found, olds, strict=True):
            same = set(known)
            by_name = {parse_row(row).name: parse_row(row) for row in known}
            for entry in (parse_row(row) for row in rows if row not in same):
                path = f"{folder}{entry.name}"
                if entry.is_folder:
                    other = by_name.get(entry.name)
                    target = other.target if other is not None and other.is_folder else None
                    below.append((f"{path}/", entry.target, target))
                elif not (entry.is_link or entry.is_submodule):
                    yield entry.target, path
        places = below
