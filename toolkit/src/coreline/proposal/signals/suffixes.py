# SPDX-License-Identifier: Apache-2.0
"""Marks in the names of files: ``sso.ee.ts``, ``backup_ee.go``, ``LICENSE.enterprise``."""

import re
from collections.abc import Iterator

from coreline.proposal.model import DOUBTFUL, NAMED, Clue, Evidence, Example, Signal
from coreline.proposal.survey import Survey
from coreline.proposal.vocabulary import ABOUT, FOREIGN, WORDS, is_others

_MARK = re.compile(
    r"(?P<head>.+)(?P<mark>(?P<join>[._-])(?P<word>ee|enterprise|ent|premium|pro)"
    r"(?P<end>(?:[._-](?:test|spec|stories|module|d))*\.[\w]+))",
    re.IGNORECASE,
)
_LAST = re.compile(r"(?P<head>licen[cs]e|dockerfile)[._-](?P<word>ee|enterprise|premium|pro)", re.I)
# An open stand-in (backup_ce.go) shows that the other name is the wrap's.
_TWINS = ("", "_ce", "_oss", ".ce", "-ce")


def find(survey: Survey) -> Iterator[Clue]:
    """Yield files whose names end in an edition's mark."""
    paths = frozenset(survey.paths)
    for path in survey.paths:
        folder, _, name = path.rpartition("/")
        if FOREIGN & set(folder.split("/")):
            continue
        found = _MARK.fullmatch(name) or _LAST.fullmatch(name)
        if found is None or is_others(found["head"]):
            continue
        clue = _clue(path, found, paths)
        # A changelog entry that ends in "_premium.json" is about it.
        if clue.weight >= NAMED or not ABOUT & set(folder.split("/")):
            yield clue


def _clue(path: str, found: re.Match[str], paths: frozenset[str]) -> Clue:
    word, groups = found["word"].lower(), found.groupdict()
    wrap = "enterprise" if word == "ent" else WORDS[word].wrap
    join, end = groups.get("join") or ".", groups.get("end") or ""
    stem = path[: len(path) - len(join) - len(word) - len(end)]
    twin = next((stem + mark + end for mark in _TWINS if stem + mark + end in paths), None)
    # "ent" and "pro" end ordinary words; "enterprise" may be what the file is about.
    sure = word == "ee" or bool(twin) or bool(_LAST.fullmatch(found.string))
    says = f"a file name marked {join}{word}{end[:1]}"
    if twin:
        says += f", beside {twin.rpartition('/')[2]}"
    return Clue(
        path,
        wrap,
        NAMED if sure else DOUBTFUL,
        Evidence(path, 0, says),
        anywhere=word == "ee",
        assumed=word in ("enterprise", "premium"),
    )


SIGNAL = Signal(
    name="suffixes",
    sentence="A file's name is marked: .ee. or _ee. before its ending, or _enterprise beside an "
    "open twin.",
    example=Example(
        files={
            "cli/sso.ee.ts": "",
            "cli/sso.ts": "",
            "worker/backup_ee.go": "",
            "worker/backup_ce.go": "",
            "LICENSE.enterprise": "",
            "auth/github_enterprise.py": "",
            "web/coffee.ts": "",
        },
        says={
            "cli/sso.ee.ts": "enterprise",
            "worker/backup_ee.go": "enterprise",
            "LICENSE.enterprise": "enterprise",
        },
    ),
    find=find,
)
