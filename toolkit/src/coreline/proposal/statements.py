# SPDX-License-Identifier: Apache-2.0
"""Sentences of a license text or README that put named folders or files under terms.

Only sentences with a word of licensing count, and only what they put in quotes, name by an address
in a repository, or write as a path ending in a slash. What comes after "outside of" or "except" is
the exception, whatever license the sentence grants to the rest.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from coreline.boundary.spdx_texts import named_licenses


class Statement(NamedTuple):
    """One place that a sentence names, and what the sentence says of it.

    ``place`` is a path without a slash at its end, or a mark such as ``.ee.``; ``anywhere``: at any
    depth; ``excepted``: the sentence's license is for everything but this place; ``licenses``: the
    SPDX ids it names; ``files``: license files it points to; ``text``: the sentence.
    """

    place: str
    line: int
    anywhere: bool
    excepted: bool
    licenses: tuple[str, ...]
    files: tuple[str, ...]
    text: str

    @property
    def is_mark(self) -> bool:
        """Whether the place is a part of names (``.ee.``), not a path."""
        return bool(_MARK.fullmatch(self.place))


_TERMS = re.compile(r"licen[cs]|terms|commercial|proprietary|agreement|subscription", re.IGNORECASE)
_QUOTES = "\"'`“”‘’«»"
_PLACE = re.compile(
    rf"(?<!\w)[{_QUOTES}](?P<quoted>[^{_QUOTES}\s]{{1,120}})[{_QUOTES}]"
    r"|https?://\S+?/(?:tree|blob)/[^/\s]+/(?P<address>[^\s)>,\"']+)"
    r"|(?<![\w/.:@-])(?P<bare>(?:[\w.@-]+/)+)(?![\w/])"
    r"|\]\(\.?/?(?P<link>[\w./@-]+)\)"
)
_MARK = re.compile(r"[._-](?:ee|enterprise|premium|pro|commercial)[._-]?", re.IGNORECASE)
_FOLDER = re.compile(r"director|folder|dirname|subtree|package|module", re.IGNORECASE)
_FILE = re.compile(r"licen[cs]e|copying|eula", re.IGNORECASE)
_EXCEPT_WORDS = (
    r"\b(?:outside(?: of)?|except(?:ing|ion)?(?: for)?|exclud\w+|other than"
    r"|not (?:in|under|within)|but not|apart from|with the exception of)\b"
)
_EXCEPT = re.compile(_EXCEPT_WORDS + r"[^.;]{0,80}$", re.IGNORECASE)
_EXCEPT_ANYWHERE = re.compile(_EXCEPT_WORDS, re.IGNORECASE)
_ANY = re.compile(
    r"\b(?:any|every|each|all)\s+(?:\w+\s+)?$|\bnamed\s+$|\bcalled\s+$|\bdirname|\bany\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*(?:[*\-•·]|\(?[0-9a-z]{1,2}[.)])\s+")
# A license's own body speaks of licenses in every sentence: names of places come before it.
_LINES_MAX = 400


def statements(text: str) -> Iterator[Statement]:
    """Yield what the sentences of a text say of places."""
    for sentence in _sentences(text):
        yield from _places(sentence)


def license_of_the_rest(text: str) -> tuple[int, str] | None:
    """Return the license that a text without a body names for all but some folders, and the line.

    None where it names none, or several.
    """
    for sentence in _sentences(text):
        found = _EXCEPT_ANYWHERE.search(sentence.text)
        named = named_licenses(sentence.text)
        if found and len(named) == 1:
            return sentence.line(found.start()), named[0]
    return None


class _Sentence(NamedTuple):
    text: str
    lines: tuple[tuple[int, int], ...]
    """Offsets in the text at which a line of the file begins, with its number."""

    def line(self, offset: int) -> int:
        return max((number for at, number in self.lines if at <= offset), default=1)


def _sentences(text: str) -> Iterator[_Sentence]:
    """Yield paragraphs and list items, each on one line; a full stop does not end a path."""
    joined = ""
    indent = 0
    lines: list[tuple[int, int]] = []
    for number, line in enumerate([*text.split("\n")[:_LINES_MAX], ""], 1):
        bullet = _BULLET.match(line)
        # An item's own items ("including:" and a deeper list) belong to its sentence.
        deeper = bullet is not None and _indent(line) > indent and joined.endswith((": ", "` "))
        if joined and (not line.strip() or (bullet and not deeper)):
            yield from _split(_Sentence(joined, tuple(lines)))
            joined, lines = "", []
        if bullet and not deeper:
            indent = _indent(line)
        plain = line[bullet.end() :].strip() if bullet else line.strip()
        if plain:
            lines.append((len(joined), number))
            joined += plain + " "


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _split(paragraph: _Sentence) -> Iterator[_Sentence]:
    start = 0
    for stop in re.finditer(r"[.;]\s+(?=[A-Z])|$", paragraph.text):
        text = paragraph.text[start : stop.end()]
        if text.strip():
            lines = tuple((at - start, number) for at, number in paragraph.lines)
            yield _Sentence(text, lines)
        start = stop.end()


def _places(sentence: _Sentence) -> Iterator[Statement]:
    if not _TERMS.search(sentence.text) and not named_licenses(sentence.text):
        return
    found = list(_PLACE.finditer(sentence.text))
    places = [(match, _clean(next(filter(None, match.groups())))) for match in found]
    files = tuple(place for _, place in places if _FILE.search(place.rpartition("/")[2]))
    for match, place in places:
        if not place or place in files or place.startswith(("http", "www.")):
            continue
        before = sentence.text[: match.start()]
        if not _is_path(match[0], place, before[-40:] + sentence.text[match.end() :][:40]):
            continue
        yield Statement(
            place,
            sentence.line(match.start()),
            bool(_ANY.search(before)) or bool(_MARK.fullmatch(place)),
            bool(_EXCEPT.search(before)),
            named_licenses(_without_places(sentence.text)),
            files,
            " ".join(sentence.text.split()),
        )


def _is_path(raw: str, place: str, around: str) -> bool:
    """Whether what is quoted is a path: (the "Software") is a word, "tsl" directory is a path."""
    return "/" in raw or bool(_MARK.fullmatch(place)) or bool(_FOLDER.search(around))


def _clean(place: str) -> str:
    if _MARK.fullmatch(place):
        return place
    return place.strip("/").removeprefix("./").rstrip(".,;:").rstrip("/*").rstrip("/")


def _without_places(text: str) -> str:
    """Take license files out of a sentence: "LICENSE-MIT" names a file."""
    return re.sub(r"\S*/\S*", " ", text)
