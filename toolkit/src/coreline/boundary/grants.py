# SPDX-License-Identifier: Apache-2.0
"""Sentences of license texts that put folders under terms of their own."""

import re
from collections.abc import Iterator

from coreline.boundary.facts import Grant
from coreline.boundary.spdx_texts import is_open, named_licenses

# A bullet, an empty line, or the end of a sentence before a capital.
_BREAK = re.compile(r"\n[ \t]*\n|\n[ \t]*(?:[-*•]|\d+[.)])[ \t]+|(?<=[.;])\s+(?=[A-Z\"'])")
# A path in quotes or back quotes, or one that ends in a slash.
_QUOTED = re.compile(r"[\"'`“”‘’]([\w.@\-()\[\]]+(?:/[\w.@\-()\[\]]*)*)[\"'`“”‘’]")
_BARE = re.compile(r"(?<![\w/:.\"'`])((?:[\w.@\-]+/)+)(?![\w/])")
_FOLDER_WORD = re.compile(r"\b(director(?:y|ies)|folders?|sub-?trees?|paths?|resides?)\b", re.I)
_LICENSED = re.compile(r"\blicen[sc]ed?\b|\bterms\b|\bavailable under\b", re.I)
_OUTSIDE = re.compile(r"\b(outside|other than|except|excluding|not (?:in|under))\b", re.I)
_ANY = re.compile(r"\b(any|every|each|all)\s+[\"'`“‘]?$", re.I)
_LICENSE_FILE = re.compile(r"(^|/)(licen[sc]e|copying)[^/]*$", re.I)


def read_grants(text: str) -> Iterator[Grant]:
    """Yield each folder that a license text puts under other terms than the rest."""
    start, counted = 1, 0
    for sentence, offset in _sentences(text):
        start, counted = start + text.count("\n", counted, offset), offset
        if not (_FOLDER_WORD.search(sentence) and _LICENSED.search(sentence)):
            continue
        outside = _OUTSIDE.search(sentence)
        open_names = [name for name in named_licenses(sentence) if is_open(name)]
        is_free = bool(open_names) or "creative commons" in sentence.lower()
        for folder, position in _folders(sentence):
            # "Content outside of ee/ is MIT" says nothing about what is inside.
            if outside is not None and outside.start() < position and is_free:
                continue
            line = start + sentence.count("\n", 0, position)
            anywhere = _ANY.search(sentence[max(0, position - 12) : position]) is not None
            shown = " ".join(sentence.split())[:240]
            yield Grant(line, folder.strip("/"), anywhere, is_free, shown)


def _sentences(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for match in _BREAK.finditer(text):
        yield text[start : match.start()], start
        start = match.end()
    yield text[start:], start


def _folders(sentence: str) -> Iterator[tuple[str, int]]:
    seen: set[str] = set()
    found = [*_QUOTED.finditer(sentence), *_BARE.finditer(sentence)]
    for match in sorted(found, key=lambda one: one.start()):
        folder = match[1].removeprefix("./").strip("/")
        is_path = "/" in match[1] or _FOLDER_WORD.match(sentence[match.end() :].lstrip())
        if folder and is_path and folder not in seen and not _LICENSE_FILE.search(folder):
            seen.add(folder)
            yield folder, match.start()
