# SPDX-License-Identifier: Apache-2.0
"""The walk over the hits of one file, and what is said of those that cannot be understood."""

from collections.abc import Callable
from itertools import islice

from tree_sitter import Tree

from coreline.boundary.extension import Source
from coreline.boundary.facts import Trouble
from coreline.boundary.syntax import Path, path_to
from coreline.boundary.text import Lines

HITS_MAX = 5000
"""More hits in one file are not looked at: the file is reported as not analyzed."""


class Hits:
    """The places of one file where names of a wrap stand.

    Args:
        source: the file.
        tree: its syntax.
    """

    def __init__(self, source: Source, tree: Tree) -> None:
        self._source = source
        self._tree = tree
        self.lines = Lines(source.data)
        self.trouble: Trouble | None = None

    def each(self, take: Callable[[Path, int], None]) -> None:
        """Hand over the nodes around each hit, and the offset of the hit."""
        for start, end in islice(self._source.hits, HITS_MAX):
            path = path_to(self._tree, start, end)
            if path is None:
                self.confess(start, "nested too deeply around a name of a wrap")
            else:
                take(path, start)
        if len(self._source.hits) > HITS_MAX:
            self.confess(0, f"more than {HITS_MAX:,} places name a wrap")

    def confess(self, offset: int, reason: str) -> None:
        """Note what could not be understood; the first of it is what a report says."""
        if self.trouble is None:
            self.trouble = Trouble(self.lines.place(offset).line, reason)
