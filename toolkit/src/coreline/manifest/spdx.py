# SPDX-License-Identifier: Apache-2.0
"""Whether a text is an SPDX license expression (SPDX specification 2.3, annex D).

The list of licenses costs 40 ms to load, so it is only asked when an expression has an
identifier that is not one of the most common ones.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol, cast

_COMMON = frozenset(
    [
        "0BSD",
        "AGPL-3.0-only",
        "AGPL-3.0-or-later",
        "Apache-2.0",
        "Artistic-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BSL-1.0",
        "BUSL-1.1",
        "CC-BY-4.0",
        "CC-BY-SA-4.0",
        "CC0-1.0",
        "EPL-2.0",
        "EUPL-1.2",
        "Elastic-2.0",
        "GPL-2.0-only",
        "GPL-2.0-or-later",
        "GPL-3.0-only",
        "GPL-3.0-or-later",
        "ISC",
        "LGPL-2.1-only",
        "LGPL-2.1-or-later",
        "LGPL-3.0-only",
        "LGPL-3.0-or-later",
        "MIT",
        "MIT-0",
        "MPL-2.0",
        "OFL-1.1",
        "PSF-2.0",
        "PostgreSQL",
        "SSPL-1.0",
        "Unlicense",
        "Zlib",
    ]
)
_OWN = re.compile(r"(DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+")
_OPERATORS = frozenset(["AND", "OR", "WITH"])


class _Symbol(Protocol):
    aliases: Sequence[str]


class _Licensing(Protocol):
    """What is used of license_expression, which ships no types."""

    known_symbols: Mapping[str, _Symbol]

    def parse(self, expression: str, *, validate: bool, strict: bool) -> object: ...


class SpdxMistake(NamedTuple):
    """What is wrong with an expression, and what to write."""

    message: str
    hint: str


def find_mistake(expression: str) -> SpdxMistake | None:
    """Return what is wrong with an SPDX license expression; None where it is right."""
    words = re.findall(r"[()]|[^\s()]+", expression)
    if _is_simple(words):
        return None
    licensing = _load()
    ids = _ids(licensing)
    for word in words:
        if word.upper() not in _OPERATORS and word not in "()" and not _is_known(word, ids):
            return _unknown(word, words, ids)
    if _parses(words, licensing):
        return None
    return SpdxMistake(
        f'"{expression}" is not an SPDX license expression.',
        'Join identifiers with AND, OR or WITH, such as "Apache-2.0 OR MIT".',
    )


def _load() -> _Licensing:
    from license_expression import get_spdx_licensing  # type: ignore[import-untyped] # No types.

    return cast(_Licensing, get_spdx_licensing())


def _is_simple(words: list[str]) -> bool:
    """Whether these are common identifiers with AND or OR between them."""
    return (
        len(words) % 2 == 1
        and all(word in _COMMON or _OWN.fullmatch(word) for word in words[::2])
        and all(word in ("AND", "OR") for word in words[1::2])
    )


def _ids(licensing: _Licensing) -> dict[str, str]:
    """Return every identifier of the SPDX list and every alias, by its lower case."""
    ids: dict[str, str] = {}
    for name, symbol in licensing.known_symbols.items():
        if not name.startswith("LicenseRef-"):
            ids[name.lower()] = name
            ids.update({alias.lower(): name for alias in symbol.aliases if " " not in alias})
    return ids


def _is_known(word: str, ids: dict[str, str]) -> bool:
    return bool(_OWN.fullmatch(word)) or word.removesuffix("+").lower() in ids


def _unknown(word: str, words: list[str], ids: dict[str, str]) -> SpdxMistake:
    import difflib

    # "Apache 2.0" is two words, and one license.
    whole = "-".join(words)[:100].lower()
    alone = not any(one.upper() in _OPERATORS for one in words)
    near = difflib.get_close_matches(whole if alone else word.lower()[:100], ids, 1, 0.75)
    own = "LicenseRef-" + (re.sub(r"[^A-Za-z0-9.]+", "-", word)[:60].strip("-") or "NAME")
    hint = f"For a license of your own write {own}."
    if near:
        hint = f"Write {ids[near[0]]}, or {own} for a license of your own."
    shown = " ".join(words) if alone else word
    return SpdxMistake(f'"{shown[:80]}" is not on the SPDX license list.', hint)


def _parses(words: list[str], licensing: _Licensing) -> bool:
    plain = " ".join("MIT" if _OWN.fullmatch(word) else word for word in words)
    try:
        return licensing.parse(plain, validate=True, strict=True) is not None
    except Exception:
        # It raises errors of five unrelated types, and on an unfinished expression trips over
        # its own message. Whatever it is, the expression was not understood.
        return False
