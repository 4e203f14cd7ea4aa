# SPDX-License-Identifier: Apache-2.0
"""Makefiles and justfiles: what the targets that a build of the core needs take from a wrap."""

import re
from bisect import bisect_right

from coreline.boundary.builds.commands import Commands
from coreline.boundary.builds.makefiles import Makefile, Row
from coreline.boundary.builds.pieces import Piece
from coreline.boundary.builds.words import all_hits
from coreline.boundary.extension import Source
from coreline.boundary.facts import EMPTY, FileFacts

_JUST = re.compile(
    rb"(?m)^(?:set [\w-]+ *:=|alias \w+ *:=|\[(?:private|group)|mod\??\s+\w|import\??\s+['\"])|\{\{"
)
_PREFIX = re.compile(rb"^[ \t]*([@+-]*)[ \t]*")


def extract(source: Source) -> FileFacts:
    """Return the facts of a Makefile or a justfile."""
    hits, bare = all_hits(source)
    if not hits:
        return EMPTY
    is_just = b"\n\t" not in source.data and _JUST.search(source.data) is not None
    makefile = Makefile(source.data, is_just=is_just)
    commands = Commands(source, hits, bare)
    for row in makefile.rows:
        if row.kind == "recipe":
            _recipe(row, makefile, commands)
    starts = [row.start for row in makefile.rows]
    for hit in hits:
        index = bisect_right(starts, hit[0]) - 1
        if index >= 0 and hit[0] < makefile.rows[index].end:
            _other(makefile.rows[index], hit, makefile, commands)
    return FileFacts(references=commands.references(), settings=tuple(commands.copies))


def _recipe(row: Row, makefile: Makefile, commands: Commands) -> None:
    data = commands.data[row.start : row.end]
    prefix = _PREFIX.match(data)
    start = prefix.end() if prefix else 0
    # make hands on $$ as $; a recipe whose first sign is - may fail.
    text = data[start:].replace(b"$$", b" $")
    forgiven = "try" if prefix is not None and b"-" in prefix[1] else None
    guard = makefile.guard(row) or forgiven
    is_reached = not (guard or "").startswith("target ")
    commands.read(Piece(text, row.start + start, guard, needed=is_reached))


def _other(row: Row, hit: tuple[int, int], makefile: Makefile, commands: Commands) -> None:
    guard = makefile.guard(row)
    if row.kind in ("recipe", "comment"):
        return
    if row.kind == "include":
        optional = row.name.startswith(("-", "s")) or row.name.endswith("?")
        commands.take_word(hit, guard or ("try" if optional else None))
    elif row.kind == "assignment":
        _assigned(row, hit, makefile, commands)
    elif row.kind == "rule" and b":" in commands.data[row.start : hit[0]]:
        commands.take_word(hit, guard, needed=not (guard or "").startswith("target "))
    else:
        commands.mention(hit, guard)


def _assigned(row: Row, hit: tuple[int, int], makefile: Makefile, commands: Commands) -> None:
    before = commands.data[row.start : hit[0]]
    if re.search(rb"\$\(wildcard [^()]*$", before):
        commands.mention(hit, "probe")
    else:
        commands.assign(row.name, hit, row.guard)
