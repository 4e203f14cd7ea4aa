# SPDX-License-Identifier: Apache-2.0
"""Guards around a command of a shell: probes for the wrap, flags, failures that are forgiven.

A guard counts only where it asks about the wrap or about a flag: ``[ -d docs ] && cp -r ee /x``
fails without the wrap all the same.
"""

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from coreline.boundary.flag_names import asks, is_constant

_VARIABLE = re.compile(r"\$[({]*\s*(?:(\w+)\.)?(\w+)|%(\w+)%")
_CONTEXTS = frozenset(["vars", "inputs", "secrets", "env", "parameters", "variables"])
"""What an expression of a CI file reads settings from; ``github`` and ``matrix`` are none."""
_NEGATIVE = re.compile(r"(^|\s)!\s|(^|[\s\[])-z\s|!=")
_DONE = re.compile(rb"^(exit|return)(\s+0)?$|^(true|:|break|continue)$")
_FAILED = re.compile(rb"\b(exit|return)\s+([1-9]|\$)|^\s*(false|die|fail\w*|error\w*|abort)\b")
_ASKING = re.compile(
    rb"(test|\[|command -v|which|type|hash|ls|stat|grep|pip3? show|dpkg|rpm|npm ls|python3? -c)\b"
)
_SIBLINGS_MAX = 200
_SCOPES = ("program", "compound_statement", "do_group", "subshell", "if_statement", "else_clause")


def flag_in(text: str) -> str | None:
    """Return the flag that a condition asks for, None where it asks for none."""
    for match in _VARIABLE.finditer(text):
        context, name = match[1], match[2] or match[3]
        if context in _CONTEXTS:
            return f"flag {name}"
        if context is None and (is_constant(name) or asks(name) or name.isdigit()):
            return f"flag {name}"
    return None


class Conditions:
    """The conditions of one piece of shell.

    Args:
        data: the file; conditions are read from it as they are written.
        base: where the piece begins in it.
        hits: where names of a wrap stand in the file, as offsets.
    """

    def __init__(self, data: bytes, base: int, hits: Sequence[tuple[int, int]]) -> None:
        self._data = data
        self._base = base
        self._hits = hits

    def guard(self, path: Sequence[Node]) -> str | None:
        """Return what guards the last node of a path from the root, None where nothing does."""
        for index in range(len(path) - 2, -1, -1):
            guard = self._of(path[index], path[index + 1])
            if guard is not None:
                return guard
        return None

    def _of(self, parent: Node, child: Node) -> str | None:
        if parent.type == "list":
            return self._of_list(parent, child)
        if parent.type == "case_statement":
            value = parent.named_children[0] if parent.named_children else None
            return None if value is None else flag_in(self._text(value))
        guard = None
        if parent.type in ("if_statement", "elif_clause", "while_statement"):
            guard = self._of_if(parent, child)
        if guard is None and parent.type in _SCOPES:
            guard = self._of_earlier(parent, child)
        return guard

    def _of_list(self, parent: Node, child: Node) -> str | None:
        operands = parent.named_children
        if len(operands) < 2:
            return None
        left, right = operands[0], operands[-1]
        is_and = any(one.type == "&&" for one in parent.children)
        if child.id == right.id:
            return self._asked(left, is_met=is_and) if _is_test(left) else None
        if child.id == left.id and not is_and:
            said = right.text or b""
            return None if _FAILED.search(said) else "try"
        return None

    def _of_if(self, parent: Node, child: Node) -> str | None:
        conditions = _conditions(parent)
        if any(one.id == child.id for one in conditions):
            return "try"
        # What stands after "else" is reached where the condition does not hold.
        is_met = child.type not in ("else_clause", "elif_clause")
        return next(
            (g for one in conditions if (g := self._asked(one, is_met=is_met)) is not None), None
        )

    def _of_earlier(self, parent: Node, child: Node) -> str | None:
        """Return the guard of a way out before: ``[ -d ee ] || exit 0``."""
        for one in self._before(parent, child):
            if one.type == "list" and any(part.type == "||" for part in one.children):
                left, right = one.named_children[0], one.named_children[-1]
                if _DONE.match(right.text or b"") and _is_test(left):
                    return self._asked(left, is_met=True)
            if one.type == "if_statement" and _ends(one):
                for condition in _conditions(one):
                    guard = self._asked(condition, is_met=False)
                    if guard is not None:
                        return guard
        return None

    def _before(self, parent: Node, child: Node) -> Iterator[Node]:
        for one in parent.named_children[:_SIBLINGS_MAX]:
            if one.id == child.id:
                return
            yield one

    def _asked(self, node: Node, *, is_met: bool) -> str | None:
        text = self._text(node)
        start, end = self._base + node.start_byte, self._base + node.end_byte
        if any(start <= at < end for at, _ in self._hits):
            is_negative = _NEGATIVE.search(text) is not None or node.type == "negated_command"
            return "probe" if is_negative != is_met else None
        return flag_in(text)

    def _text(self, node: Node) -> str:
        raw = self._data[self._base + node.start_byte : self._base + node.end_byte]
        return raw.decode("utf-8", "replace")


def _conditions(statement: Node) -> list[Node]:
    """Return the conditions of an ``if``; the grammar names none of an ``elif``."""
    named = statement.children_by_field_name("condition")
    return named or ([] if statement.type != "elif_clause" else statement.named_children[:1])


def _is_test(node: Node) -> bool:
    """Whether a command does nothing but ask: ``[ … ]``, ``test``, ``command -v``."""
    if node.type in ("negated_command", "redirected_statement", "list", "pipeline"):
        return all(_is_test(one) for one in node.named_children if one.type != "file_redirect")
    return node.type == "test_command" or _ASKING.match(node.text or b"") is not None


def _ends(statement: Node) -> bool:
    """Whether an ``if`` without ``else`` ends in leaving the script."""
    parts = statement.named_children
    if not parts or any(one.type in ("else_clause", "elif_clause") for one in parts):
        return False
    return re.match(rb"^(exit|return|continue|break)(\s+0)?$", parts[-1].text or b"") is not None
