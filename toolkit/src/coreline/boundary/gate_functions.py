# SPDX-License-Identifier: Apache-2.0
"""Functions that look like license checks, by their names and what they do. See ``own_gates``."""

import re
from collections.abc import Iterator

from coreline.boundary.facts import Definition

_DEFINED = re.compile(
    rb"^(?P<in>[ \t]*)(?:(?:export|default|async|public|private|protected|internal|static|final"
    rb"|open|override|pub(?:\(\w+\))?)[ \t]+)*"
    rb"(?:(?:def|function|func|fn|fun)[ \t]+(?:self\.|\([^)\n]{0,60}\)[ \t]*)?(?P<name>\w+[?]?)"
    rb"|(?:boolean|bool|Boolean)[ \t]+(?P<typed>\w+)[ \t]*\("
    rb"|(?:const|let)[ \t]+(?P<arrow>\w+)[ \t]*=[^=\n]{0,80}=>)",
    re.MULTILINE,
)
_OWNER = re.compile(
    rb"^([ \t]*)(?:[a-z]+[ \t]+)*(?:class|module|object|struct)[ \t]+(\w+(?:(?:::|\.)\w+)*)", re.M
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SUBJECTS = frozenset(
    ["premium", "enterprise", "licensed", "license", "licence", "ee", "commercial"]
)
_ASKING = frozenset(["is", "has", "have", "in"])
_ENDING = frozenset(["enabled", "active", "valid", "licensed"])
_OTHERS = frozenset(
    [
        *("edition", "feature", "features", "plan", "mode", "version", "available", "a", "an"),
        *("the", "and", "current", "currently", "check", "any", "use", "using", "running", "on"),
    ]
)
_BODY = re.compile(rb"licen[sc]|entitle|premium|edition|enterprise", re.IGNORECASE)
_BODY_REACH = 600
GATES_MAX = 20
"""A file that defines more is no person's; for each the classes before it are looked through."""


def gates_in(data: bytes) -> Iterator[Definition]:
    """Yield the license checks that a file defines, spelled as ``core.gates`` spells them."""
    told = 0
    found = list(_DEFINED.finditer(data))
    for number, match in enumerate(found):
        if told >= GATES_MAX:
            return
        name = (match["name"] or match["typed"] or match["arrow"]).decode()
        end = found[number + 1].start() if number + 1 < len(found) else len(data)
        body = data[match.end() : min(end, match.end() + _BODY_REACH)]
        if asks_for_a_license(name) and _BODY.search(body):
            owner = _owner(data, match) if match["name"] else b""
            spelling = f"{owner.decode()}.{name}" if owner else name
            told += 1
            yield Definition("gate", spelling, data.count(b"\n", 0, match.start()) + 1)


def _owner(data: bytes, function: re.Match[bytes]) -> bytes:
    """Return the last part of the name of the class or module that a function is indented in."""
    depth = len(function["in"])
    around = [
        one
        for one in _OWNER.finditer(data, 0, function.start())
        if len(one[1].expandtabs()) < depth
    ]
    return re.split(rb"::|\.", around[-1][2])[-1] if around else b""


def asks_for_a_license(name: str) -> bool:
    """Whether a function's name is a question about a license, and about nothing else."""
    words = [word.lower() for word in _WORD.findall(name)]
    known = _SUBJECTS | _ASKING | _ENDING | _OTHERS
    if not words or not _SUBJECTS.intersection(words) or not known.issuperset(words):
        return False
    return name.endswith("?") or words[0] in _ASKING or words[-1] in _ENDING
