# SPDX-License-Identifier: Apache-2.0
"""Jenkins pipelines: what their shell steps take from a wrap, and the folders they step into.

Groovy is not parsed: shell in quotes is read as shell, and a ``when`` or ``if`` of the blocks
around a step guards it where it asks for a flag or for the wrap.
"""

import re

from coreline.boundary.builds.commands import Commands
from coreline.boundary.builds.conditions import flag_in
from coreline.boundary.builds.pieces import Piece
from coreline.boundary.builds.words import all_hits
from coreline.boundary.extension import Source
from coreline.boundary.facts import EMPTY, FileFacts

_STEP = re.compile(
    rb"\b(sh|bat|powershell|pwsh)\b[\s(]*(?:script\s*:\s*)?(\"\"\"|'''|\"|')", re.IGNORECASE
)
_FOLDER = re.compile(rb"\b(?:dir|load|ws)\s*\(?\s*[\"']([^\"'\n]+)[\"']")
_COMMENT = re.compile(rb"//[^\n]*|/\*.*?\*/", re.DOTALL)
_CONDITION = re.compile(r"\b(?:if\s*\(|when\s*\{|expression\s*\{|environment\s+name:)([^\n]*)")
_DEPTH_MAX = 30


def extract(source: Source) -> FileFacts:
    """Return the facts of a Jenkins pipeline."""
    hits, bare = all_hits(source)
    if not hits:
        return EMPTY
    commands = Commands(source, hits, bare)
    comments = [match.span() for match in _COMMENT.finditer(source.data)]
    taken = list(comments)
    for step in _STEP.finditer(source.data):
        if any(start <= step.start() < stop for start, stop in comments):
            continue
        end = source.data.find(step[2], step.end())
        end = len(source.data) if end < 0 else end
        if any(step.end() <= hit[0] < end for hit in hits):
            taken.append((step.end(), end))
            guard = _guard(source.data, step.start())
            commands.read(Piece(source.data[step.end() : end], step.end(), guard))
    for folder in _FOLDER.finditer(source.data):
        guard = _guard(source.data, folder.start())
        commands.take_if_hit(folder.start(1), folder[1].decode("utf-8", "replace"), guard)
        taken.append(folder.span())
    for hit in hits:
        if not any(start <= hit[0] < end for start, end in taken):
            commands.mention(hit)
    return FileFacts(references=commands.references(), settings=tuple(commands.copies))


def _guard(data: bytes, at: int) -> str | None:
    """Return the flag that a block around a place asks for, None for none."""
    text = data[max(0, at - 10_000) : at].decode("utf-8", "replace")
    opened: list[int] = []
    for match in re.finditer(r"[{}]", text):
        if match[0] == "{":
            opened.append(match.start())
        elif opened:
            opened.pop()
    for start in opened[-_DEPTH_MAX:]:
        # A stage's "when" stands in it, an "if" before its block.
        line = text[max(text.rfind("\n", 0, start) + 1, start - 300) : start]
        inside = text[start : start + 400].partition("steps")[0]
        for condition in (*_CONDITION.finditer(line), *_CONDITION.finditer(inside)):
            asked = condition[0] + inside[condition.end() : condition.end() + 120]
            flag = flag_in(re.sub(r"\b(params|env)\.(\w+)", r"$\2", asked))
            if flag is not None:
                return flag
            if "fileExists" in asked:
                return "probe"
    return None
