# SPDX-License-Identifier: Apache-2.0
"""Makefiles and justfiles: what the targets that a build of the core needs take from a wrap."""

import re
from bisect import bisect_right

from coreline.boundary.builds.commands import Commands
from coreline.boundary.builds.makefiles import Makefile, Row
from coreline.boundary.builds.pieces import Piece
from coreline.boundary.builds.words import all_hits
from coreline.boundary.extension import Example, Language, Source
from coreline.boundary.facts import EMPTY, FileFacts

_JUST = re.compile(
    rb"(?m)^(?:set [\w-]+ *:=|alias \w+ *:=|\[(?:private|group)|mod\??\s+\w|import\??\s+['\"])|\{\{"
)
_PREFIX = re.compile(rb"^[ \t]*([@+-]*)[ \t]*")


def _extract(source: Source) -> FileFacts:
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


LANGUAGE = Language(
    name="makefile",
    sentence="What the targets of make and just take from a wrap, and which targets need it.",
    version=1,
    extract=_extract,
    examples=(
        Example("all:\n\t$(PIP) install -e ../ee/x\n", (("build", None, "../ee/x", ()),)),
        Example(
            "all: a\na:\n\tcp ee/x y\nb:\n\tcp ee/z y\n",
            (("build", None, "ee/x", ()), ("build", "target b", "ee/z", ())),
        ),
        Example("DIRS = src ee/src\ntest:\n\tpytest $(DIRS)\n", (("build", None, "ee/src", ()),)),
        Example(
            "-include ee/x.mk\ninclude ee/y.mk\n",
            (
                ("build", "try", "ee/x.mk", ()),
                ("build", None, "ee/y.mk", ()),
            ),
        ),
        Example("ifdef EE\ninclude ee/x.mk\nendif\n", (("build", "flag EE", "ee/x.mk", ()),)),
        Example("all:\n\t-cp ee/x y\n\t@echo ee/x\n# ee/x\n", (("build", "try", "ee/x", ()),)),
        Example("set shell := ['bash']\nbuild:\n  make -C ee\n", (("build", None, "ee/", ()),)),
    ),
    suffixes=frozenset([".mk", ".mak"]),
    filenames=("makefile", "makefile.*", "gnumakefile", "justfile", ".justfile"),
    always=True,
)
