# SPDX-License-Identifier: Apache-2.0
"""The claims at the head: a file there that no side claims, or that claims tie on, stops publish.

A new folder that nobody thought of must neither leak nor be lost without a word. In older commits
such files are only left out: nobody can claim them there any more.
"""

from collections.abc import Sequence

from coreline.errors import InputError
from coreline.manifest.claims import Claim, Line
from coreline.publish.folders import Folders
from coreline.publish.head_guard import refuse_disguised
from coreline.publish.plain import PlainTrees
from coreline.publish.private import Reader
from coreline.publish.recipe.regions import without_regions
from coreline.sources.objects import parse_row, tree_rows

_SHOWN_MAX = 5


def find_unclaimed(
    tree: bytes, line: Line, read: Reader, plain: PlainTrees | None = None
) -> list[str]:
    """Return the paths of a whole tree that have no side, in order.

    Args:
        tree: of the commit at the head.
        line: today's claims.
        read: the private repository's objects.
        plain: folders that were looked through before; grows.

    Raises:
        InputError: what is core there only passes for it, or leads out of it
            (``publish-look-alike`` and others, see ``head_guard``).
    """
    plain = PlainTrees() if plain is None else plain
    refuse_disguised(tree, line, read, plain)
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
                elif folders.extent(path) in ("mixed", "closed") and not plain.has(
                    path, entry.target
                ):
                    below.append((path, entry.target))
        open_folders = below
    return sorted(found)


def find_malformed(tree: bytes, line: Line, read: Reader) -> list[str]:
    """Return the files of the core in a whole tree whose region markers do not fit together."""
    folders = Folders(line)
    found: list[str] = []
    places = [("", tree)]
    while places:
        below: list[tuple[str, bytes]] = []
        files: list[tuple[str, bytes]] = []
        for (folder, _), data in zip(places, read(name for _, name in places), strict=True):
            for entry in map(parse_row, tree_rows(data)):
                path = f"{folder}/{entry.name}" if folder else entry.name
                if entry.is_folder:
                    if folders.extent(path) in ("core", "mixed"):
                        below.append((path, entry.target))
                elif not (entry.is_link or entry.is_submodule) and line.side(path) == "core":
                    files.append((path, entry.target))
        contents = read(name for _, name in files)
        found += (
            path
            for (path, _), data in zip(files, contents, strict=True)
            if without_regions(data) is None
        )
        places = below
    return sorted(found)


def refuse_malformed(paths: list[str]) -> None:
    """Stop where files at the head have region markers that do not fit together.

    Raises:
        InputError: with the paths (``publish-region-malformed``).
    """
    if paths:
        shown = ", ".join(paths[:_SHOWN_MAX])
        more = f" and {len(paths) - _SHOWN_MAX} more" if len(paths) > _SHOWN_MAX else ""
        raise InputError(
            "publish-region-malformed",
            f"The markers of regions do not fit together in {shown}{more}.",
            "Let each coreline:wrap-begin be followed by a coreline:wrap-end, each alone in its "
            "line; other text must not hold coreline:wrap-.",
        )


def refuse_unclaimed(paths: list[str], branches: Sequence[str] = ()) -> None:
    """Stop where the head has files without a side.

    Args:
        paths: the files.
        branches: whose head it is, where several are published.

    Raises:
        InputError: with the paths (``publish-unclaimed``).
    """
    if not paths:
        return
    shown = ", ".join(paths[:_SHOWN_MAX])
    more = f" and {len(paths) - _SHOWN_MAX} more" if len(paths) > _SHOWN_MAX else ""
    of = f" of {', '.join(branches)}" if branches else ""
    verb = "file has" if len(paths) == 1 else "files have"
    raise InputError(
        "publish-unclaimed",
        f"{len(paths)} {verb} no side at the head{of}: {shown}{more}.",
        "Claim them in coreline.toml; coreline explain PATH says what claims a path.",
    )
