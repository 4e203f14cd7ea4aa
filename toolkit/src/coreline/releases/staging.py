# SPDX-License-Identifier: Apache-2.0
"""The files that a build sees: exported from a commit, with modes and times that never differ."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from coreline.errors import InputError, OutsideError
from coreline.sources.alone.export import LeftOut, export
from coreline.sources.git import Git
from coreline.sources.tree import Content, Entry

Cut = Callable[[str, bytes], bytes | None]
"""Takes a file, path and content, to what a build may see of it; None where that is unknown."""


class Whole:
    """The files of a commit, of any size: what an artifact is made from must not lack one.

    Args:
        git: the repository.
        commit: its id.
        cut: applied to each file.
    """

    space = "g"

    def __init__(self, git: Git, commit: str, cut: Cut) -> None:
        self.label = commit
        self._git = git
        self._cut = cut

    def entries(self) -> list[Entry]:
        """List nothing: whoever exports says what."""
        return []

    def read(self, entries: Iterable[Entry]) -> Iterator[Content]:
        """Yield each content.

        Raises:
            OutsideError: this clone lacks one (``build-blob-missing``).
        """
        wanted = list(entries)
        objects = self._git.objects(one.blob or "" for one in wanted if one.kind != "submodule")
        for entry in wanted:
            if entry.kind == "submodule":
                yield Content(entry, None, "a submodule: its files are in another repository")
                continue
            data = next(objects).data
            if data is None:
                raise OutsideError(
                    "build-blob-missing",
                    f"The content of {entry.path} is missing from this clone.",
                    "Fetch it: git fetch --refetch, or build in a full clone.",
                )
            left = data if entry.kind == "link" else self._cut(entry.path, data)
            yield Content(
                entry, left, "" if left is not None else "no build may see its regions of a wrap"
            )


def stage(source: Whole, entries: Iterable[Entry], folder: Path, epoch: int) -> list[LeftOut]:
    """Export files, and settle what no content decides: modes and times.

    Args:
        source: reads the files.
        entries: the files.
        folder: made here.
        epoch: the time that every file gets, in seconds since 1970.
    """
    folder.mkdir(parents=True)
    left = export(source, entries, folder)
    broken = [one for one in left if one.reason.startswith("cannot be written")]
    if broken:
        raise InputError(
            "build-export", f"{broken[0].path} {broken[0].reason}.", "Rename it, or its neighbor."
        )
    for where, _, files in os.walk(folder, topdown=False):
        for place in [Path(where, name) for name in files] + [Path(where)]:
            if not place.is_symlink():
                is_program = place.is_dir() or place.stat().st_mode & 0o100
                place.chmod(0o755 if is_program else 0o644)
                os.utime(place, (epoch, epoch))
    return left


def refuse_marked(marked: bytes, cut: Callable[[bytes], bytes | None], folder: str) -> Cut:
    """Return what keeps files as they are, but for one that marks a region of the wrap.

    In the package's folder it is refused. Elsewhere it is left out, so that it gets into no
    artifact either: a page that shows how regions are marked is no reason to build nothing.

    Args:
        marked: what a file with a region holds.
        cut: cuts regions, to know markers from text that only tells of them.
        folder: of the package, from the root; empty for all.
    """

    def unchanged(path: str, data: bytes) -> bytes | None:
        if marked in data and cut(data) not in (None, data):
            if folder and not path.startswith(f"{folder}/"):
                return None
            raise InputError(
                "build-regions-off",
                f"{path} marks a region of the wrap, and publish.regions is off: an artifact of "
                "the core would hold it.",
                "Write regions = true into [publish], or remove the markers.",
            )
        return data

    return unchanged
