# SPDX-License-Identifier: Apache-2.0
"""Shell scripts: what their commands take from a wrap, and under which guard."""

from coreline.boundary.builds.commands import Commands
from coreline.boundary.builds.pieces import Piece
from coreline.boundary.builds.words import all_hits
from coreline.boundary.extension import Source
from coreline.boundary.facts import EMPTY, FileFacts


def extract(source: Source) -> FileFacts:
    """Return the facts of a shell script."""
    hits, bare = all_hits(source)
    if not hits:
        return EMPTY
    commands = Commands(source, hits, bare)
    commands.read(Piece(source.data, 0))
    return FileFacts(references=commands.references(), settings=tuple(commands.copies))
