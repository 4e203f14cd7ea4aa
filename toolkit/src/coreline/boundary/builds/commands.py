# SPDX-License-Identifier: Apache-2.0
"""Shell commands: what they take from a wrap, and under which guard.

Shell stands in scripts, in ``RUN`` of a Dockerfile, in recipes of a Makefile and in steps of CI;
all of it comes here, with its place in the file.
"""

from collections.abc import Iterator, Sequence

from tree_sitter import Node, Tree

from coreline.boundary.builds.conditions import Conditions
from coreline.boundary.builds.pieces import Piece, innermost, use_of, words_of
from coreline.boundary.builds.tools import (
    COPYING,
    SHELLS,
    SILENT,
    WRAPPERS,
    is_left_out,
    is_taken,
    tool_of,
)
from coreline.boundary.builds.words import (
    as_path,
    in_order,
    mentions,
    part_at,
    reference,
    value_at,
)
from coreline.boundary.extension import Source
from coreline.boundary.facts import Reference, Setting
from coreline.boundary.overlaying import COPY
from coreline.boundary.syntax import parse, path_to, text_of
from coreline.boundary.text import Lines

_NESTED_MAX = 3
_ASSIGNED_MAX = 100
_HITS_MAX = 1_000
"""Hits of one file that are looked at closely; a script of more says nothing new."""
_WORDS_MAX = 500
"""Words of one command; one of more is a list of files."""


