# SPDX-License-Identifier: Apache-2.0
"""Words around hits in text of any kind: module names and paths, whatever the language."""

import re

from coreline.boundary.extension import Source
from coreline.boundary.facts import Reference
from coreline.boundary.text import Lines

TOKENS_MAX = 500
"""Different tokens kept for one file. A list of more says nothing that these do not say."""

_REACH = 300
"""Bytes on each side of a hit that can be part of one token."""

_EDGE = re.compile(rb"""[\s"'`<>,;|=\\\x00]""")


def tokens(source: Source) -> list[Reference]:
    """Return each different token with a hit in it, at its first place.

    A token with a slash is of the form ``path``, any other one of the form ``string``. Addresses
    (``https://…``) are left out: a folder's name in one is another host's.
    """
    lines = Lines(source.data)
    found: dict[str, Reference] = {}
    for start, end in source.hits:
        begin, token = _token(source.data, start, end)
        if not token or token in found or "://" in token:
            continue
        place = lines.place(begin)
        found[token] = Reference(
            line=place.line,
            column=place.column,
            form="path" if "/" in token else "string",
            module=token,
            needed=False,
            is_name=False,
            text=place.text,
        )
        if len(found) >= TOKENS_MAX:
            break
    return list(found.values())


def _token(data: bytes, start: int, end: int) -> tuple[int, str]:
    before = data[max(0, start - _REACH) : start]
    after = data[end : end + _REACH]
    edges = [match.end() for match in _EDGE.finditer(before)]
    begin = start - len(before) + (edges[-1] if edges else 0)
    edge = _EDGE.search(after)
    stop = end + (edge.start() if edge else len(after))
    token = data[begin:stop].decode("utf-8", "replace")
    # Brackets belong to a folder's name, as (app) and [id] do, only where they are closed.
    while token and (token[0] in "([{:" or token[-1] in ")]}:."):
        if token[0] in "([{" and token[-1] in ")]}":
            token, begin = token[1:-1], begin + 1
        elif token[0] in "([{:" and _CLOSING.get(token[0], "\0") not in token:
            token, begin = token[1:], begin + 1
        elif token[-1] in ")]}:." and _OPENING.get(token[-1], "\0") not in token:
            token = token[:-1]
        else:
            break
    return begin, token


_CLOSING = {"(": ")", "[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
