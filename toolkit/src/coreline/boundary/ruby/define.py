# SPDX-License-Identifier: Apache-2.0
"""The constants that a Ruby file of a wrap defines, read by its indentation: it must be fast.

Beside each constant, what has to be searched to find every way to write it is given, as a
definition of line 0: code in ``module Keygen`` writes ``EE::License``, so ``EE`` is searched.
"""

import re
from collections.abc import Iterator

from coreline.boundary.facts import Definition
from coreline.boundary.ruby.strings import MIRRORING

_STATEMENT = re.compile(
    rb"^([ \t]*)(?:(module|class)[ \t]+((?:::)?[A-Z]\w*(?:::[A-Z]\w*)*)([^\n]*)"
    rb"|([A-Z]\w*)[ \t]*(?:\|\|)?=(?![=~>]))",
    re.MULTILINE,
)
_CONTENT = re.compile(rb"^[ \t]*(?!#|end\b)[^\s#]", re.MULTILINE)
_ENDED = re.compile(rb";[ \t]*end\b")

# Modules that are named for being a wrap: a name in them is always written with theirs.
_WRAP = re.compile(
    r"^(EE|Ee|Ent|Pro|Plus|Cloud|Saas|SaaS|Paid|Licensed)$"
    r"|Enterprise|Premium|Commercial|Proprietary"
)


def define(data: bytes) -> Iterator[Definition]:
    """Yield the constants that a file defines and the parts of them to search."""
    searched: set[str] = set()
    for name, line in _constants(data):
        yield Definition("namespace", name, line)
        searched.update(_searched(name))
    for name in sorted(searched):
        yield Definition("namespace", name, 0)


def _searched(name: str) -> Iterator[str]:
    parts = name.split("::")
    special = next((part for part in parts if _WRAP.search(part)), None)
    yield special or parts[-1]
    if special == parts[0] and len(parts) > 1:
        # A mirror of the core's class, which helpers find by the class's own name.
        yield from MIRRORING


def _constants(data: bytes) -> Iterator[tuple[str, int]]:
    """Yield each constant and its line; modules that only hold others are not named."""
    stack: list[tuple[int, str, bool]] = []
    matches = [*_STATEMENT.finditer(data)]
    ends = [*(match.start() for match in matches[1:]), len(data)]
    line, counted = 1, 0
    for match, end in zip(matches, ends, strict=False):
        line, counted = line + data.count(b"\n", counted, match.start()), match.start()
        indent = len(match[1].expandtabs(8))
        while stack and stack[-1][0] >= indent:
            stack.pop()
        above = f"{stack[-1][1]}::" if stack else ""
        if match[5] is not None:
            if not stack or not stack[-1][2]:
                yield above + match[5].decode(), line
            continue
        written = match[3].decode()
        name = written[2:] if written.startswith("::") else above + written
        is_ended = _ENDED.search(match[4]) is not None
        body = data[match.end() : end]
        has_content = is_ended or match[2] == b"class" or _CONTENT.search(body) is not None
        if has_content:
            yield name, line
        if not is_ended:
            stack.append((indent, name, has_content))
