# SPDX-License-Identifier: Apache-2.0
"""How the globs of a manifest are misspelled, and what was probably meant."""

import posixpath
import re
from collections.abc import Callable
from typing import NamedTuple

from coreline.manifest.words import quoted


class GlobMistake(NamedTuple):
    """What is wrong with a glob, and what to write instead."""

    message: str
    hint: str


def find_mistake(pattern: str) -> GlobMistake | None:
    """Return what is wrong with a glob; None where nothing is."""
    if pattern.startswith("!"):
        hint = "Give these files to the other side, by a claim that says more."
        return GlobMistake("A claim cannot be negated.", hint)
    if re.search(r"\{[^{}/]*,[^{}]*\}", pattern):
        hint = "Write one pattern for each of the choices."
        return GlobMistake("Braces have no meaning in a claim.", hint)
    for is_wrong, message, _ in _MISTAKES:
        if is_wrong(pattern):
            better = _corrected(pattern)
            return GlobMistake(
                message, f"Write {quoted(better)}." if better else "Name what is in it."
            )
    return None


def _corrected(pattern: str) -> str:
    """Return a pattern with every mistake put right; empty where that cannot be done."""
    # Putting one right may show another: in "\\ a" it is the space.
    for _ in range(3):
        for is_wrong, _, right in _MISTAKES:
            if is_wrong(pattern):
                pattern = right(pattern)
    return "" if any(is_wrong(pattern) for is_wrong, _, _ in _MISTAKES) else pattern


def _without_dots(pattern: str) -> str:
    plain = re.sub(r"^(\.\./)+", "", posixpath.normpath(pattern))
    plain = "" if plain in (".", "..") else plain
    return f"{plain}/" if plain and pattern.endswith("/") else plain


def _unglued(pattern: str) -> str:
    """Put slashes where they were meant: ``src**`` is ``src/**``, ``**.py`` is ``**/*.py``."""
    parts = []
    for part in pattern.split("/"):
        if part == "**" or "**" not in part:
            parts.append(part)
            continue
        before, after = re.split(r"\*\*+", part)[0], re.split(r"\*\*+", part)[-1]
        parts += [*([before] if before else []), "**", *([f"*{after}"] if after else [])]
    return "/".join(parts)


# In this order: each puts right a pattern that has none of the mistakes before it.
_MISTAKES: tuple[tuple[Callable[[str], object], str, Callable[[str], str]], ...] = (
    (
        lambda pattern: pattern != pattern.strip(),
        "A claim has no space around it.",
        str.strip,
    ),
    (
        lambda pattern: "\\" in pattern,
        "Folders are separated by forward slashes.",
        lambda pattern: pattern.replace("\\", "/"),
    ),
    (
        re.compile(r"/|[A-Za-z]:/").match,
        "A claim begins at the repository's root.",
        lambda pattern: re.sub(r"^([A-Za-z]:)?/+", "", pattern),
    ),
    (
        lambda pattern: {".", ".."}.intersection(pattern.split("/")),
        "A claim has no . or .. in it.",
        _without_dots,
    ),
    (
        lambda pattern: "//" in pattern,
        "There is nothing between two of the slashes.",
        lambda pattern: re.sub("/+", "/", pattern),
    ),
    (
        lambda pattern: pattern.endswith("/"),
        "A claim of a folder says what in it is meant.",
        lambda pattern: f"{pattern.rstrip('/')}/**",
    ),
    (
        re.compile(r"[^/]\*\*|\*\*[^/]").search,
        "A ** stands for whole folders, with slashes around it.",
        _unglued,
    ),
)