class Commands:
    """Reads the commands of one file.

    Args:
        source: the file.
        hits: where names of a wrap stand, words alone included, in order.
        bare: the beginnings of those that are words alone; they count only where a path does.
    """

    def __init__(self, source: Source, hits: Sequence[tuple[int, int]], bare: set[int]) -> None:
        self._source = source
        self._hits = hits
        self._bare = bare
        self._lines = Lines(source.data)
        self._taken: list[Reference] = []
        self._mentioned: dict[str | None, list[tuple[int, int]]] = {}
        self._assigned: dict[str, list[tuple[tuple[int, int], str | None]]] = {}
        self._pieces: list[Piece] = []
        self._words: dict[int, list[Node]] = {}
        self._left = _HITS_MAX
        self.copies: list[Setting] = []
        self.data = source.data

    def read(self, piece: Piece, depth: int = 0) -> None:
        """Read a piece of shell."""
        if not depth:
            self._pieces.append(piece)
        end = piece.base + len(piece.text)
        hits = [hit for hit in self._hits if piece.base <= hit[0] < end]
        if not hits:
            return
        tree = parse(piece.text, "tree_sitter_bash")
        # The identity of a node is its tree's alone.
        self._words = {}
        for hit in hits:
            self._left -= 1
            if self._left < 0:
                self.mention(hit, piece.guard)
            else:
                self._hit(piece, tree, hit, depth)

    def _hit(self, piece: Piece, tree: Tree, hit: tuple[int, int], depth: int) -> None:
        start, end = hit[0] - piece.base, hit[1] - piece.base
        if piece.text[start:end] != self.data[hit[0] : hit[1]]:
            # It was overwritten: a comment of the file's own syntax, an expression.
            return
        path = path_to(tree, start, end)
        inside = innermost(path) if path else None
        if path is None or inside is None:
            self.mention(hit, piece.guard)
            return
        node = path[inside]
        conditions = Conditions(self._source.data, piece.base, self._hits)
        guard = conditions.guard(path[: inside + 1]) or piece.guard
        if node.type == "command" and inside + 1 < len(path):
            self._command(piece, hit, node, path[inside + 1 :], guard, depth)
        elif node.type == "test_command":
            self.mention(hit, "probe")
        elif node.type == "variable_assignment":
            name = node.child_by_field_name("name")
            self.assign(text_of(name), hit, guard)
        elif node.type not in ("comment", "command"):
            self.mention(hit, guard)

    def _command(
        self,
        piece: Piece,
        hit: tuple[int, int],
        node: Node,
        below: Sequence[Node],
        guard: str | None,
        depth: int,
    ) -> None:
        if node.id not in self._words:
            self._words[node.id] = words_of(node)
        nodes = self._words[node.id]
        if len(nodes) > _WORDS_MAX:
            self.mention(hit, guard)
            return
        index = next((i for i, one in enumerate(nodes) if one.id == below[0].id), None)
        if index is None:
            # An assignment before the command, or a redirection.
            self.mention(hit, guard)
            return
        words = [self._text(piece, one) for one in nodes]
        while index and tool_of(words[0]) in WRAPPERS:
            nodes, words, index = nodes[1:], words[1:], index - 1
            while index and (words[0].startswith("-") or "=" in words[0]):
                nodes, words, index = nodes[1:], words[1:], index - 1
        tool = tool_of(words[0])
        if tool in ("test", "[", "stat", "wildcard", "ls", "which"):
            self.mention(hit, "probe")
        elif index and (tool in SILENT or is_left_out(words, index)):
            return
        elif index and depth < _NESTED_MAX and _is_script(words, index):
            self.read(self._nested(piece, nodes[index], guard), depth + 1)
        else:
            self._argument(piece, hit, nodes, words, index, guard)

    def _argument(
        self,
        piece: Piece,
        hit: tuple[int, int],
        nodes: Sequence[Node],
        words: Sequence[str],
        index: int,
        guard: str | None,
    ) -> None:
        tool = tool_of(words[0])
        start = piece.base + nodes[index].start_byte
        raw = self._source.data[start : hit[0]].decode("utf-8", "replace")
        begin, part = part_at(words[index], len(raw))
        at = start + len(words[index][:begin].encode("utf-8", "replace"))
        if not is_taken(tool, words, index):
            inside = part.rpartition("/")[0] if _is_target(tool, words, index) else ""
            if inside and hit[1] <= at + len(inside.encode("utf-8", "replace")) + 1:
                # A copy into a folder of the wrap: the folder has to be there.
                self.take(at, inside, needed=piece.needed, guard=guard)
            elif not _is_target(tool, words, index):
                self.mention(hit, guard)
            return
        self.take(at, part, needed=piece.needed, guard=guard)
        if tool in COPYING and index < len(words) - 1:
            self.copies.append(Setting(COPY, as_path(part), words[-1].strip("\"'")))

    def take(self, at: int, text: str, *, needed: bool = True, guard: str | None = None) -> None:
        """Add what is taken, at a place of the file."""
        self._taken.append(reference(self._lines, at, as_path(text), needed=needed, guard=guard))

    def take_if_hit(self, at: int, text: str, guard: str | None = None) -> None:
        """Add what is taken, where a name of a wrap stands in it."""
        end = at + len(text.encode("utf-8", "replace"))
        if any(at <= start < end for start, _ in self._hits):
            self.take(at, text, guard=guard)

    def take_word(
        self,
        hit: tuple[int, int],
        guard: str | None = None,
        *,
        needed: bool = True,
        edges: str = "",
    ) -> None:
        """Add the word of the file in which a hit stands as what is taken."""
        at, text = value_at(self.data, hit, edges)
        self.take(at, text, needed=needed, guard=guard)

    def mention(self, hit: tuple[int, int], guard: str | None = None) -> None:
        """Add what merely names a wrap; a word alone may be anybody's and is left out."""
        if hit[0] not in self._bare:
            self._mentioned.setdefault(guard, []).append(hit)

    def assign(self, name: str, hit: tuple[int, int], guard: str | None = None) -> None:
        """Add a variable that holds a path of a wrap."""
        if len(self._assigned) < _ASSIGNED_MAX:
            self._assigned.setdefault(name, []).append((hit, guard))
        self.mention(hit, guard)

    def references(self) -> tuple[Reference, ...]:
        """Return all that was found, in the order of the file."""
        found = [*self._taken, *self._promoted()]
        for guard, hits in self._mentioned.items():
            found += mentions(self._source, hits, guard)
        return in_order(found)

    def _promoted(self) -> Iterator[Reference]:
        """Yield the assignments whose variable a command takes: those are needed."""
        for name, values in self._assigned.items():
            uses = ((piece, use_of(piece, self.data, name)) for piece in self._pieces)
            piece, used = next(((one, how) for one, how in uses if how is not None), (None, None))
            if piece is None:
                continue
            for hit, guard in values[:_ASSIGNED_MAX]:
                start, text = value_at(self.data, hit)
                yield reference(
                    *(self._lines, start, as_path(text)),
                    needed=piece.needed,
                    guard=guard or used or piece.guard,
                )

    def _nested(self, piece: Piece, node: Node, guard: str | None) -> Piece:
        """Return the script in a string: ``bash -c "cp ee x"``."""
        text = piece.text[node.start_byte : node.end_byte]
        is_quoted = text[:1] in (b'"', b"'") and text[-1:] == text[:1]
        cut = 1 if is_quoted else 0
        base = piece.base + node.start_byte + cut
        return Piece(text[cut : len(text) - cut], base, guard, piece.needed)

    def _text(self, piece: Piece, node: Node) -> str:
        raw = self._source.data[piece.base + node.start_byte : piece.base + node.end_byte]
        return raw.decode("utf-8", "replace")


def _is_script(words: Sequence[str], index: int) -> bool:
    """Whether a word is a script that a shell is given: ``docker exec x bash -c "cd ee"``."""
    if tool_of(words[0]) == "eval":
        return True
    before = words[index - 1]
    is_told = before.startswith("-") and before.endswith("c")
    return is_told and index > 1 and tool_of(words[index - 2]) in SHELLS


def _is_target(tool: str, words: Sequence[str], index: int) -> bool:
    """Whether a word is where a copy goes: making a folder depends on nothing."""
    return tool in COPYING and index == len(words) - 1
