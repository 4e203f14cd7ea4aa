# SPDX-License-Identifier: Apache-2.0
"""The claims at the head: a file there that no side claims, or that claims tie on, stops publish.

A new folder that nobody thought of must neither leak nor be lost without a word. In older commits
such files are only left out: nobody can claim them there any more.
"""

from coreline.errors import InputError
from coreline.manifest.claims import Claim, Line
from coreline.publish.folders import Folders
from coreline.publish.private import Reader
from coreline.sources.objects import parse_row, tree_rows

_SHOWN_MAX = 5


def find_unclaimed(tree: bytes, line: Line, read: Reader) -> list[str]:
    """Return the paths of a whole tree that have no side, in order.

    Folders that are wholly claimed are not read.
    """
    folders = Folders(line)
    found: list[str] = []
    open_folders = [("", tree)]
    while open_folders:
        below: list[tuple[str, bytes]] = []
        contents = read(name for _, name in open_folders)
        for (folder, _), data in zip(open_folders, contents, strict=True):
            for entry in map(parse_row, tree_rows(data)):
                path = f"{folder}/{entry.name}" if folder else entry.name
                if not entry.is_folder:
                    if not isinstance(line.claim(path), Claim):
                        found.append(path)
                elif folders.extent(path) in ("mixed", "closed"):
                    below.append((path, entry.target))
        open_folders = below
    return sorted(found)


def refuse_unclaimed(paths: list[str]) -> None:
    """Stop where the head has files without a side.

    Raises:
        InputError: with the paths (``publish-unclaimed``).
    """
    if not paths:
        return
    shown = ", ".join(paths[:_SHOWN_MAX])
    more = f" and {len(paths) - _SHOWN_MAX} more" if len(paths) > _SHOWN_MAX else ""
    verb = "file has" if len(paths) == 1 else "files have"
    raise InputError(
        "publish-unclaimed",
        f"{len(paths)} {verb} no side at the head: {shown}{more}.",
        "Claim them in coreline.toml; coreline explain PATH says what claims a path.",
    )
