# SPDX-License-Identifier: Apache-2.0
"""How mistakes speak of keys and values."""

import re
from collections.abc import Iterable

from coreline.manifest.problems import Key


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that a word was probably meant to be, if one is near enough."""
    # Only imported when there is a mistake to explain.
    import difflib

    found = difflib.get_close_matches(word.lower()[:100], list(choices), n=1, cutoff=0.6)
    return found[0] if found else None


def dotted(key: Key) -> str:
    """Return a key as TOML writes it, and places in lists: ``wraps.enterprise.paths[0]``."""
    out = ""
    for part in key:
        if isinstance(part, int):
            out += f"[{part}]"
        else:
            bare = re.fullmatch(r"[A-Za-z0-9_-]{1,100}", part)
            out += ("." if out else "") + (part if bare else quoted(part))
    return out


def quoted(text: str) -> str:
    """Return a text as TOML writes it, shortened, with what cannot be shown escaped."""
    import json

    short = text if len(text) <= 100 else text[:99] + "…"
    return json.dumps(short, ensure_ascii=not short.isprintable())


def shown_path(path: str) -> str:
    """Return a file's name for a terminal: bytes that are no text and controls are escaped."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
