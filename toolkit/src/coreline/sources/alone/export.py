# SPDX-License-Identifier: Apache-2.0
"""Files of a tree written into a fresh folder, and nothing outside of it.

A tree can be hostile: names that lead out, links that do, a link where a folder should be. Files
are written first, into folders made here; links come last, and only those that stay inside, by
their text and by where they end once all links are there.
"""

import os
import posixpath
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from coreline.sources.tree import Entry, SourceTree


class LeftOut(NamedTuple):
    """A file that was not written, and why."""

    path: str
    reason: str


def export(tree: SourceTree, entries: Iterable[Entry], folder: Path) -> list[LeftOut]:
    """Write some files of a tree into a folder and return those that could not be.

    Args:
        tree: reads the files.
        entries: the files.
        folder: empty; made by the caller.
    """
    left: list[LeftOut] = []
    links: list[tuple[str, bytes]] = []
    for content in tree.read(entries):
        path, kind = content.entry.path, content.entry.kind
        if content.data is None:
            left.append(LeftOut(path, content.reason))
        elif not _is_inside(path):
            left.append(LeftOut(path, "its name leads out of the folder"))
        elif kind == "link":
            links.append((path, content.data))
        else:
            left += _write(folder, path, content.data, is_executable=kind == "executable")
    for path, target in links:
        left += _link(folder, path, os.fsdecode(target))
    return left + _unlink_leading_out(folder, [path for path, _ in links])


def _unlink_leading_out(folder: Path, paths: Iterable[str]) -> list[LeftOut]:
    """Take away the links that other links lead out: a/b where a is a link and b says ``..``."""
    top = os.path.realpath(folder)
    made = [path for path in paths if (folder / path).is_symlink()]
    ends = {path: os.path.realpath(folder / path) for path in made}
    out = [path for path in made if posixpath.commonpath([top, ends[path]]) != top]
    for path in out:
        (folder / path).unlink()
    return [LeftOut(path, "a link that other links lead out of the core") for path in out]


def _is_inside(path: str) -> bool:
    parts = path.split("/")
    is_plain = all(part not in ("", ".", "..") for part in parts)
    return is_plain and "\0" not in path and parts[0].lower() != ".git"


def _write(folder: Path, path: str, data: bytes, *, is_executable: bool) -> list[LeftOut]:
    place = folder / path
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        if is_executable:
            place.chmod(0o755)
    except OSError as error:
        return [LeftOut(path, f"cannot be written: {error.strerror}")]
    return []


def _link(folder: Path, path: str, target: str) -> list[LeftOut]:
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    if target.startswith("/") or joined == ".." or joined.startswith("../"):
        return [LeftOut(path, f"a link that leads out of the core: {target}")]
    try:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).symlink_to(target)
    except OSError as error:
        return [LeftOut(path, f"cannot be written: {error.strerror}")]
    return []
