# SPDX-License-Identifier: Apache-2.0
"""Globs of the manifest: what one means, what is wrong with it, and which is more specific.

``*`` is any run of characters within one folder, ``**`` any number of whole folders, ``?`` one
character other than a slash. Everything else is literal, brackets and parentheses too: folders
named ``[id]`` and ``(app)`` are common in web frameworks, character classes in claims are not.
A ``**`` at the end stands for everything below, so it matches at least one name. A pattern without
a wildcard that names a folder does not claim what is in it: write ``folder/**``.

Matching many paths against many globs is ``globset``.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import groupby


def segment_regex(segment: str) -> str:
    """Return the regular expression, for ``fullmatch``, of one segment with ``*`` or ``?``.

    The text between two stars is taken where it is first found, and atomic groups keep that:
    trying later places cannot help, and would cost an exponential number of steps.
    """
    first, *rest = re.sub(r"\*+", "*", segment).split("*")
    if not rest:
        return f"(?s:{_literal(first)})"
    middle = "".join(f"(?>.*?{_literal(piece)})" for piece in rest[:-1])
    return f"(?s:{_literal(first)}{middle}.*{_literal(rest[-1])})"


def _literal(piece: str) -> str:
    return "".join("." if char == "?" else re.escape(char) for char in piece)


@lru_cache(maxsize=4096)
def canonical(pattern: str) -> str:
    """Return the one spelling that stands for all globs that match the same paths.

    ``a/**/**`` is ``a/**``; ``a/**/*`` is ``a/**``; ``*?`` is ``?*``, and alone it is ``*``, since
    no name is empty.
    """
    segments = [_canonical_segment(part) for part in pattern.split("/")]
    runs = [(wild, list(run)) for wild, run in groupby(segments, key=lambda one: one in _RUN)]
    out: list[str] = []
    for index, (wild, run) in enumerate(runs):
        if not wild or "**" not in run:
            out += run
            continue
        names = run.count("*")
        if index == len(runs) - 1 and run[-1] == "*":
            # It ends in **/*, and the name that this star takes is what a ** at the end takes.
            names -= 1
        out += ["*"] * names + ["**"]
    return "/".join(out)


_RUN = frozenset(["*", "**"])


@lru_cache(maxsize=4096)
def _canonical_segment(segment: str) -> str:
    if segment == "**" or ("*" not in segment and "?" not in segment):
        return segment
    plain = re.sub(r"[*?]+", _wildcards, segment)
    return "*" if plain == "?*" else plain


def _wildcards(run: re.Match[str]) -> str:
    return "?" * run[0].count("?") + ("*" if "*" in run[0] else "")


@lru_cache(maxsize=65536)
def covers(wide: str, narrow: str) -> bool:
    """Whether every path that ``narrow`` matches is matched by ``wide`` too.

    Sound: true is always right. Complete for globs as people write them: a wildcard of
    ``narrow`` is only taken as covered by a wildcard of ``wide`` that is at least as broad.
    """
    if wide in (narrow, "**"):
        return True
    parts = [canonical(glob).split("/") for glob in (wide, narrow)]
    return _covers(*parts, one="*", many="**", fits=_covers_segment)


@lru_cache(maxsize=65536)
def _covers_segment(wide: str, narrow: str) -> bool:
    if wide in ("*", narrow):
        return True
    if "*" not in wide and "?" not in wide:
        return False
    return _covers(wide, narrow, one="?", many="*", fits=lambda a, b: a in ("?", b))


def _covers(
    wide: Sequence[str],
    narrow: Sequence[str],
    *,
    one: str,
    many: str,
    fits: Callable[[str, str], bool],
) -> bool:
    """Decide from the end backwards, so the cost is the product of the lengths.

    Names are compared within folders and characters within names, by the same rule: ``one``
    stands for one of them and ``many`` for any number, but for at least one name at the end.
    """
    least = 1 if many == "**" else 0
    # Whether what follows in wide covers narrow[j:], for each j.
    below = [False] * len(narrow) + [True]
    loose = False
    for index in range(len(wide) - 1, -1, -1):
        sign = wide[index]
        # "One" before "many" stands for "at least one", wherever in the run that one is.
        loose = sign == many or (loose and sign == one)
        at_end = least and index == len(wide) - 1
        row = [sign == many and not at_end and below[-1]]
        for j in range(len(narrow) - 1, -1, -1):
            if sign == many:
                row.append(row[-1] or below[j] or (bool(at_end) and below[j + 1]))
            elif narrow[j] != many:
                row.append(below[j + 1] and fits(sign, narrow[j]))
            else:
                is_last = j == len(narrow) - 1
                row.append(loose and (row[-1] or (is_last and least == 1 and below[j + 1])))
        below = row[::-1]
    return below[0]
