# SPDX-License-Identifier: Apache-2.0
"""A pattern under composition, and how a name becomes one."""

import re
from typing import NamedTuple

from coreline.proposal.model import Owner


class Pattern(NamedTuple):
    """A glob of an owner; ``base`` is the folder, as a glob, that a wider pattern claims around
    it, or ""."""

    owner: Owner
    glob: str
    base: str


def literal(path: str) -> str:
    """Return the glob for one path: itself, with ? where the glob cannot say the character.

    Wildcards have no escape; bytes that are not UTF-8 (surrogates, as git's names are decoded) and
    control characters are no text of a TOML file that people read; and the manifest takes a space
    at an end, a backslash, a leading "!", braces with a choice and a drive's letter for mistakes.
    """
    return _MISTAKABLE.sub("?", path)


_MISTAKABLE = re.compile(
    r"[*?\\\ud800-\udfff\x00-\x1f\x7f-\x9f]|^[!\s]|\s$|\{(?=[^{}/]*,[^{}]*\})|(?<=^[A-Za-z]):(?=/)"
)
