# SPDX-License-Identifier: Apache-2.0
"""Names and paths of Python code that are written in pieces, as far as every piece is a literal."""

from collections.abc import Iterator

from tree_sitter import Node

from coreline.boundary.python.syntax import last_name
from coreline.boundary.syntax import Path, text_of

_JOINING = frozenset(["join", "joinpath", "Path", "PurePath", "PurePosixPath", "abspath"])
_PARTS_MAX = 50


def whole_text(above: Path, string: Node) -> str | None:
    """Return the text that a string is a piece of: strings side by side, or joined by ``+``.

    Args:
        above: the nodes from the root down to what is above the string.
        string: the string.

    Returns:
        None where it is no piece of anything; where a piece is no literal, what comes before it.
    """
    whole = string
    for node in reversed(above):
        if node.type != "concatenated_string" and not _is_sum(node):
            break
        whole = node
    if whole.id == string.id:
        return None
    text = ""
    for piece in _pieces(whole):
        literal = _literal(piece)
        if literal is None:
            # What follows is not known: only the beginning names anything.
            return text if string.end_byte <= piece.start_byte else None
        text += literal
    return text


def joined_path(above: Path, string: Node) -> str | None:
    """Return the path that a string is a part of: ``os.path.join("ee", "x")``, ``BASE / "ee"``.

    The parts from the string on that are literals, and those before it back to the first that is
    none, such as a variable with the folder to begin at. None where nothing is joined.
    """
    chain: Node | None = None
    for node in reversed(above):
        if node.type == "binary_operator" and _operator(node) == "/":
            chain = node
        elif node.type == "argument_list" and chain is None:
            if node.named_child_count > _PARTS_MAX:
                return None
            chain = node
        elif node.type == "call" and chain is not None and chain.type == "argument_list":
            is_joined = last_name(node.child_by_field_name("function")) in _JOINING
            parts = [child for child in chain.named_children if child.type != "comment"]
            return _joined(parts, string) if is_joined else None
        else:
            break
    if chain is None or chain.type == "argument_list":
        return None
    return _joined(list(_pieces(chain)), string)


def _joined(parts: list[Node], string: Node) -> str | None:
    texts: list[str] = []
    is_past = False
    for part in parts:
        literal = _literal(part)
        if literal is None and is_past:
            break
        if literal is None:
            texts.clear()
        else:
            texts.append(literal.strip("/"))
        is_past |= part.id == string.id
    joined = "/".join(text for text in texts if text)
    return joined if is_past and joined else None


def _is_sum(node: Node) -> bool:
    return node.type == "binary_operator" and _operator(node) == "+"


def _operator(node: Node) -> str:
    return text_of(node.child_by_field_name("operator"))


def _pieces(node: Node) -> Iterator[Node]:
    """Yield the operands of a chain of one operator, or the strings side by side."""
    waiting = [node]
    sign = _operator(node)
    for _ in range(_PARTS_MAX):
        if not waiting:
            return
        one = waiting.pop()
        is_chain = one.type == "binary_operator" and _operator(one) == sign
        if one.named_child_count > _PARTS_MAX:
            return
        if is_chain or one.type in ("concatenated_string", "parenthesized_expression"):
            waiting.extend(reversed(one.named_children))
        else:
            yield one


def _literal(node: Node) -> str | None:
    """Return the text of a string without substitutions; None for anything else."""
    if node.type != "string":
        return None
    if node.named_child_count > _PARTS_MAX:
        return None
    inside = node.named_children[1:-1]
    if any(child.type != "string_content" or child.named_child_count for child in inside):
        return None
    return "".join(map(text_of, inside))
