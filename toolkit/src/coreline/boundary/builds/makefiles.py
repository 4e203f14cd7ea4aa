# SPDX-License-Identifier: Apache-2.0
"""Files of targets and recipes, as make and just read them: which targets a build of the core runs.

What the default goal, or ``build``, ``install``, ``test`` and their like, do not reach is run by
those who ask for it by name: the core does without it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from coreline.boundary.builds.conditions import flag_in
from coreline.boundary.builds.tools import listed

GOALS = listed("all build install test check lint dist default run release package image")
"""Targets that everybody who builds the core expects to work."""

LINES_MAX = 50_000

_RULE = re.compile(r"^([^\s#:=$][^#:=]*?|\$[({][^#:=]*?)\s*::?(?!=)\s*([^=#]*?)(?:#.*|;.*)?$")
_JUST = re.compile(r"^@?([\w-]+)(?:\s+[^:]*?)?\s*:(?!=)\s*(.*)$")
_ASSIGNMENT = re.compile(
    r"^\s*(?:export\s+|override\s+|define\s+|set\s+)*([\w.-]+)\s*(?:::?|[?+!:]|:::)?=\s*(.*)$",
    re.DOTALL,
)
_INCLUDE = re.compile(r"^\s*(-include|sinclude|include|import\?|import|mod\?|mod)\s+(.+)$")
_IF = re.compile(r"^\s*(?:else\s+)?(ifdef|ifndef|ifeq|ifneq)\b\s*(.*)$")
_CALL = re.compile(r"(?:\$[({]MAKE[)}]|\bmake|\bjust)\s+((?:-\w+\s+|\w+=\S+\s+)*)([\w .-]+)")


class Row(NamedTuple):
    """A line of such a file, lines that continue it included."""

    kind: str
    """rule, recipe, assignment, include or other."""
    start: int
    end: int
    """Offsets in bytes."""
    text: str
    name: str = ""
    """The target, the variable, or how it is included."""
    value: str = ""
    """What it needs, or what the variable holds."""
    guard: str | None = None


class Makefile:
    """The lines of one file, and the targets that a build of the core reaches.

    Args:
        data: the file.
        is_just: whether it is just's: any indentation makes a recipe.
    """

    def __init__(self, data: bytes, *, is_just: bool = False) -> None:
        self._is_just = is_just
        self.rows = list(self._rows(data))
        self.reached = self._reached()

    def _rows(self, data: bytes) -> Iterator[Row]:
        target = ""
        guards: list[str | None] = []
        for start, end, raw in _logical(data):
            text = raw.decode("utf-8", "replace")
            guard = next((one for one in guards if one), None)
            if target and (text.startswith("\t") or (self._is_just and text[:1] in " \t")):
                yield Row("recipe", start, end, text, target, "", guard)
                continue
            conditional = _IF.match(text)
            if conditional is not None:
                guards = [
                    *guards[: -1 if text.lstrip().startswith("else") else None],
                    _flag(conditional),
                ]
            elif text.strip().startswith("endif"):
                guards = guards[:-1]
            elif text.strip():
                row = self._row(start, end, text, guard)
                target = row.name if row.kind == "rule" else "" if row.kind == "other" else target
                yield row

    def _row(self, start: int, end: int, text: str, guard: str | None) -> Row:
        if text.lstrip().startswith("#"):
            return Row("comment", start, end, text)
        included = _INCLUDE.match(text)
        if included is not None:
            return Row("include", start, end, text, included[1], included[2], guard)
        assigned = _ASSIGNMENT.match(text)
        if assigned is not None:
            return Row("assignment", start, end, text, assigned[1], assigned[2], guard)
        rule = (_JUST if self._is_just else _RULE).match(text)
        if rule is not None:
            return Row("rule", start, end, text, rule[1].strip(), rule[2], guard)
        return Row("other", start, end, text, guard=guard)

    def _reached(self) -> frozenset[str]:
        needs: dict[str, set[str]] = {}
        first = default = ""
        for row in self.rows:
            if row.kind == "rule":
                for name in row.name.split():
                    needs.setdefault(name, set()).update(re.findall(r"[\w./-]+", row.value))
                    if not first and not name.startswith((".", "_")) and "%" not in name:
                        first = name
            elif row.kind == "recipe":
                for call in _CALL.finditer(row.text):
                    for name in row.name.split():
                        needs.setdefault(name, set()).update(call[2].split())
            elif row.kind == "assignment" and row.name == ".DEFAULT_GOAL":
                default = row.value.strip()
        waiting = [default or first, *GOALS]
        reached: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in needs and name not in reached:
                reached.add(name)
                waiting += needs[name]
        return frozenset(reached)

    def guard(self, row: Row) -> str | None:
        """Return what keeps a row from being run: a condition, or that nobody needs its target."""
        if row.guard is not None or row.kind not in ("rule", "recipe"):
            return row.guard
        names = row.name.split()
        if any(name in self.reached for name in names) or not names:
            return None
        return f"target {names[0]}"

    def is_used(self, name: str) -> Sequence[Row]:
        """Return the rows that use a variable."""
        use = re.compile(
            r"\$[({]" + re.escape(name) + r"[)}:]|\{\{\s*" + re.escape(name) + r"\s*\}\}"
        )
        return [row for row in self.rows if use.search(row.text)]


def _logical(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield lines with the lines that continue them, and their offsets."""
    start = at = number = 0
    while at < len(data) and number < LINES_MAX:
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        at, number = end + 1, number + 1
        if data[start:end].rstrip(b"\r").endswith(b"\\") and at < len(data):
            continue
        yield start, end, data[start:end]
        start = at


def _flag(conditional: re.Match[str]) -> str | None:
    if conditional[1] in ("ifdef", "ifndef"):
        return f"flag {conditional[2].strip()}" if conditional[2].strip() else None
    return flag_in(conditional[2]) or ("probe" if "wildcard" in conditional[2] else None)
