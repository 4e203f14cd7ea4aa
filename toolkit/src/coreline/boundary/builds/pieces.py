# SPDX-License-Identifier: Apache-2.0
"""Pieces of shell as they are parsed, and what the words and variables in them are."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tree_sitter import Node

from coreline.boundary.builds.conditions import Conditions
from coreline.boundary.builds.tools import SILENT, is_left_out, is_taken, listed, tool_of
from coreline.boundary.syntax import parse, path_to

_INSIDE = listed(
    "command declaration_command test_command variable_assignment for_statement case_item "
    "heredoc_body comment file_redirect herestring_redirect"
)
_USES_MAX = 50


class Piece(NamedTuple):
    """Shell in a file: as it is parsed, and from which of the file's bytes on.

    It is as long as in the file: what belongs to the file's own syntax is overwritten by blanks.
    """

    text: bytes
    base: int
    guard: str | None = None
    """What guards all of it; a guard of its own comes first."""
    needed: bool = True
    """Whether it is run at all by those who build the core."""


def use_of(piece: Piece, data: bytes, name: str) -> str | None:
    """Return the guard of a command that takes what a variable holds, "" for none.

    None where no command does.
    """
    raw = re.escape(name.encode("utf-8", "surrogateescape"))
    uses = [match.span() for match in re.finditer(rb"\$[({]?" + raw + rb"\b", piece.text)][
        :_USES_MAX
    ]
    if not uses:
        return None
    tree = parse(piece.text, "tree_sitter_bash")
    for start, end in uses:
        path = path_to(tree, start, end)
        inside = innermost(path, outermost=True) if path else None
        if path is None or inside is None or path[inside].type != "command":
            continue
        nodes = words_of(path[inside])
        words = [(one.text or b"").decode("utf-8", "replace") for one in nodes]
        index = next((i for i, one in enumerate(nodes) if one.id == path[inside + 1].id), None)
        if index is None or tool_of(words[0]) in SILENT or is_left_out(words, index):
            continue
        if is_taken(tool_of(words[0]), words, index):
            spans = [(piece.base + start, piece.base + end)]
            return Conditions(data, piece.base, spans).guard(path[: inside + 1]) or ""
    return None


def innermost(path: Sequence[Node], *, outermost: bool = False) -> int | None:
    """Return the index of the statement that a path from the root ends in, None for none."""
    indexes = [i for i, node in enumerate(path) if node.type in _INSIDE]
    if not indexes:
        return None
    if outermost:
        # $(NAME) of make looks like a command inside another.
        commands = [i for i in indexes if path[i].type == "command"]
        return commands[0] if commands else indexes[-1]
    return indexes[-1]


def words_of(command: Node) -> list[Node]:
    """Return the words of a command, its name first."""
    return [
        one
        for one in command.children
        if one.type not in ("variable_assignment", "file_redirect", "herestring_redirect")
        if one.is_named
    ]
