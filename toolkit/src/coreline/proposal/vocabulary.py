# SPDX-License-Identifier: Apache-2.0
"""The words by which vendors name a wrap, and how sure each is."""

import re
from typing import NamedTuple

from coreline.proposal.model import DOUBTFUL, NAMED


class Word(NamedTuple):
    """What a word in a name says: which wrap, how sure, and what to assume where unsure."""

    wrap: str
    weight: int
    assumed: bool


WORDS: dict[str, Word] = {
    "ee": Word("enterprise", NAMED, True),
    "enterprise": Word("enterprise", NAMED, True),
    "premium": Word("premium", NAMED, True),
    "commercial": Word("commercial", NAMED, True),
    "proprietary": Word("commercial", NAMED, True),
    "closed-source": Word("commercial", NAMED, True),
    "x-pack": Word("x-pack", NAMED, True),
    "pro": Word("pro", DOUBTFUL, True),
    "paid": Word("paid", DOUBTFUL, True),
    # More often the cloud that the product talks to than the vendor's own service.
    "cloud": Word("cloud", DOUBTFUL, False),
    "saas": Word("saas", DOUBTFUL, False),
}

# Where files are about a wrap rather than of it, or somebody else's.
ABOUT = frozenset(
    [
        *("docs", "doc", "documentation", "website", "changelog", "changelogs", "examples"),
        *(".github", ".gitlab", ".circleci", ".ci"),
    ]
)
FOREIGN = frozenset(
    [
        "vendor",
        "node_modules",
        "third_party",
        "third-party",
        "testdata",
        "fixtures",
        "__snapshots__",
    ]
)
# Products of others with an edition of that name: "github_enterprise.py" is an integration.
_OTHERS = re.compile(
    r"(github|gitlab|bitbucket|google|recaptcha|slack|redhat|red[-_]hat|chrome|atlassian|oracle"
    r"|adobe|docker|apple|android|microsoft|azure|salesforce|zoom|jira|confluence|kong)[-_.]?$",
    re.IGNORECASE,
)
_COMPOUND = re.compile(
    r"(?P<head>.+?)[-_.](?P<word>ee|enterprise|premium|commercial|proprietary|pro)",
    re.IGNORECASE,
)


def read_folder_name(name: str, product: str) -> Word | None:
    """Return what a folder's or package's name says: ``ee``, ``sso.ee``, ``acme-enterprise``.

    A word that ends a longer name is sure where the rest is the product's name.
    """
    whole = WORDS.get(name.lower())
    if whole is not None:
        return whole
    parts = _COMPOUND.fullmatch(name)
    if parts is None or _OTHERS.search(parts["head"]):
        return None
    word = WORDS[parts["word"].lower()]
    sure = same_name(parts["head"], product) or name.lower().endswith(".ee")
    return word if sure else word._replace(weight=DOUBTFUL)


def read_prose(text: str) -> str:
    """Return the wrap that a text names first ("the Acme Enterprise License"), or ""."""
    found = _IN_PROSE.search(text)
    return WORDS[found[0].lower()].wrap if found else ""


_IN_PROSE = re.compile(r"\b(ee|enterprise|premium|commercial|pro)\b", re.IGNORECASE)


def is_others(head: str) -> bool:
    """Whether the beginning of a name is another vendor's product."""
    return bool(_OTHERS.search(head))


def same_name(one: str, other: str) -> bool:
    """Whether two names are one but for letter case and joining characters."""
    return bool(one) and slug(one).replace("-", "") == slug(other).replace("-", "")


def slug(name: str) -> str:
    """Return a name as the manifest allows one: lower case, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
